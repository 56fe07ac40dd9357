/// A provider behind a plug-in: a translator between the host's vocabulary and one provider's API.
///
/// The host makes one instance for each `adapters.<name>` that its configuration enables and keeps it until the process
/// ends. It calls the operations of the protocols below that the type conforms to, many at once. An adapter is
/// single-shot: it submits once, polls once. When to poll, to retry, to try another provider and to give up is the
/// host's to decide.
///
/// An operation returns its result or throws a `Fault`. An `HTTPFailure` that it lets pass counts as a fault of kind
/// `transport`, any other error as `protocolError`. It must not block its thread: wait with `await`, compute on threads
/// of your own. When the surrounding `Task` is cancelled nobody waits for the answer any more.
public protocol ProviderAdapter: Sendable {
    /// What the adapter says of itself.
    static var manifest: Manifest { get }

    /// Makes an instance. Opens no connection and starts no work.
    ///
    /// - Throws: any error whose description is a sentence for the operator, when the settings make no sense.
    init(settings: AdapterSettings) throws
}

/// What the operator has configured for one instance.
public struct AdapterSettings: Sendable, Hashable {
    /// The name of the instance: `adapters.<name>`.
    public var name: String
    /// Where the provider is, without a trailing slash, when the operator names another place than the usual one.
    public var endpoint: String?

    public init(name: String, endpoint: String? = nil) {
        self.name = name
        self.endpoint = endpoint
    }
}

/// Finds out whether a key is good.
public protocol KeyValidating: ProviderAdapter {
    /// Returns when the provider knows the key and lets it work. Throws `invalidKey` or `keyDisabled` only on the
    /// provider's own clear word; every other fault says that nothing is known about the key.
    func validate(_ credential: Credential, call: any Call) async throws -> ValidKey
}

/// Reads what is left on a key.
public protocol BalanceReading: ProviderAdapter {
    func balance(of credential: Credential, call: any Call) async throws -> Balance
}

/// Has tasks solved.
public protocol TaskSolving: ProviderAdapter {
    /// Hands the task to the provider, once.
    func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult

    /// Asks once for the result of a task that `submit` left pending.
    func poll(_ ticket: Ticket, call: any Call) async throws -> PollResult
}

extension TaskSolving {
    /// For adapters whose `submit` always brings the solution: no task is ever pending.
    public func poll(_ ticket: Ticket, call: any Call) async throws -> PollResult {
        throw Fault(.taskNotFound, "This adapter leaves no task pending.")
    }
}

/// Tells the provider what became of a solution.
public protocol FeedbackReporting: ProviderAdapter {
    func report(_ ticket: Ticket, accepted: Bool, call: any Call) async throws
}

/// What the host lends to one running operation.
public protocol Call: Sendable {
    /// Sends a request and returns the response, whatever its status.
    ///
    /// - Throws: `HTTPFailure`.
    func http(_ request: HTTPRequest) async throws -> HTTPResponse

    /// Waits. Returns early, without throwing, when the call has ended.
    func sleep(seconds: Double) async

    /// Seconds on a clock that never goes back; for measuring.
    var monotonicSeconds: Double { get }

    /// Wall time in milliseconds since 1970.
    var unixMilliseconds: Int64 { get }

    /// Writes a line to the host's log.
    func log(_ level: LogLevel, _ message: String)
}

public enum LogLevel: Int32, Sendable, Hashable, CaseIterable {
    case debug, info, warning, error
}
