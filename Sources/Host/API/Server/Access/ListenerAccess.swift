public import Domain
import NIOCore

/// How a listener finds out where requests come from, and how many it takes of each address.
public struct ListenerAccess: Sendable {
    /// The proxies whose word about the addresses of others is believed.
    public var trustedProxies: [IPRange]
    /// Counts requests by address; nil: they are not counted. Several listeners may share one.
    public var rateLimiter: RateLimiter?

    /// Nobody's word is believed and nothing is counted unless it is given.
    public init(trustedProxies: [IPRange] = [], rateLimiter: RateLimiter? = nil) {
        self.trustedProxies = trustedProxies
        self.rateLimiter = rateLimiter
    }
}

/// The address that a request comes from.
enum CallerAddress {
    /// - Parameters:
    ///   - peer: the other end of the connection; nil when it has no address.
    ///   - forwarded: the values of the header lines `X-Forwarded-For`, read only when a proxy is trusted.
    static func of(peer: IPAddress?, forwarded: () -> [String], trusted: [IPRange]) -> IPAddress? {
        guard !trusted.isEmpty, let peer, trusted.contains(where: { $0.contains(peer) }) else { return peer }
        var caller = peer
        // Each proxy adds the address that it was called from at the end: what stands before the first one that is not
        // trusted is that one's own word.
        for entry in entries(of: forwarded()).prefix(Limits.forwardedAddresses) {
            guard let address = address(in: entry) else { return caller }
            caller = address
            guard trusted.contains(where: { $0.contains(address) }) else { return caller }
        }
        return caller
    }

    /// The entries of all lines, the last one first.
    private static func entries(of lines: [String]) -> some Sequence<Substring> {
        lines.reversed().lazy.flatMap { line in
            line.split(separator: ",", omittingEmptySubsequences: false).reversed()
        }
    }

    /// An address, also one with a port or in brackets: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    static func address(in entry: Substring) -> IPAddress? {
        let text = entry.drop { $0 == " " || $0 == "\t" }
        guard let end = text.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return nil }
        let trimmed = text[...end]
        if trimmed.first == "[" {
            guard let close = trimmed.firstIndex(of: "]"), isPort(trimmed[trimmed.index(after: close)...]) else {
                return nil
            }
            let inner = trimmed[trimmed.index(after: trimmed.startIndex)..<close]
            guard inner.contains(":") else { return nil }
            return IPAddress(inner)?.unmapped
        }
        if let colon = trimmed.firstIndex(of: ":"), trimmed.firstIndex(of: ".").map({ $0 < colon }) ?? false {
            return isPort(trimmed[colon...]) ? IPAddress(trimmed[..<colon]) : nil
        }
        return IPAddress(trimmed)?.unmapped
    }

    /// Whether it is nothing, or a colon and a port.
    private static func isPort(_ text: Substring) -> Bool {
        guard let first = text.first else { return true }
        let digits = text.dropFirst().utf8
        return first == ":" && (1...5).contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension IPAddress {
    /// The address of a connection's other end; nil for a socket file.
    init?(_ address: SocketAddress?) {
        guard let address else { return nil }
        let read = address.withSockAddr { socket, size -> IPAddress? in
            let bytes = UnsafeRawBufferPointer(start: socket, count: size)
            switch address {
            // Family and port come first, 2 bytes each, and in IPv6 the flow, 4 bytes.
            case .v4: return .v4(bytes[4..<8].reduce(0) { $0 << 8 | UInt32($1) })
            case .v6: return .v6(bytes[8..<24].reduce(0) { $0 << 8 | UInt128($1) })
            case .unixDomainSocket: return nil
            }
        }
        guard let read else { return nil }
        self = read.unmapped
    }
}
