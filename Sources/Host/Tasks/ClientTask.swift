public import Domain
public import ProviderKit

/// A task as its client may see it, whichever dialect it is told in.
public struct ClientTask: Sendable, Hashable {
    public let id: TaskID
    public let family: TaskFamily
    /// The dialect in which the task was created, or by which it looked; nil when nothing is known of it.
    public let dialect: ClientDialect?
    public let createdAt: Timestamp
    /// Nil while the task is open.
    public let endedAt: Timestamp?
    public let status: TaskStatus

    public init(
        id: TaskID, family: TaskFamily, dialect: ClientDialect?, createdAt: Timestamp, endedAt: Timestamp?,
        status: TaskStatus
    ) {
        self.id = id
        self.family = family
        self.dialect = dialect
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.status = status
    }

    /// A task as it is stored.
    init(_ record: TaskRecord) {
        let status: TaskStatus =
            switch record.end?.outcome {
            case nil: .processing
            case .solved(let solution, let price, _)?:
                .ready(
                    solution: solution, price: price,
                    seconds: record.end.map { $0.at.seconds(since: record.createdAt) } ?? 0)
            case .failed(let code, let detail)?: .failed(ClientError(code, detail))
            }
        self.init(
            id: record.id, family: record.family, dialect: record.dialect, createdAt: record.createdAt,
            endedAt: record.end?.at, status: status)
    }
}

/// How a family of tasks stands with this service, as services of this kind tell it to clients that choose by it.
public struct QueueFigures: Sendable, Hashable {
    /// Further tasks that could begin now.
    public let free: Int
    /// Tasks that may be open at once, of all families.
    public let most: Int
    /// What the cheapest provider's task costs a client.
    public let price: Money
    /// Seconds that a task takes at the fastest provider, as far as is known.
    public let seconds: Double

    public init(free: Int, most: Int, price: Money, seconds: Double) {
        self.free = free
        self.most = most
        self.price = price
        self.seconds = seconds
    }
}

extension ClientService {
    /// How a task of the holder's account stands.
    ///
    /// - Throws: `wrongTaskID` for a task that is unknown or somebody else's.
    public func status(of id: TaskID, for holder: KeyHolder) async throws(ClientError) -> TaskStatus {
        try await task(id, for: holder).status
    }
}
