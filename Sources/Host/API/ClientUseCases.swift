public import Domain
public import Tasks

/// All that clients can ask for, whatever dialect they speak.
public struct ClientUseCases: Sendable {
    public let tasks: any ClientService
    public let feedback: any FeedbackUseCases
    public let recycledKeys: any RecycledKeyUseCases
    public let history: any HistoryUseCases
    /// What time it is.
    public let now: @Sendable () -> Timestamp

    public init(
        tasks: any ClientService, feedback: any FeedbackUseCases, recycledKeys: any RecycledKeyUseCases,
        history: any HistoryUseCases,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.tasks = tasks
        self.feedback = feedback
        self.recycledKeys = recycledKeys
        self.history = history
        self.now = now
    }
}
