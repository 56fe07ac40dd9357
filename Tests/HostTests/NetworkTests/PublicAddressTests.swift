import Domain
import Foundation
import OutboundHTTP
import Testing

@Suite("Public addresses")
struct PublicAddressTests {
    /// Reads an address through the same `sockaddr` bytes that a connection shows.
    private func address(_ text: String) throws -> IPAddress {
        if text.contains(":") {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            try #require(inet_pton(AF_INET6, text, &address.sin6_addr) == 1)
            return try #require(withUnsafeBytes(of: &address) { IPAddress(socketAddress: $0) })
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        try #require(inet_pton(AF_INET, text, &address.sin_addr) == 1)
        return try #require(withUnsafeBytes(of: &address) { IPAddress(socketAddress: $0) })
    }

    @Test(
        "Both ends of every special IPv4 network are not public",
        arguments: [
            "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.0",
            "127.0.0.1", "127.255.255.255", "168.63.129.16", "169.254.0.0", "169.254.169.254", "169.254.255.255",
            "172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.192", "192.0.0.255", "192.0.2.0", "192.0.2.255",
            "192.88.99.0", "192.88.99.255", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255",
            "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0", "239.255.255.255",
            "240.0.0.0", "255.255.255.254", "255.255.255.255",
        ])
    func specialIPv4(text: String) throws {
        #expect(try !address(text).isPublic)
        // As an IPv6 socket, a translator or an old tunnel would write them.
        #expect(try !address("::ffff:\(text)").isPublic)
        #expect(try !address("64:ff9b::\(text)").isPublic)
        #expect(try !address("::\(text)").isPublic)
        #expect(try !address("::ffff:0:\(text)").isPublic)
    }

    @Test(
        "The neighbours of every special IPv4 network are public",
        arguments: [
            "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
            "191.255.255.255", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255",
            "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0", "203.0.112.255",
            "203.0.114.0", "223.255.255.255", "8.8.8.8",
        ])
    func publicIPv4(text: String) throws {
        #expect(try address(text).isPublic)
        #expect(try address("::ffff:\(text)").isPublic)
        #expect(try address("64:ff9b::\(text)").isPublic)
    }

    @Test(
        "Special IPv6 addresses are not public",
        arguments: [
            "::", "::1", "::2", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9a::808:808", "64:ff9b:0:0:0:1:808:808",
            "64:ff9b:1::808:808", "64:ff9b:1:ffff::1", "100::", "100::1", "100:0:0:1::", "1fff:ffff::", "2001::",
            "2001:0:808:808::1", "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff:ffff::1", "2001:db8::",
            "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2002::", "2002:808:808::1", "2002:ffff:ffff::1", "3fff::",
            "3fff:fff:ffff::1", "4000::", "5f00::1", "8000::1", "fc00::", "fd00:ec2::254", "fdff:ffff::1", "fe80::1",
            "febf:ffff::1", "fec0::1", "feff::1", "ff00::", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ])
    func specialIPv6(text: String) throws {
        #expect(try !address(text).isPublic)
    }

    @Test(
        "Global unicast addresses are public",
        arguments: [
            "2000::1", "2001:200::1", "2001:4860:4860::8888", "2001:db7:ffff::1", "2001:db9::1", "2001:ffff::1",
            "2003::1", "2606:4700:4700::1111", "2a00:1450:4001::1", "3ffe::1", "3fff:1000::1",
        ])
    func publicIPv6(text: String) throws {
        #expect(try address(text).isPublic)
    }

    @Test("Other families and addresses that are cut short can't be read")
    func unreadable() {
        for bytes in [[], [2], [2, 0, 0, 80, 8, 8, 8], [10, 0] + [UInt8](repeating: 0x20, count: 20), [1, 0, 47, 0]] {
            #expect(bytes.withUnsafeBytes { IPAddress(socketAddress: $0) } == nil)
        }
    }

    @Test("The public policy is that table")
    func policy() {
        #expect(AddressPolicy.publicOnly.allows(.v4(0x0808_0808)))
        #expect(!AddressPolicy.publicOnly.allows(.v4(0x7F00_0001)))
        #expect(AddressPolicy.any.allows(.v4(0x7F00_0001)))
    }
}
