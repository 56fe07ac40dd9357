/// Where a client wants to be told that its task has ended, as it says so when it creates the task.
public struct Callback: Sendable, Hashable {
    /// How the task is named in the request that tells of its end: as its client knows it.
    public enum TaskName: String, Sendable, Hashable, CaseIterable {
        case uuid
        /// The number, for clients of dialects that count their tasks.
        case number
    }

    /// The address, in the client's spelling.
    public var url: String
    public var taskName: TaskName
    /// What the client calls the address, for errors: `callbackUrl`, `pingback`.
    public var field: String

    public init(url: String, taskName: TaskName = .uuid, field: String = "callbackUrl") {
        self.url = url
        self.taskName = taskName
        self.field = field
    }
}

/// A callback that was checked, as it is stored with its task.
public struct CallbackTarget: Sendable, Hashable {
    /// An absolute `http` or `https` URL of at most `Limits.callbackURLBytes`.
    public let url: String
    /// Its host in lower case, by which callbacks share places.
    public let host: String
    public let taskName: Callback.TaskName

    public init(url: String, host: String, taskName: Callback.TaskName) {
        self.url = url
        self.host = host
        self.taskName = taskName
    }
}
