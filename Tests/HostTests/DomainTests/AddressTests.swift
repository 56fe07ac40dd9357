import Domain
import Foundation
import TestSupport
import Testing

@Suite("IP addresses and ranges")
struct AddressTests {
    @Test(
        "An address is read and written in its usual form",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("192.0.2.255", "192.0.2.255"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
            ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"),
            ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"),
        ])
    func addresses(text: String, written: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == written)
        #expect(IPAddress(written) == address)
    }

    @Test(
        "What is no address is none",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.4 ", " 1.2.3.4", "1..3.4", "a.b.c.d",
            "+1.2.3.4", "1.2.3.4:80", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::g",
            "::1%lo", "[::1]", "1:2:3:4:5:6:7:8::", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "1::2:", ":1::2", "0x7f.1",
            "1:2:3:4:5:6:7:1.2.3.4", "unknown", "_hidden",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    /// What the system's own reader makes of it.
    private func system(_ text: String) -> IPAddress? {
        var (v4, v6) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, text, &v4) == 1 { return .v4(UInt32(bigEndian: v4.s_addr)) }
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        return .v6(withUnsafeBytes(of: v6) { $0.reduce(0) { $0 << 8 | UInt128($1) } })
    }

    @Test("Random texts are read as the system reads them, and come back as the same address")
    func likeTheSystem() {
        var random = SeededGenerator(seed: 6)
        let pieces = ["0", "1", "255", "ffff", "::", ":", ".", "1.2.3.4", "a", "00ab", "2001", "db8", "7", "300", "g"]
        var valid = 0
        for _ in 0..<60_000 {
            let count = Int.random(in: 1...12, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            #expect(IPAddress(text) == system(text), "\(text)")
            guard let address = IPAddress(text) else { continue }
            valid += 1
            #expect(IPAddress(address.description) == address)
        }
        #expect(valid > 100)
    }

    @Test(
        "A range has the addresses that begin with its bits",
        arguments: [
            ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "::a00:0"]),
            ("192.0.2.7", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]),
            ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1"]),
            ("2001:db8::/32", ["2001:db8::", "2001:db8:ffff::1"], ["2001:db9::", "2001:db7:ffff::"]),
            ("::/0", ["::", "ffff::"], ["1.2.3.4"]), ("::1/128", ["::1"], ["::2", "0.0.0.1"]),
            ("::ffff:192.0.2.0/120", ["192.0.2.0", "192.0.2.255"], ["192.0.3.0", "::c000:200"]),
        ])
    func ranges(text: String, inside: [String], outside: [String]) throws {
        let range = try IPRange(text)
        for text in inside { #expect(range.contains(try #require(IPAddress(text))), "\(text)") }
        for text in outside { #expect(!range.contains(try #require(IPAddress(text))), "\(text)") }
    }

    @Test("An IPv4 address in the form of IPv6 is the IPv4 address, and a range that has them all stays what it is")
    func mapped() throws {
        #expect(try IPRange("::ffff:10.0.0.1").description == "10.0.0.1")
        #expect(try IPRange("::ffff:0:0/96").description == "0.0.0.0/0")
        #expect(try IPRange("::ffff:10.0.0.0/104").description == "10.0.0.0/8")
        #expect(try IPRange("10.0.0.1/32").description == "10.0.0.1")
        #expect(try IPRange("::/1").description == "::/1")
    }

    @Test("A range that cannot be is refused with what to write")
    func refusedRanges() {
        for (text, words) in [
            ("10.0.0.5/8", "Write 10.0.0.0/8 for the whole range or 10.0.0.5 for the one address"),
            ("2001:db8::1/32", "Write 2001:db8::/32"), ("10.0.0.0/33", "0 to 32 bits"), ("::/129", "0 to 128 bits"),
            ("10.0.0.0/", "0 to 32 bits"), ("10.0.0.0/08", "0 to 32 bits"), ("10.0.0.0/255.0.0.0", "0 to 32 bits"),
            ("10.0.0.0/8/8", "0 to 32 bits"), ("example.com", "is no address"), ("", "is no address"),
            ("10.0.0.0-10.0.0.9", "is no address"), ("a\u{1B}[2J", "`a?[2J`"),
        ] {
            let problem = #expect(throws: IPRange.Problem.self) { try IPRange(text) }
            #expect(problem?.description.contains(words) == true, "\(text): \(problem?.description ?? "")")
        }
    }

    @Test("A key is for the addresses of its list; one without a list is for all, and for callers without an address")
    func access() throws {
        let list = KeyAccess(addresses: [try IPRange("10.0.0.0/8"), try IPRange("2001:db8::1")])
        for (text, allowed) in [
            ("10.1.2.3", true), ("::ffff:10.1.2.3", true), ("11.0.0.1", false), ("2001:db8::1", true), ("::1", false),
        ] { #expect(list.allows(IPAddress(text)) == allowed, "\(text)") }
        #expect(!list.allows(nil))
        #expect(KeyAccess.unrestricted.allows(nil) && KeyAccess.unrestricted.allows(IPAddress("192.0.2.1")))
    }

    @Test("A change of access keeps what it does not name; a cap of nothing is none")
    func changes() throws {
        let first = try IPRange("10.0.0.1")
        let second = try IPRange("10.0.0.2")
        let one = try #require(
            KeyAccess.unrestricted.applying(AccessChange(addresses: .allow([first, second, first]))))
        #expect(one.addresses == [first, second])
        let two = try #require(one.applying(AccessChange(addresses: .remove([first]), openTasks: .set(4))))
        #expect(two.addresses == [second] && two.caps.openTasks == 4 && two.caps.dailySpend == nil)
        let three = try #require(two.applying(AccessChange(dailySpend: .set(.most))))
        #expect(three.caps.openTasks == 4 && three.caps.dailySpend == .most && three.addresses == [second])
        #expect(three.applying(AccessChange(addresses: .clear, openTasks: .lift, dailySpend: .lift)) == .unrestricted)
        #expect(three.applying(AccessChange(openTasks: .set(0))) == nil)
        #expect(three.applying(AccessChange(dailySpend: .set(.zero))) == nil)
    }
}
