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
    /// - Parameters:
    ///   - task: the client's `task` object, its type included, in the client's spelling.
    ///   - provider: the only provider that the task may go to, by a name that a client gives it; nil: any.
    ///   - selectionMode: what the client wants of the choice between providers; nil: what the key's settings say.
    ///   - keyPoolMode: whose keys at providers it may go through; nil: what the key's settings say. A task that
    ///     carries the user or password of a proxy, or cookies, goes through nobody else's keys whatever is said.
    ///   - idempotencyKey: the client's own text, 1...`Limits.idempotencyKeyBytes` bytes: a request that was sent
    ///     before under it is answered with its task; nil: none.
    /// - Throws: besides what is wrong with the task, `badParameters` for the field `provider` when there is no such
    ///   provider or it does not take tasks of this family, and for the field `Idempotency-Key` when the text is empty
    ///   or too long; `idempotencyKeyReused` when it came with another request (`IdempotencyKey.request`) before.
    func createTask(
        _ task: JSONObject, provider: String?, selectionMode: SelectionMode?, keyPoolMode: KeyPoolMode?,
        idempotencyKey: String?, by holder: KeyHolder
    ) async throws(ClientError) -> TaskID

    /// How a task of the holder's account stands.
    ///
    /// - Throws: `wrongTaskID` for a task that is unknown or somebody else's.
    func status(of id: TaskID, for holder: KeyHolder) async throws(ClientError) -> TaskStatus

    /// How a task of the holder's account was routed, open or ended.
    ///
    /// - Throws: `wrongTaskID` for a task that is unknown or somebody else's.
    func route(of id: TaskID, for holder: KeyHolder) async throws(ClientError) -> TaskRoute

    /// What the holder's account can spend on further tasks.
    func balance(of holder: KeyHolder) async throws(ClientError) -> Money
}

extension ClientService {
    /// Checks and accepts a task through the keys that the key's settings allow, each time that it is sent.
    public func createTask(
        _ task: JSONObject, provider: String?, selectionMode: SelectionMode? = nil, by holder: KeyHolder
    ) async throws(ClientError) -> TaskID {
        try await createTask(
            task, provider: provider, selectionMode: selectionMode, keyPoolMode: nil, idempotencyKey: nil, by: holder)
    }
}

/// How a task stands.
public enum TaskStatus: Sendable, Hashable {
    case processing
    /// `solution` is a JSON object; `seconds` from acceptance to the end.
    case ready(solution: [UInt8], price: Money, seconds: Double)
    /// `error` tells why; nothing was charged.
    case failed(ClientError)
}
