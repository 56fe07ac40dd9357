import ProviderKit

/// What the codes of the dialect mean at a vendor that does not document them itself.
///
/// The vendors copied each other's codes, and a clone of one may send another's. Words without the `ERROR_` prefix come
/// from the older form API that some of them still run behind the new one.
enum SharedFaults {
    static let rows: [FaultTable.Row] = [
        .init("ERROR_KEY_DOES_NOT_EXIST", 1, .invalidKey),
        .init("ERROR_KEY_DENIED_ACCESS", .invalidKey),
        .init("ERROR_KEY_IS_EMPTY", .invalidKey),
        .init("ERROR_WRONG_USER_KEY", .invalidKey),
        .init("ERROR_NO_SLOT_AVAILABLE", 2, .overloaded),
        .init("ERROR_ZERO_CAPTCHA_FILESIZE", 3, .badTask("body")),
        .init("ERROR_TOO_BIG_CAPTCHA_FILESIZE", 4, .badTask("body")),
        .init("ERROR_PAGEURL", 5, .badTask("websiteURL")),
        .init("ERROR_ZERO_BALANCE", 10, .noFunds),
        .init("ERROR_SETTLEMENT_FAILED", .noFunds),
        .init("ERROR_IP_NOT_ALLOWED", 11, .ipNotAllowed),
        .init("ERROR_IP_ADDRES", .ipNotAllowed),
        .init("ERROR_CAPTCHA_UNSOLVABLE", 12, .unsolvable(charged: nil)),
        .init("WRONG_RESULT", .unsolvable(charged: nil)),
        .init("ERROR_TASK_TIMEOUT", .unsolvable(charged: nil)),
        .init("ERROR_BAD_DUPLICATES", 13, .unsolvable(charged: nil)),
        .init("ERROR_NO_SUCH_METHOD", 14, .badTask),
        .init("ERROR_IMAGE_TYPE_NOT_SUPPORTED", 15, .badTask("body")),
        .init("ERROR_NO_SUCH_CAPCHA_ID", 16, .taskNotFound),
        .init("ERROR_TASKID_INVALID", .taskNotFound),
        .init("ERROR_WRONG_CAPTCHA_ID", .taskNotFound),
        .init("WRONG_CAPTCHA_ID", .taskNotFound),
        .init("ERROR_IP_BLOCKED", 21, .banned(.provider, seconds: nil)),
        .init("ERROR_IP_BANNED", .banned(.provider, seconds: nil)),
        .init("IP_BANNED", .banned(.provider, seconds: 300)),
        .init("ERROR_TASK_ABSENT", 22, .badTask),
        .init("ERROR_TASK_NOT_SUPPORTED", 23, .unsupportedTask),
        .init("ERROR_INCORRECT_SESSION_DATA", 24, .badTask),
        .init("ERROR_RECAPTCHA_TIMEOUT", 30, .unsolvable(charged: nil)),
        .init("ERROR_RECAPTCHA_INVALID_SITEKEY", 31, .badTask("websiteKey")),
        .init("ERROR_RECAPTCHA_INVALID_DOMAIN", 32, .badTask("websiteURL")),
        .init("ERROR_RECAPTCHA_OLD_BROWSER", 33, .badTask("userAgent")),
        .init("ERROR_TOKEN_EXPIRED", 34, .badTask("challenge")),
        .init("ERROR_INVISIBLE_RECAPTCHA", 51, .badTask("isInvisible")),
        .init("ERROR_FAILED_LOADING_WIDGET", 52, .unsolvable(charged: nil)),
        .init("ERROR_VISIBLE_RECAPTCHA", 53, .badTask("isInvisible")),
        .init("ERROR_ALL_WORKERS_FILTERED", 54, .overloaded),
        .init("ERROR_ACCOUNT_SUSPENDED", 55, .keyDisabled),
        .init("ERROR_TEMPLATE_NOT_FOUND", 56, .badTask("templateName")),
        .init("ERROR_TASK_CANCELED", 57, .unsolvable(charged: nil)),
        .init("ERROR_BAD_PARAMETERS", 110, .badTask),
        .init("ERROR_BAD_IMGINSTRUCTIONS", 115, .badTask("imgInstructions")),
        .init("ERROR_BAD_PROXY", 130, .proxy),
        .init("ERROR_RATE_LIMIT", .rateLimited(.key)),
        .init("ERROR_TOO_MANY_REQUESTS", .rateLimited(.key)),
        .init("ERROR_TOO_MUCH_REQUESTS", .rateLimited(.provider)),
        .init("MAX_USER_TURN", .rateLimited(.key, seconds: 10)),
        .init("TOO_MANY_BAD_IMAGES", .banned(.key, seconds: nil)),
        .init("ERROR_SERVICE_UNAVALIABLE", .overloaded),
        .init("ERROR_SERVICE_UNAVAILABLE", .overloaded),
        .init("ERROR_SERVICE_NOT_AVAILABLE", .overloaded),
        .init("CAPCHA_NOT_READY", .pending),
        .init("CAPTCHA_NOT_READY", .pending),
    ]

    /// Codes that come in many forms, by how they begin.
    static let prefixes: [FaultTable.Row] = [
        .init("ERROR_PROXY_", .proxy),
        // A product that is no longer sold.
        .init("ERROR_FACTORY_", .unsupportedTask),
    ]

    static let byCode = Dictionary(rows.map { (FaultTable.key($0.code), $0.verdict) }) { first, _ in first }

    /// The numbers that 2Captcha and Anti-Captcha give their codes; those that both have agree.
    static let byNumber: [Int64: Verdict] = {
        let listed = rows.compactMap { row in row.number.map { ($0, row.verdict) } }
        let proxies = [25, 26, 27, 28, 29, 35, 36, 49].map { (Int64($0), Verdict.proxy) }
        return Dictionary(listed + proxies) { first, _ in first }
    }()
}
