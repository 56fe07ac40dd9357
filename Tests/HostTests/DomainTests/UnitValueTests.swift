import Domain
import TestSupport
import Testing

@Suite("The worth of a provider's own unit")
struct UnitValueTests {
    @Test(
        "An amount of units is worth its product, exact to 10^-9 USD and rounded up beyond",
        arguments: [
            ("0.001", "1", "0.001"), ("0.001", "4.8925", "0.0048925"), ("0.5", "0", "0"), ("1", "2.99", "2.99"),
            ("0.000000003", "0.5", "0.000000002"), ("0.000000000000000001", "1", "0.000000001"),
            ("0.000000000000000001", "1e9", "0.000000001"), ("0.000000000000000001", "1000000001", "0.000000002"),
            ("3", "0.3333333333", "1"), ("3", "0.333333333", "0.999999999"), ("0.001", "-1.5", "-0.0015"),
            ("2.5e-4", "1e3", "0.25"), ("1e3", "0.000001", "0.001"), ("4000000000", "1", "4000000000"),
            // Neither as 64-bit floating-point numbers nor in 64 bits would these be right.
            ("0.123456789012345678", "99999999.999999999", "12345678.901234568"),
            ("0.000000001", "3999999999999999999", "3999999999.999999999"),
            ("0.000000000000000001", "3999999999999999999000000000.000000000000000001", "4000000000"),
        ])
    func product(value: String, units: String, usd: String) throws {
        let value = try #require(UnitValue(decimal: value))
        #expect(value.usd(units) == Money(decimal: usd))
        #expect(value.usd(units) != nil)
    }

    @Test(
        "What leaves the bound of money, or is no number, is worth nothing that can be told",
        arguments: [
            ("1", "4000000000.0000000001"), ("4000000000", "2"), ("0.001", "1e400"), ("1e-18", "1e30"),
            ("0.001", "tokens"), ("0.001", ""), ("0.001", "1,5"), ("0.001", "NaN"), ("0.001", "0x10"),
            ("1e-18", "99999999999999999999999999999999999999999999999999999999999"),
        ])
    func refusedAmounts(value: String, units: String) throws {
        #expect(try #require(UnitValue(decimal: value)).usd(units) == nil)
    }

    @Test(
        "A worth has to be a positive decimal number within the bounds",
        arguments: [
            "0", "0.0", "-1", "-0.001", "", "free", "1e-19", "0.0000000000000000001", "4000000000.0000000001",
            "4000000001", "1e400", "inf", "0x10", "1 USD",
        ])
    func refusedValues(text: String) {
        #expect(UnitValue(decimal: text) == nil)
    }

    @Test("Equal worths are equal however they are written, and are told as text that reads the same")
    func equality() throws {
        let texts = ["0.0005", ".5e-3", "5E-4", "+00.00050", "0.0005000000000000000000000"]
        #expect(Set(texts.compactMap { UnitValue(decimal: $0) }).count == 1)
        #expect(UnitValue(decimal: "1.0") == .usd)
        for text in texts + ["1", "20", "3999999999.5", "1e-18"] {
            let value = try #require(UnitValue(decimal: text))
            #expect(UnitValue(decimal: value.description) == value)
        }
    }

    @Test("A dollar needs no worth and takes none; another unit has the configured one")
    func units() throws {
        let configured = try #require(UnitValue(decimal: "0.25"))
        #expect(UnitValue(ofUnit: "USD", configured: nil) == .usd)
        #expect(UnitValue(ofUnit: "USD", configured: configured) == .usd)
        #expect(UnitValue(ofUnit: "multibot-token", configured: configured) == configured)
        #expect(UnitValue(ofUnit: "multibot-token", configured: nil) == nil)
    }

    @Test("Products agree with 128-bit arithmetic", arguments: 1...20 as ClosedRange<UInt64>)
    func agrees(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let nanos = Int64.random(in: 1...4_000_000_000, using: &random)
            let micros = Int64.random(in: 0...900_000_000_000, using: &random)
            let value = try #require(UnitValue(decimal: "\(nanos)e-9"))
            let exact = Int128(nanos) * Int128(micros)
            let expected = (exact + 999_999) / 1_000_000
            #expect(value.usd("\(micros)e-6")?.nanos == Int64(exactly: expected).flatMap { Money(nanos: $0)?.nanos })
        }
    }
}
