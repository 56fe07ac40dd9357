import ProviderKit

extension VendorWords {
    /// Multibot's own words as its clients have met them, and then those of the API that it imitates. Whether it takes
    /// money for a task that it gave up, and how long its bans last, is not known.
    static let multibot = VendorWords(multibotRows)

    static let multibotRows: [(word: String, kind: Fault.Kind)] = ownRows + imitatedRows

    private static let ownRows: [(word: String, kind: Fault.Kind)] = [
        ("ERROR_WRONG_USER_KEY", .invalidKey),
        ("ERROR_ZERO_BALANCE", .noFunds),
        ("ERROR_USER_BALANCE_ZERO", .noFunds),
        // A client looks for it in this spelling.
        ("ERROR_ZERO_BLANCE", .noFunds),
        ("WRONG_RESULT", .unsolvable(charged: nil)),
        ("ERROR_CAPTCHA_UNSOLVABLE", .unsolvable(charged: nil)),
        ("ERROR_NOT_CAPTCHA_ID", .taskNotFound),
    ]

    private static let imitatedRows: [(word: String, kind: Fault.Kind)] = [
        ("ERROR_KEY_DOES_NOT_EXIST", .invalidKey),
        ("ERROR_PAGEURL", .badTask(field: "websiteURL")),
        ("ERROR_GOOGLEKEY", .badTask(field: "websiteKey")),
        ("ERROR_WRONG_GOOGLEKEY", .badTask(field: "websiteKey")),
        ("ERROR_BAD_TOKEN_OR_PAGEURL", .badTask(field: nil)),
        ("ERROR_NO_SLOT_AVAILABLE", .overloaded),
        ("ERROR_ZERO_CAPTCHA_FILESIZE", .badTask(field: "body")),
        ("ERROR_TOO_BIG_CAPTCHA_FILESIZE", .badTask(field: "body")),
        ("ERROR_WRONG_FILE_EXTENSION", .badTask(field: "body")),
        ("ERROR_IMAGE_TYPE_NOT_SUPPORTED", .badTask(field: "body")),
        ("ERROR_UPLOAD", .badTask(field: "body")),
        ("ERROR_CAPTCHAIMAGE_BLOCKED", .badTask(field: "body")),
        ("ERROR_BAD_PARAMETERS", .badTask(field: nil)),
        ("ERROR_EMPTY_ACTION", .badTask(field: nil)),
        ("ERROR_WRONG_ID_FORMAT", .badTask(field: nil)),
        ("ERROR_PROXY_FORMAT", .proxy),
        ("ERROR_BAD_PROXY", .proxy),
        ("ERROR_PROXY_CONNECTION_FAILED", .proxy),
        ("ERROR_IP_NOT_ALLOWED", .ipNotAllowed),
        ("IP_BANNED", .banned(.provider, untilUnixSeconds: nil)),
        ("ERROR: 1004", .banned(.provider, untilUnixSeconds: nil)),
        ("TOO_MANY_BAD_IMAGES", .banned(.key, untilUnixSeconds: nil)),
        ("MAX_USER_TURN", .rateLimited(.key, retryAfterSeconds: nil)),
        ("ERROR: 1001", .rateLimited(.key, retryAfterSeconds: nil)),
        ("ERROR: 1002", .rateLimited(.key, retryAfterSeconds: nil)),
        ("ERROR: 1003", .rateLimited(.key, retryAfterSeconds: nil)),
        ("ERROR: 1005", .rateLimited(.key, retryAfterSeconds: nil)),
        ("ERROR_BAD_DUPLICATES", .unsolvable(charged: nil)),
        ("ERROR_TOKEN_EXPIRED", .badTask(field: nil)),
        ("ERROR_WRONG_CAPTCHA_ID", .taskNotFound),
        ("WRONG_CAPTCHA_ID", .taskNotFound),
        ("ERROR_REPORT_NOT_RECORDED", .badTask(field: nil)),
        ("ERROR_DUPLICATE_REPORT", .badTask(field: nil)),
        ("ERROR_IP_ADDRES", .ipNotAllowed),
    ]
}
