public import Domain
public import ProviderKit

/// What a client of the API can ask for, whatever dialect it speaks: the use cases, without any wire shape.
public protocol ClientService: Sendable {
    /// The key behind a text, if it may do this.
    ///
    /// - Parameter address: where the request comes from; nil when the caller has no address, such as on a socket file.
    ///   Keys for certain addresses are then refused.
    /// - Throws: `keyDoesNotExist`, `ipNotAllowed`, `keyNotPermitted`, `accountSuspended`, or what the store's
    ///   failures become.
    func authenticate(
        _ key: String, for scope: APIKey.Scope, from address: IPAddress?
    ) async throws(ClientError) -> KeyHolder

    /// Checks and accepts a task. When this returns, the task is durable and its price is reserved.
    ///
    /// - Throws: besides what is wrong with the task, `badParameters` for the field `provider` when there is no such
    ///   provider or it does not take tasks of this family, and for the field `Idempotency-Key` when the text is empty
    ///   or too long, and for the callback's field when that cannot be used; `idempotencyKeyReused` when the key came
    ///   with another request (`IdempotencyKey.request`) before.
    func createTask(_ request: CreateRequest, by holder: KeyHolder) async throws(ClientError) -> TaskID

    /// A task of the holder's account.
    ///
    /// - Parameter holder: nil for whoever it is, where the ID came in a form that nobody can guess.
    /// - Throws: `wrongTaskID` for a task that is unknown or somebody else's.
    func task(_ id: TaskID, for holder: KeyHolder?) async throws(ClientError) -> ClientTask

    /// Waits until a task has ended, or for so many seconds: at most `Limits.resultWaitSeconds`, and less when the host
    /// stops, when too many wait, and when the caller's Swift task is cancelled.
    ///
    /// - Throws: as `task`.
    func task(_ id: TaskID, for holder: KeyHolder, waiting seconds: Double) async throws(ClientError) -> ClientTask

    /// How a family stands; nil when nobody sells it.
    func queue(of family: TaskFamily) -> QueueFigures?

    /// Tasks of the holder's account that are open, and how many may be open at once.
    func openTasks(of holder: KeyHolder) -> (open: Int, most: Int)

    /// How a task of the holder's account was routed, open or ended.
    ///
    /// - Throws: `wrongTaskID` for a task that is unknown or somebody else's.
    func route(of id: TaskID, for holder: KeyHolder) async throws(ClientError) -> TaskRoute

    /// What the holder's account can spend on further tasks.
    func balance(of holder: KeyHolder) async throws(ClientError) -> Money
}

/// How a task stands.
public enum TaskStatus: Sendable, Hashable {
    case processing
    /// `solution` is a JSON object; `seconds` from acceptance to the end.
    case ready(solution: [UInt8], price: Money, seconds: Double)
    /// `error` tells why; nothing was charged.
    case failed(ClientError)
}
