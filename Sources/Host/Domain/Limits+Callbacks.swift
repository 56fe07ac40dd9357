/// How clients learn of the ends of their tasks.
extension Limits {
    // MARK: Callbacks

    /// Bytes of the address that a client names for a callback.
    public static let callbackURLBytes = 2_048
    /// Seconds that the client's server has for one attempt, and seconds after a task's end in which there are any.
    public static let callbackAnswerSeconds = 10.0
    public static let callbackSeconds = 3600.0
    /// Seconds before the second attempt, how many times as long each further pause is, and the longest one.
    public static let callbackPauseSeconds = 5.0
    public static let callbackPauseFactor = 3.0
    public static let longestCallbackPauseSeconds = 900.0
    /// Attempts that are under way at once: all, to one host name, and for one account.
    public static let callbacksAtOnce = 64
    public static let callbacksPerHost = 4
    public static let callbacksPerAccount = 32
    /// Hosts whose callbacks are read at once, and seconds between two such reads.
    public static let callbackHostsPerPage = 128
    public static let callbackPageSeconds = 0.02
    /// Seconds between two looks for callbacks that are due, if nothing tells of one.
    public static let callbackLookSeconds = 30.0
    /// Seconds that a host which was told to stop waits for the attempts under way.
    public static let callbackDrainSeconds = 5.0
    /// Ranges of addresses that the operator may allow callbacks to.
    public static let callbackRanges = 100

    // MARK: Waiting for results

    /// Seconds that getTaskResult waits for the end of a task at most, whatever is asked for, and requests that wait at
    /// once. Beyond it a request is answered without waiting.
    public static let resultWaitSeconds = 60.0
    public static let waitingResults = 4_096
}
