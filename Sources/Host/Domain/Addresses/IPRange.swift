/// One address, or all addresses that begin with the same bits.
public struct IPRange: Sendable, Hashable, CustomStringConvertible {
    /// The first address.
    public let address: IPAddress
    /// How many bits the others have in common with it: 0...`address.bits`.
    public let length: Int

    /// A single address.
    public init(_ address: IPAddress) {
        self.init(address: address.unmapped, length: address.unmapped.bits)
    }

    private init(address: IPAddress, length: Int) {
        self.address = address
        self.length = length
    }

    /// Reads a single address, or a range as `192.0.2.0/24` or `2001:db8::/32`. What is written for IPv4 in the form of
    /// IPv6 (`::ffff:192.0.2.0/120`) is the range of IPv4.
    ///
    /// - Throws: `Problem`, also for a range whose address has bits beyond its length: such text is more often a
    ///   mistake in one of its two parts than the range that would come of it.
    public init(_ text: some StringProtocol) throws(Problem) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { throw Problem(text, .noAddress) }
        guard parts.count == 2 else {
            self.init(address)
            return
        }
        guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            parts[1].utf8.count == 1 || parts[1].first != "0", let length = Int(parts[1]), length <= address.bits
        else { throw Problem(text, .noLength(address.bits)) }
        let network = address.prefix(length)
        guard network == address else { throw Problem(text, .bitsBeyond("\(network)/\(length)", "\(address)")) }
        if address.unmapped != address, length >= 96 {
            self.init(address: address.unmapped, length: length - 96)
        } else {
            self.init(address: address, length: length)
        }
    }

    /// Whether the address is in the range. Addresses of IPv4 are in no range of IPv6.
    public func contains(_ other: IPAddress) -> Bool {
        switch (address, other) {
        case (.v4(let mine), .v4(let other)): other & (~0 << (32 - length)) == mine
        case (.v6(let mine), .v6(let other)): other & (~0 << (128 - length)) == mine
        default: false
        }
    }

    public var description: String { length == address.bits ? "\(address)" : "\(address)/\(length)" }

    /// Why a text is no range.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        enum Kind: Sendable, Hashable {
            case noAddress, noLength(Int), bitsBeyond(String, String)
        }

        /// A sentence that says what to do.
        public let description: String

        init(_ text: some StringProtocol, _ kind: Kind) {
            let shown = text.unicodeScalars.prefix(60).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
            description =
                switch kind {
                case .noAddress:
                    "`\(shown.joined())` is no address. Write one such as 192.0.2.7 or 2001:db8::7, or a range such as "
                        + "192.0.2.0/24."
                case .noLength(let bits):
                    "`\(shown.joined())` does not end in a length of 0 to \(bits) bits. Write a range such as "
                        + "192.0.2.0/24."
                case .bitsBeyond(let range, let address):
                    "`\(shown.joined())` has bits beyond its length. Write \(range) for the whole range or \(address) "
                        + "for the one address."
                }
        }
    }
}
