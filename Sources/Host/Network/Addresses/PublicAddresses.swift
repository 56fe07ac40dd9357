public import Domain

/// Which addresses are public: those that anyone on the Internet could reach by the same number, and that lead to no
/// machine of the operator's and to no tunnel into one.
///
/// The tables follow IANA's special-purpose registries. What is in doubt is not public.
extension IPAddress {
    /// Whether a connection to this address leaves for the public Internet.
    public var isPublic: Bool {
        switch self {
        case .v4(let address):
            return !Self.specialIPv4.contains { $0.contains(address) }
        case .v6(let address):
            // These two carry an IPv4 address, which is where the packets go.
            if Self.mappedIPv4.contains(address) || Self.translatedIPv4.contains(address) {
                return IPAddress.v4(UInt32(truncatingIfNeeded: address)).isPublic
            }
            return Self.globalUnicast.contains(address) && !Self.specialIPv6.contains { $0.contains(address) }
        }
    }

    private static let specialIPv4: [IPv4Network] = [
        IPv4Network(0, 0, 0, 0, length: 8),  // this network
        IPv4Network(10, 0, 0, 0, length: 8),  // private
        IPv4Network(100, 64, 0, 0, length: 10),  // shared by a carrier's customers
        IPv4Network(127, 0, 0, 0, length: 8),  // loopback
        IPv4Network(168, 63, 129, 16, length: 32),  // a cloud's own services, seen from its machines
        IPv4Network(169, 254, 0, 0, length: 16),  // link-local, instance metadata
        IPv4Network(172, 16, 0, 0, length: 12),  // private
        IPv4Network(192, 0, 0, 0, length: 24),  // protocol assignments
        IPv4Network(192, 0, 2, 0, length: 24),  // documentation
        IPv4Network(192, 88, 99, 0, length: 24),  // relays of 6to4
        IPv4Network(192, 168, 0, 0, length: 16),  // private
        IPv4Network(198, 18, 0, 0, length: 15),  // benchmarking
        IPv4Network(198, 51, 100, 0, length: 24),  // documentation
        IPv4Network(203, 0, 113, 0, length: 24),  // documentation
        IPv4Network(224, 0, 0, 0, length: 4),  // multicast
        IPv4Network(240, 0, 0, 0, length: 4),  // reserved, broadcast
    ]

    /// ::ffff:0:0/96, an IPv4 address as an IPv6 socket sees it.
    private static let mappedIPv4 = IPv6Network(0, 0, 0, 0, 0, 0xFFFF, length: 96)
    /// 64:ff9b::/96, an IPv4 address behind a translator that serves the whole Internet.
    private static let translatedIPv4 = IPv6Network(0x64, 0xFF9B, length: 96)
    /// 2000::/3. Outside it are the unspecified address, loopback, IPv4-compatible addresses (::/96), local translators
    /// (64:ff9b:1::/48), discard-only (100::/64), segment identifiers (5f00::/16), unique local (fc00::/7), link-local
    /// (fe80::/10), site-local (fec0::/10), multicast (ff00::/8) and what is not assigned.
    private static let globalUnicast = IPv6Network(0x2000, length: 3)

    private static let specialIPv6: [IPv6Network] = [
        IPv6Network(0x2001, 0, length: 23),  // protocol assignments: Teredo, ORCHID, benchmarking
        IPv6Network(0x2001, 0xDB8, length: 32),  // documentation
        IPv6Network(0x2002, length: 16),  // 6to4
        IPv6Network(0x3FFF, length: 20),  // documentation
    ]
}

private struct IPv4Network: Sendable {
    let prefix: UInt32
    let mask: UInt32

    init(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8, length: Int) {
        mask = ~UInt32(0) << (32 - length)
        prefix = [first, second, third, fourth].reduce(0) { $0 << 8 | UInt32($1) } & mask
    }

    func contains(_ address: UInt32) -> Bool { address & mask == prefix }
}

private struct IPv6Network: Sendable {
    let prefix: UInt128
    let mask: UInt128

    /// The leading groups of the address; the others are zero.
    init(_ groups: UInt16..., length: Int) {
        mask = ~UInt128(0) << (128 - length)
        let leading = groups.prefix(8)
        let value = leading.reduce(0) { $0 << 16 | UInt128($1) }
        prefix = value << (16 * (8 - leading.count)) & mask
    }

    func contains(_ address: UInt128) -> Bool { address & mask == prefix }
}
