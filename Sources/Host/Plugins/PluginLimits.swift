import Domain

/// The bounds within which adapters work: those of `Limits`, unless a test needs others.
public struct PluginLimits: Sendable {
    /// Seconds for loading and creating one plug-in.
    public var loadSeconds = Limits.pluginLoadSeconds
    /// Milliseconds within which a function of a plug-in has to return.
    public var returnMilliseconds = Limits.pluginReturnMilliseconds
    /// Threads of one adapter that may be blocked before it gets no more calls.
    public var blockedThreads = Limits.blockedThreadsPerAdapter
    /// Calls of one adapter that are under way, abandoned ones included, or wait for its thread.
    public var calls = Limits.callsPerAdapter
    /// Bytes of one message from an adapter.
    public var messageBytes = Limits.pluginMessageBytes
    /// Bytes of one log line from an adapter, and lines in a second.
    public var logBytes = Limits.pluginLogBytes
    public var logLinesPerSecond = Limits.pluginLogLinesPerSecond
    /// Bytes of a fault's message.
    public var faultBytes = Limits.pluginFaultBytes
    /// HTTP exchanges, and waits, that one call may have open at once.
    public var exchangesPerCall = Limits.exchangesPerPluginCall
    public var waitsPerCall = Limits.waitsPerPluginCall
    /// Answers of the host that wait for an adapter's thread before whoever asks is answered on its own.
    public var waitingAnswers = Limits.waitingPluginAnswers
    /// Bytes of memory that the process of an isolated adapter may have.
    public var memoryBytes = Limits.isolatedMemoryBytes
    /// Seconds between looks at it, for a sign of life, and of idleness with something left over.
    public var watchSeconds = Limits.isolatedWatchSeconds
    public var answerSeconds = Limits.isolatedAnswerSeconds
    public var idleSeconds = Limits.isolatedIdleSeconds
    /// Ends of given-up calls that it may owe.
    public var owedCalls = Limits.isolatedOwedCalls
    /// Seconds before its second start in a row, the longest such pause, and the life after which it starts at once.
    public var restartSeconds = Limits.isolatedRestartSeconds
    public var longestRestartSeconds = Limits.isolatedLongestRestartSeconds
    public var steadySeconds = Limits.isolatedSteadySeconds
    /// Bytes that may wait for it.
    public var outboxBytes = Limits.isolatedOutboxBytes

    public init() {}
}
