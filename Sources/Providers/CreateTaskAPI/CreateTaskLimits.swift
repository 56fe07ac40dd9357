/// Every bound of the dialect with its unit.
enum CreateTaskLimits {
    /// Seconds for one exchange other than `createTask`.
    static let exchangeSeconds = 20.0
    /// Seconds by which the exchange of a `createTask` ends before the time of the submit does, so that the fault tells
    /// what happened.
    static let submitMarginSeconds = 1.0
    /// Characters of a vendor's words that a fault passes on.
    static let messageCharacters = 240
    /// Characters of an amount of money as text.
    static let amountCharacters = 64
    /// Seconds to hold back after a plain HTTP 429 at most, whatever its `Retry-After` says.
    static let retryAfterSeconds = 3600.0
}
