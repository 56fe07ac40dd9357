import Domain

/// What an error is called in Death By Captcha's dialect, and its HTTP status there: its clients know an error by the
/// status alone.
struct DeathByCaptchaError: Sendable, Hashable {
    let status: Int
    let word: String

    /// Documented for a report on a task that is unknown or somebody else's.
    static let notOwned = DeathByCaptchaError(
        status: 503, word: "Captcha not found or not owned by this user")

    init(status: Int, word: String) {
        self.status = status
        self.word = word
    }

    init(_ code: ErrorCode) {
        self =
            switch code {
            case .keyDoesNotExist, .keyNotPermitted, .ipNotAllowed:
                DeathByCaptchaError(status: 403, word: "invalid-credentials")
            case .accountSuspended: DeathByCaptchaError(status: 403, word: "banned")
            case .zeroBalance, .keySpendLimit: DeathByCaptchaError(status: 403, word: "insufficient-funds")
            case .requestTooLarge, .imageTooBig: DeathByCaptchaError(status: 413, word: "invalid-captcha")
            case .badParameters, .taskAbsent, .taskNotSupported, .badProxy, .proxyFormat, .emptyImage, .badJSON,
                .nestedTooDeep, .idempotencyKeyReused, .recycledKeyInUse, .unsolvable, .reportNotRecorded,
                .duplicateReport, .requestTimeout:
                DeathByCaptchaError(status: 400, word: "invalid-captcha")
            case .wrongTaskID, .noSuchRecycledKey: DeathByCaptchaError.notOwned
            case .noSuchMethod: DeathByCaptchaError(status: 404, word: "not-found")
            case .methodNotAllowed: DeathByCaptchaError(status: 405, word: "method-not-allowed")
            case .tooManyRequests, .keyTaskLimit, .noProviders, .overloaded, .storage, .stopping, .recyclingUnavailable:
                DeathByCaptchaError(status: 503, word: "service-overload")
            case .internalError: DeathByCaptchaError(status: 500, word: "internal-error")
            }
    }
}
