internal import CLibcurl
internal import Domain
public import ProviderKit

/// HTTP over a socket in the file system: how the command line talks to a host that runs.
public enum UnixSocketHTTP {
    /// Makes one exchange and waits for it, at most `Limits.controlSeconds`. Blocks its thread.
    ///
    /// The host of the request's URL only fills the `Host` header. Without anyone listening at `path` it throws
    /// `.connect`; the message names the path.
    public static func exchange(path: String, request: HTTPRequest) throws(HTTPFailure) -> HTTPResponse {
        guard !path.isEmpty, path.utf8.count <= 107, !path.utf8.contains(0) else {
            throw HTTPFailure(.refused, sent: .no, "The path of the control socket must have 1 to 107 bytes.")
        }
        let checked = try RequestCheck.check(OutboundRequest(request), longest: Limits.controlSeconds)
        guard ExchangeEngine.isLibraryReady, let easy = curl_easy_init() else {
            throw HTTPFailure(.overloaded, sent: .no, "There is no memory for another request.")
        }
        defer { curl_easy_cleanup(easy) }
        let options = TransferOptions(
            addressPolicy: .any, proxies: .none, reusesConnections: false, bodyBytes: Limits.controlResponseBytes,
            unixSocketPath: path)
        let transfer = Transfer(checked, options)
        try transfer.configure(easy)
        curl_set_long(easy, CURLOPT_TIMEOUT_MS, Int(checked.timeoutSeconds * 1000))
        // The transfer's only other reference is the handle's, which libcurl doesn't count.
        return try withExtendedLifetime(transfer) { () throws(HTTPFailure) in
            try transfer.outcome(curl_easy_perform(easy), on: easy).get()
        }
    }
}
