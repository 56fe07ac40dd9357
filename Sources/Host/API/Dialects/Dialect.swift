import Domain

/// The calls of the API, however a dialect names them.
enum APICall: String, Sendable, CaseIterable {
    case createTask, getTaskResult, getBalance
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
    /// Reads the request, does what it asks for and writes the answer.
    func answer(_ call: APICall, to request: ServerRequest) async throws(ClientError) -> ServerResponse
    /// Writes an error that came of a request, also of one that was not read because its address has sent too many: the
    /// status, 429 or another, is the dialect's choice.
    func answer(_ error: ClientError, to request: ServerRequest) -> ServerResponse
    /// Writes an error.
    func answer(_ error: ClientError) -> ServerResponse
}

extension Dialect {
    func answer(_ error: ClientError, to request: ServerRequest) -> ServerResponse { answer(error) }
}
