public import Domain
public import ProviderKit

/// Is told what happens in the engine, for metrics. Called on any thread; has to be quick.
public protocol EngineObserver: Sendable {
    func accepted(_ family: TaskFamily)
    /// A task has ended and this is stored. `seconds` from its acceptance, or its recovery after a start.
    func ended(_ family: TaskFamily, _ outcome: TaskOutcome, seconds: Double)
    func attemptEnded(_ end: AttemptEnd)
    /// An adapter answered a submit or a poll.
    func called(_ provider: String, _ reply: OperationReply, seconds: Double)
}

/// Observes nothing.
public struct NoObserver: EngineObserver {
    public init() {}
    public func accepted(_ family: TaskFamily) {}
    public func ended(_ family: TaskFamily, _ outcome: TaskOutcome, seconds: Double) {}
    public func attemptEnded(_ end: AttemptEnd) {}
    public func called(_ provider: String, _ reply: OperationReply, seconds: Double) {}
}
