public import Domain

/// What a certificate is for: a name of the DNS, or an address.
public enum CertificateName: Sendable, Hashable, CustomStringConvertible {
    /// In lower case; `*.` at its beginning stands for any one name in that place.
    case dns(String)
    case address(IPAddress)

    /// Reads an address or a name of letters, digits, hyphens, underscores and dots; nil for anything else. A dot at
    /// the end, which names the same host, is dropped: no client compares it.
    public init?(_ text: String) {
        if let address = IPAddress(text) {
            self = .address(address.unmapped)
            return
        }
        var name = text.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        var labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if labels.count > 2, labels.first == "*" { labels.removeFirst() }
        // A name whose last part is a number is an address that was not written well.
        guard name.utf8.count <= 253, let last = labels.last, !last.utf8.allSatisfy(CertificateName.isDigit),
            labels.allSatisfy(CertificateName.isLabel)
        else { return nil }
        self = .dns(name)
    }

    public var description: String {
        switch self {
        case .dns(let name): name
        case .address(let address): address.description
        }
    }

    /// As libcrypto reads it in a list of alternative names.
    var alternativeName: String {
        switch self {
        case .dns(let name): "DNS:\(name)"
        case .address(let address): "IP:\(address)"
        }
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy { isDigit($0) || (0x61...0x7A).contains($0) || isJoiner($0) }
    }

    private static func isJoiner(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
