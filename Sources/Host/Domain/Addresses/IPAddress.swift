/// An IPv4 or IPv6 address as a number, most significant byte first.
public enum IPAddress: Sendable, Hashable {
    case v4(UInt32)
    case v6(UInt128)

    /// The address that is meant: an IPv4 address that came in the clothes of IPv6 (`::ffff:192.0.2.1`, as a socket for
    /// both shows it) is the IPv4 address.
    public var unmapped: IPAddress {
        guard case .v6(let number) = self, number >> 32 == 0xFFFF else { return self }
        return .v4(UInt32(truncatingIfNeeded: number))
    }

    /// Bits of an address of this kind: 32 or 128.
    public var bits: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// The address with all but its first bits set to zero.
    ///
    /// - Parameter length: how many of them are kept: 0...`bits`.
    public func prefix(_ length: Int) -> IPAddress {
        switch self {
        case .v4(let number): .v4(number & (~0 << (32 - length)))
        case .v6(let number): .v6(number & (~0 << (128 - length)))
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// Reads `192.0.2.1` or `2001:db8::1`, also with an IPv4 address at its end. Nil for anything else, such as numbers
    /// with leading zeros, which some programs take for octal, brackets, ports and zones.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45 else { return nil }
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let number = IPAddress.readV6(Array(text.utf8)) else { return nil }
            self = .v6(number)
        } else {
            guard let number = IPAddress.readV4(Array(text.utf8)[...]) else { return nil }
            self = .v4(number)
        }
    }

    /// The address as it is usually written, in lower case and with the longest run of zeros left out.
    public var description: String {
        switch self {
        case .v4(let number): return IPAddress.text(ofV4: number)
        case .v6(let number):
            if number >> 32 == 0xFFFF { return "::ffff:" + IPAddress.text(ofV4: UInt32(truncatingIfNeeded: number)) }
            let groups = (0..<8).map { UInt16(truncatingIfNeeded: number >> (16 * (7 - $0))) }
            let zeros = IPAddress.longestRunOfZeros(groups)
            let hex = { (groups: ArraySlice<UInt16>) in groups.map { String($0, radix: 16) }.joined(separator: ":") }
            guard zeros.count > 1 else { return hex(groups[...]) }
            return hex(groups[..<zeros.lowerBound]) + "::" + hex(groups[zeros.upperBound...])
        }
    }

    private static func text(ofV4 number: UInt32) -> String {
        "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
    }

    private static func longestRunOfZeros(_ groups: [UInt16]) -> Range<Int> {
        var (longest, start) = (0..<0, 0)
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > longest.count { longest = start..<index }
            start = index + 1
        }
        return longest
    }

    private static func readV4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
                part.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            let value = part.reduce(0) { $0 * 10 + UInt32($1 - 0x30) }
            guard value <= 255 else { return nil }
            number = number << 8 | value
        }
        return number
    }

    private static func readV6(_ text: [UInt8]) -> UInt128? {
        let colon = UInt8(ascii: ":")
        // The two colons that stand for zeros, of which there may be one pair.
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let gap else {
            guard let groups = groups(text[...]), groups.count == 8 else { return nil }
            return number(groups)
        }
        guard let front = groups(text[..<gap], mayHaveV4: false), let back = groups(text[(gap + 2)...]),
            front.count + back.count < 8
        else { return nil }
        return number(front + Array(repeating: 0, count: 8 - front.count - back.count) + back)
    }

    private static func number(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }

    /// The groups of a part without a gap; the last may be an IPv4 address, which is two.
    private static func groups(_ text: ArraySlice<UInt8>, mayHaveV4: Bool = true) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayHaveV4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let v4 = readV4(part) else { return nil }
                groups += [UInt16(v4 >> 16), UInt16(truncatingIfNeeded: v4)]
                continue
            }
            guard (1...4).contains(part.count), part.allSatisfy(isHexadecimal),
                let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
}
