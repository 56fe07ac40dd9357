/// A proxy that is written as one text: `type://user:password@host:port`, `type:host:port:user:password`, and each of
/// them without the type or without the user.
struct ProxyText: Sendable, Hashable {
    /// Nil when the text names none.
    var type: String?
    var host = ""
    var port: Int64 = 0
    /// Empty when there is none, as the password.
    var login = ""
    var password = ""

    /// Nil when the text is of neither form. The parts are not checked further.
    init?(_ text: String) {
        var rest = text[...]
        var isAddress = false
        if let colon = rest.utf8.firstIndex(of: 0x3A), let type = ProxyText.type(String(rest[..<colon])) {
            self.type = type
            rest = rest[rest.utf8.index(after: colon)...]
            if rest.hasPrefix("//") {
                isAddress = true
                rest = rest.dropFirst(2)
                if rest.hasSuffix("/") { rest = rest.dropLast() }
            }
        }
        if let at = rest.utf8.lastIndex(of: 0x40) {
            let user = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            login = ProxyText.decoded(user[0], isAddress)
            password = user.count > 1 ? ProxyText.decoded(user[1], isAddress) : ""
            rest = rest[rest.utf8.index(after: at)...]
            guard takeHost(&rest), rest.isEmpty else { return nil }
        } else {
            guard takeHost(&rest) else { return nil }
            let user = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            login = user.first.map(String.init) ?? ""
            password = user.count > 1 ? String(user[1]) : ""
        }
    }

    /// The type in the canonical spelling; nil for one that is not known.
    static func type(_ text: String) -> String? {
        switch text.asciiLowercasedTrimmed {
        case "http": "http"
        case "https": "https"
        case "socks4", "socks4a": "socks4"
        case "socks5", "socks5h": "socks5"
        default: nil
        }
    }

    /// Takes `host:port` from the beginning, and a colon behind it.
    private mutating func takeHost(_ rest: inout Substring) -> Bool {
        if rest.hasPrefix("[") {
            guard let end = rest.utf8.firstIndex(of: UInt8(ascii: "]")) else { return false }
            host = String(rest[...end])
            rest = rest[rest.utf8.index(after: end)...]
        } else {
            host = String(rest.prefix { $0 != ":" })
            rest = rest.dropFirst(host.count)
        }
        guard !host.isEmpty, rest.popFirst() == ":" else { return false }
        let digits = rest.prefix { $0 != ":" }
        guard let port = Int64(digits), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        self.port = port
        rest = rest.dropFirst(digits.count).dropFirst()
        return true
    }

    /// In an address, characters with a meaning of their own are written as `%40`. A text in which a percent sign is
    /// anything else is taken as it stands: people paste passwords into addresses.
    private static func decoded(_ text: Substring, _ isAddress: Bool) -> String {
        guard isAddress, text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(Substring(digits)), radix: 16)
            else { return String(text) }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self) ?? String(text)
    }
}
