public import Domain
public import ProviderKit

/// A task as a client asks for it, whatever dialect it speaks.
public struct CreateRequest: Sendable, Hashable {
    /// The client's `task` object, its type included, in the client's spelling.
    public var task: JSONObject
    /// The only provider that the task may go to, by a name that a client gives it; nil: any.
    public var provider: String?
    /// What the client wants of the choice between providers; nil: what the key's settings say.
    public var selectionMode: SelectionMode?
    /// Whose keys at providers the task may go through; nil: what the key's settings say. A task that carries the user
    /// or password of a proxy, or cookies, goes through nobody else's keys whatever is said.
    public var keyPoolMode: KeyPoolMode?
    /// The client's own text, 1...`Limits.idempotencyKeyBytes` bytes: a request that was sent before under it is
    /// answered with its task; nil: none.
    public var idempotencyKey: String?
    /// In which the client is to be told of the task when it asks without saying; nil: not known.
    public var dialect: ClientDialect?
    /// Where the client is told of the end of the task; nil: nowhere.
    public var callback: Callback?

    public init(
        _ task: JSONObject, provider: String? = nil, selectionMode: SelectionMode? = nil,
        keyPoolMode: KeyPoolMode? = nil, idempotencyKey: String? = nil, dialect: ClientDialect? = nil,
        callback: Callback? = nil
    ) {
        self.task = task
        self.provider = provider
        self.selectionMode = selectionMode
        self.keyPoolMode = keyPoolMode
        self.idempotencyKey = idempotencyKey
        self.dialect = dialect
        self.callback = callback
    }
}
