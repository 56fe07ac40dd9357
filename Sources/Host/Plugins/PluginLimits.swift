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

    public init() {}
}
