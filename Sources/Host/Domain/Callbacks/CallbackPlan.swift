/// When a callback that failed is tried again.
public enum CallbackPlan {
    /// The time of the next attempt; nil when the callback is given up.
    ///
    /// Pauses grow until the time for callbacks, counted from the end of the task, is over; the last attempt is at that
    /// moment. A callback that nobody could try in time, such as while no host ran, has one attempt all the same.
    ///
    /// - Parameters:
    ///   - attempts: how many were made, 1 or more; all of them failed, the last one just now.
    ///   - dither: 0..<1; shortens the pause by up to a fifth, so that callbacks that failed together come apart.
    public static func next(
        afterAttempts attempts: Int, of endedAt: Timestamp, at now: Timestamp, dither: Double
    ) -> Timestamp? {
        let end = endedAt.adding(seconds: Limits.callbackSeconds)
        guard now < end else { return nil }
        var pause = Limits.callbackPauseSeconds
        for _ in 1..<max(attempts, 1) where pause < Limits.longestCallbackPauseSeconds {
            pause *= Limits.callbackPauseFactor
        }
        pause = min(pause, Limits.longestCallbackPauseSeconds) * (1 - 0.2 * dither)
        return min(now.adding(seconds: pause), end)
    }
}
