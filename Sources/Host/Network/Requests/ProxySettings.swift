/// The proxies that an environment names, by the rules that curl follows.
public struct ProxySettings: Sendable {
    private let http: String
    private let https: String
    /// Hosts that are reached directly: names with a comma between them, or `*`.
    let exceptions: String

    /// No proxy at all.
    public static let none = ProxySettings(environment: [:])

    /// Reads `http_proxy` (in lower case only: its capitals are a header of CGI), `https_proxy`, `all_proxy` and
    /// `no_proxy`.
    public init(environment: [String: String]) {
        func value(_ names: String...) -> String {
            names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        }
        http = value("http_proxy", "all_proxy", "ALL_PROXY")
        https = value("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        exceptions = value("no_proxy", "NO_PROXY")
    }

    /// The proxy for URLs of this scheme; empty when there is none.
    func proxy(for scheme: String) -> String { scheme == "https" ? https : http }
}
