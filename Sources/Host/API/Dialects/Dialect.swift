import Domain

/// The calls of the API, however a dialect names them.
enum APICall: String, Sendable, CaseIterable {
    case createTask, getTaskResult, getBalance, reportTask, queueFigures, accountFigures
    case taskRoute
    case recycledKeys, submitRecycledKey, recycledKey, removeRecycledKey, checkRecycledKey
    case transactions, usage
    /// What is no call at all, such as an unknown path.
    case other
}

/// One wire shape of the API: it reads requests, has the use cases do the work, and writes answers and errors.
protocol Dialect: Sendable {
    /// The call that a normalised path means with a method, which may not be known yet; nil when it is no path of this
    /// dialect.
    func call(_ method: String?, at path: String) -> APICall?
    /// Reads the request, does what it asks for and writes the answer, or what went wrong.
    func respond(to request: ServerRequest, _ call: APICall) async -> DialectAnswer
    /// Writes an error to a request that is not read, because its address has sent too many or it is not complete: the
    /// status, 429 or another, is the dialect's choice.
    func answer(_ error: ClientError, to request: ServerRequest) -> ServerResponse
}

/// What a request is answered with, and what is counted of it.
struct DialectAnswer: Sendable {
    /// What the request turned out to ask for.
    let call: APICall
    let response: ServerResponse
    /// Nil for a success.
    let error: ClientError?

    init(_ call: APICall, _ response: ServerResponse, _ error: ClientError? = nil) {
        self.call = call
        self.response = response
        self.error = error
    }
}

/// A dialect in which an error looks the same whatever the request was like.
protocol UniformDialect: Dialect {
    /// Reads the request, does what it asks for and writes the answer.
    func answer(_ call: APICall, to request: ServerRequest) async throws(ClientError) -> ServerResponse
    /// Writes an error.
    func answer(_ error: ClientError) -> ServerResponse
}

extension UniformDialect {
    func answer(_ error: ClientError, to request: ServerRequest) -> ServerResponse { answer(error) }

    func respond(to request: ServerRequest, _ call: APICall) async -> DialectAnswer {
        do {
            return DialectAnswer(call, try await answer(call, to: request))
        } catch {
            return DialectAnswer(call, answer(error, to: request), error)
        }
    }
}
