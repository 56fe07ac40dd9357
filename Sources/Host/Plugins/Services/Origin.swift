/// Scheme, host and port of a URL: what decides whether an adapter may reach it.
///
/// The reader is strict rather than clever. A URL that two readers could take for different hosts has no origin here.
struct Origin: Sendable, Hashable {
    let scheme: String
    /// Lower-case; an IPv6 address in its brackets.
    let host: String
    let port: UInt16

    /// The origin of an absolute URL; nil for one with user information, white space, a backslash, a fragment,
    /// characters beyond ASCII, or anything else that is unusual before the path.
    init?(url: String) {
        let utf8 = Array(url.utf8)
        guard utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C && $0 != 0x23 }),
            let colon = utf8.firstIndex(of: 0x3A), utf8[colon...].starts(with: "://".utf8)
        else { return nil }
        let authority = utf8[(colon + 3)...].prefix { $0 != 0x2F && $0 != 0x3F }
        self.init(scheme: utf8[..<colon], authority: authority)
    }

    /// An origin as a manifest declares it: without path, query or more than a slash at the end.
    init?(declared text: String) {
        self.init(url: text)
        let afterScheme = text.utf8.drop { $0 != 0x3A }.dropFirst(3)
        let rest = afterScheme.drop { $0 != 0x2F && $0 != 0x3F }
        guard rest.isEmpty || rest.elementsEqual("/".utf8) else { return nil }
    }

    private init?(scheme: ArraySlice<UInt8>, authority: ArraySlice<UInt8>) {
        self.scheme = String(decoding: scheme, as: UTF8.self).lowercased()
        let defaultPort: UInt16
        switch self.scheme {
        case "https": defaultPort = 443
        case "http": defaultPort = 80
        default: return nil
        }
        let hostEnd: Int
        if authority.first == 0x5B {
            guard let bracket = authority.firstIndex(of: 0x5D) else { return nil }
            hostEnd = bracket + 1
            let inside = authority[(authority.startIndex + 1)..<bracket]
            guard !inside.isEmpty, inside.allSatisfy({ Origin.isHexDigit($0) || $0 == 0x3A || $0 == 0x2E }) else {
                return nil
            }
        } else {
            hostEnd = authority.firstIndex(of: 0x3A) ?? authority.endIndex
            let name = authority[authority.startIndex..<hostEnd]
            guard !name.isEmpty, name.allSatisfy(Origin.isNameCharacter) else { return nil }
        }
        host = String(decoding: authority[authority.startIndex..<hostEnd], as: UTF8.self).lowercased()
        let rest = authority[hostEnd...]
        if rest.isEmpty {
            port = defaultPort
        } else {
            let digits = rest.dropFirst()
            guard rest.first == 0x3A, (1...5).contains(digits.count),
                digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = UInt16(String(decoding: digits, as: UTF8.self)), number > 0
            else { return nil }
            port = number
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
            || byte == 0x2E
    }
}
