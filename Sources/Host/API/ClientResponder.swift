import Domain
import Logging
import Observability

/// The listener for clients: finds the dialect of a request, and counts what comes of it.
struct ClientResponder: RequestResponder {
    /// What most requests speak, and in which is answered what belongs to no dialect.
    let dialect: TaskCallDialect
    let otherDialects: [any Dialect]
    let documents = PublicDocuments.shared
    let health: Health
    let metrics: RequestMetrics
    let logger: Logger

    func respond(to request: ServerRequest) async -> ServerResponse {
        guard let (dialect, call) = dialect(of: request.method, at: request.path) else {
            return documents.answer(request) ?? health.answer(request)
                ?? refuse(ClientError(.noSuchMethod), request)
        }
        let start = ContinuousClock.now
        let answer = await dialect.respond(to: request, call)
        metrics.count(answer.call, answer.error, took: .now - start)
        if answer.error?.code == .internalError {
            logger.error("A request failed for a reason inside the host.", metadata: ["call": "\(answer.call)"])
        }
        return answer.response
    }

    /// The request's dialect decides how it says so: some have a status for it, others have nothing but 200.
    func refuse(_ error: ClientError, _ request: ServerRequest?) -> ServerResponse {
        guard let request else {
            metrics.count(.other, error, took: nil)
            return dialect.answer(error)
        }
        // Whoever looks after the host reads the status.
        if Health.paths.contains(request.path) {
            return ServerResponse(status: error.code.httpStatus, text: error.description + "\n")
        }
        let (dialect, call) = dialect(of: request.method, at: request.path) ?? (self.dialect, .other)
        metrics.count(call, error, took: nil)
        return dialect.answer(error, to: request)
    }

    /// Whose path it is, and the call that it means there.
    private func dialect(of method: String?, at path: String) -> (any Dialect, APICall)? {
        if let call = dialect.call(method, at: path) { return (dialect, call) }
        for other in otherDialects {
            if let call = other.call(method, at: path) { return (other, call) }
        }
        return nil
    }
}
