import Observability

/// The admin listener: metrics and health, nothing that changes anything.
struct AdminResponder: RequestResponder {
    let metrics: MetricsRegistry
    let health: Health

    func respond(to request: ServerRequest) async -> ServerResponse {
        if let answer = health.answer(request) { return answer }
        guard request.path == "/metrics" else {
            return ServerResponse(status: 404, text: "There are /metrics, /healthz and /readyz here.\n")
        }
        guard request.method == "GET" || request.method == "HEAD" else { return .readOnly }
        return ServerResponse(contentType: MetricsRegistry.contentType, bytes: metrics.render())
    }
}
