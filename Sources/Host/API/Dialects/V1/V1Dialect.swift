import Domain
import ProviderKit
import Tasks

/// The dialect for looking after an account, under `/v1`: resources by path and method, the key in the header
/// `Authorization: Bearer`, and errors under their documented HTTP statuses.
///
/// What all calls have in common is here, the calls themselves are `V1Endpoint.all`.
struct V1Dialect: UniformDialect {
    let useCases: ClientUseCases
    let ids: any TaskIDCipher

    func call(_ method: String?, at path: String) -> APICall? {
        V1Path.segments(of: path).map { segments in
            let here = V1Endpoint.all.filter { $0.path.matches(segments) }
            return (here.first { $0.method == method.map(V1Dialect.read) } ?? here.first)?.call ?? .other
        }
    }

    /// Whoever reads HEAD's answer gets the head of GET's.
    private static func read(_ method: String) -> String { method == "HEAD" ? "GET" : method }

    func answer(_ call: APICall, to request: ServerRequest) async throws(ClientError) -> ServerResponse {
        let segments = V1Path.segments(of: request.path) ?? []
        let here = endpoints(at: segments)
        guard !here.isEmpty else { throw ClientError(.noSuchMethod) }
        guard let endpoint = here.first(where: { $0.method == V1Dialect.read(request.method) }) else {
            let methods = here.map(\.method).joined(separator: " or ")
            throw ClientError(.methodNotAllowed, "This call needs another HTTP method. Use \(methods).")
        }
        let holder = try await authenticate(request, for: endpoint.scope)
        let answer = try await endpoint.answer(
            V1Request(
                gaps: endpoint.path.parameters(in: segments), endpoint: endpoint,
                query: try QueryParameters(request.query, names: endpoint.query.map(\.name)), message: request,
                holder: holder, useCases: useCases, ids: ids))
        return answer.response
    }

    private func endpoints(at segments: [String]) -> [V1Endpoint] {
        V1Endpoint.all.filter { $0.path.matches(segments) }
    }

    /// As for all errors; one about the method tells which there are.
    func answer(_ error: ClientError, to request: ServerRequest) -> ServerResponse {
        var response = answer(error)
        if error.code == .methodNotAllowed {
            let methods = endpoints(at: V1Path.segments(of: request.path) ?? []).map(\.method)
            response.allowedMethods = methods.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
        }
        return response
    }

    /// The same body as at the root, under the error's own status.
    func answer(_ error: ClientError) -> ServerResponse {
        var response = TaskAnswers.automatic.failure(error)
        response.status = error.code.httpStatus
        if let seconds = error.retryAfterSeconds { response.headers.append(("retry-after", String(seconds))) }
        return response
    }

    private func authenticate(_ request: ServerRequest, for scope: APIKey.Scope) async throws(ClientError) -> KeyHolder
    {
        guard let key = request.bearer else {
            throw ClientError(
                .keyDoesNotExist, field: "Authorization", "The header is missing. Send `Bearer` and an API key.")
        }
        do {
            return try await useCases.tasks.authenticate(key, for: scope, from: request.address)
        } catch {
            switch error.code {
            case .keyDoesNotExist:
                throw ClientError(
                    .keyDoesNotExist, field: "Authorization",
                    "This API key is not known here. Check it: `ucap_` and 32 letters and digits.")
            case .keyNotPermitted:
                throw ClientError(
                    .keyNotPermitted,
                    "This API key lacks the scope `\(scope.rawValue)`. Use another key of the account.")
            default: throw error
            }
        }
    }
}
