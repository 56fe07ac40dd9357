/// A shape of requests and answers that clients were written for. Clients of different services contradict each other
/// in it, so that no shape serves all of them.
public enum ClientDialect: String, Sendable, Hashable, CaseIterable {
    /// The service's own, with HTTP statuses.
    case ucaptcha
    case anticaptcha
    case capsolver
    case capmonster
    case twoCaptcha = "2captcha"

    /// Reads a name in any case of letters; nil for one that is none.
    public init?(anyCase name: String) {
        guard let dialect = ClientDialect.allCases.first(where: { $0.rawValue == name.lowercased() }) else {
            return nil
        }
        self = dialect
    }
}

/// Which dialect is spoken where neither the path nor the key says it.
public struct DialectRules: Sendable, Hashable {
    /// What the remaining requests speak; nil: each task shows it.
    public var root: ClientDialect?
    /// By the name in the header `Host`, in lower case and without a port.
    public var hosts: [String: ClientDialect]

    public init(root: ClientDialect? = nil, hosts: [String: ClientDialect] = [:]) {
        self.root = root
        self.hosts = hosts
    }

    /// The dialect of a request with this header `Host`; nil: each task shows it.
    public func dialect(ofHost header: @autoclosure () -> String?) -> ClientDialect? {
        guard !hosts.isEmpty, let header = header() else { return root }
        return hosts[DialectRules.name(inHost: header)] ?? root
    }

    /// The name in a header `Host`: without the port, without the dot at the end, in lower case.
    public static func name(inHost header: String) -> String {
        let trimmed = header.lowercased().trimming { $0 == " " || $0 == "\t" }
        var name = trimmed
        if trimmed.hasPrefix("[") {
            name = trimmed.firstIndex(of: "]").map { trimmed[...$0] } ?? trimmed
        } else if let colon = trimmed.firstIndex(of: ":") {
            name = trimmed[..<colon]
        }
        if name.hasSuffix(".") { name = name.dropLast() }
        return String(name)
    }
}

extension String {
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> Substring {
        var text = drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
