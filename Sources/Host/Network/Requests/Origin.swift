internal import CLibcurl
public import ProviderKit

/// Scheme, host and port of a URL: what an allowed destination is compared by.
///
/// It is read by the parser that also sends the request, so that a check of the origin and the connection can't
/// understand one URL in two ways.
public struct Origin: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    public let scheme: String
    /// In lower case; an IPv6 address in brackets.
    public let host: String
    /// 1...65535; the scheme's own when the URL names none.
    public let port: Int

    /// The origin of an absolute `http` or `https` URL.
    ///
    /// Throws `.refused` when it isn't one, or has a user name or password in it.
    public init(of url: String) throws(HTTPFailure) {
        self = try ParsedURL(url).origin
    }

    init(scheme: String, host: String, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// `scheme://host`, and the port where it isn't the scheme's own.
    public var description: String {
        port == (scheme == "https" ? 443 : 80) ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }
}

/// A URL in libcurl's own form.
///
/// Not touched after `init` but by the one easy handle that it is given to, which copies it.
final class ParsedURL: @unchecked Sendable {
    let handle: OpaquePointer
    let origin: Origin

    init(_ url: String) throws(HTTPFailure) {
        guard url.utf8.count <= RequestCheck.urlBytes else {
            throw HTTPFailure(.refused, sent: .no, "The URL is longer than \(RequestCheck.urlBytes) bytes.")
        }
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HTTPFailure(.refused, sent: .no, "The URL has a character that must be percent-encoded.")
        }
        guard let handle = curl_url() else {
            throw HTTPFailure(.overloaded, sent: .no, "There is no memory for another request.")
        }
        do throws(HTTPFailure) {
            origin = try Self.parse(url, into: handle)
        } catch {
            curl_url_cleanup(handle)
            throw error
        }
        self.handle = handle
    }

    deinit {
        curl_url_cleanup(handle)
    }

    private static func parse(_ url: String, into handle: OpaquePointer) throws(HTTPFailure) -> Origin {
        switch curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_DISALLOW_USER)) {
        case CURLUE_OK: break
        case CURLUE_USER_NOT_ALLOWED:
            throw HTTPFailure(.refused, sent: .no, "The URL must not have a user name or password in it.")
        case CURLUE_UNSUPPORTED_SCHEME:
            throw HTTPFailure(.refused, sent: .no, "The URL must begin with http:// or https://.")
        default:
            throw HTTPFailure(.refused, sent: .no, "The URL can't be read; give an absolute http or https URL.")
        }
        guard let scheme = part(CURLUPART_SCHEME, of: handle)?.lowercased(), scheme == "http" || scheme == "https",
            // libcurl would forgive one slash or three.
            url.lowercased().hasPrefix(scheme + "://"), !url.dropFirst(scheme.count + 3).hasPrefix("/")
        else { throw HTTPFailure(.refused, sent: .no, "The URL must begin with http:// or https:// and a host.") }
        guard part(CURLUPART_ZONEID, of: handle) == nil else {
            throw HTTPFailure(.refused, sent: .no, "The URL's host must not have a zone.")
        }
        guard let host = part(CURLUPART_HOST, of: handle)?.lowercased(), isHost(host),
            let port = part(CURLUPART_PORT, of: handle).flatMap(Int.init), (1...65_535).contains(port)
        else { throw HTTPFailure(.refused, sent: .no, "The URL's host or port can't be read.") }
        return Origin(scheme: scheme, host: host, port: port)
    }

    /// A name, an IPv4 address or an IPv6 address without a zone. Anything else could change what a log line says.
    private static func isHost(_ host: String) -> Bool {
        if host.hasPrefix("[") && host.hasSuffix("]") {
            return host.dropFirst().dropLast().utf8.allSatisfy { isHex($0) || $0 == UInt8(ascii: ":") || $0 == dot }
        }
        return !host.isEmpty && host.utf8.count <= 253
            && host.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == dot || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }

    private static let dot = UInt8(ascii: ".")

    private static func isHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
