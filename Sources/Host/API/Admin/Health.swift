/// Whether the host can do its work.
public enum Readiness: Sendable, Hashable {
    /// It can.
    case ready
    /// Not now, and why: a sentence for the operator that holds no secret.
    case notReady(String)
}

/// `/healthz` tells that the process runs, `/readyz` whether it can do its work. Both listeners have them.
struct Health: Sendable {
    static let paths = ["/healthz", "/readyz"]
    let readiness: @Sendable () -> Readiness

    /// The answer, or nil when the path is neither of the two.
    func answer(_ request: ServerRequest) -> ServerResponse? {
        let answer: ServerResponse
        switch request.path {
        case "/healthz": answer = ServerResponse(text: "ok\n")
        case "/readyz":
            switch readiness() {
            case .ready: answer = ServerResponse(text: "ready\n")
            case .notReady(let why): answer = ServerResponse(status: 503, text: why + "\n")
            }
        default: return nil
        }
        return request.method == "GET" || request.method == "HEAD" ? answer : .readOnly
    }
}

extension ServerResponse {
    static let readOnly = ServerResponse(status: 405, text: "Use GET or HEAD here.\n")
}
