import CreateTaskAPI
import ProviderKit

/// 2Captcha's error codes, with their numbers as documented.
enum TwoCaptchaFaults {
    static let table = FaultTable([
        .init("ERROR_KEY_DOES_NOT_EXIST", 1, .invalidKey),
        .init("ERROR_NO_SLOT_AVAILABLE", 2, .overloaded),
        .init("ERROR_ZERO_CAPTCHA_FILESIZE", 3, .badTask("body")),
        .init("ERROR_TOO_BIG_CAPTCHA_FILESIZE", 4, .badTask("body")),
        .init("ERROR_PAGEURL", 5, .badTask("websiteURL")),
        .init("ERROR_ZERO_BALANCE", 10, .noFunds),
        .init("ERROR_IP_NOT_ALLOWED", 11, .ipNotAllowed),
        .init("ERROR_CAPTCHA_UNSOLVABLE", 12, .unsolvable(charged: false)),
        .init("ERROR_BAD_DUPLICATES", 13, .unsolvable(charged: nil)),
        .init("ERROR_NO_SUCH_METHOD", 14, .badTask),
        .init("ERROR_IMAGE_TYPE_NOT_SUPPORTED", 15, .badTask("body")),
        .init("ERROR_NO_SUCH_CAPCHA_ID", 16, .taskNotFound),
        // Its lists of limits name 5 minutes and 10; the longer one is sure to be over.
        .init("ERROR_IP_BLOCKED", 21, .banned(.provider, seconds: 600)),
        .init("ERROR_TASK_ABSENT", 22, .badTask),
        .init("ERROR_TASK_NOT_SUPPORTED", 23, .unsupportedTask),
        .init("ERROR_RECAPTCHA_INVALID_SITEKEY", 31, .badTask("websiteKey")),
        .init("ERROR_ACCOUNT_SUSPENDED", 55, .keyDisabled),
        .init("ERROR_BAD_PARAMETERS", 110, .badTask),
        .init("ERROR_BAD_IMGINSTRUCTIONS", 115, .badTask("imgInstructions")),
        .init("ERROR_BAD_PROXY", 130, .proxy),
        // Not in its documentation, but seen.
        .init("ERROR_KEY_IS_EMPTY", .invalidKey),
        .init("ERROR_WRONG_USER_KEY", .invalidKey),
        .init("ERROR_TOO_MANY_REQUESTS", .rateLimited(.key, seconds: 10)),
        .init("ERROR_METHOD_CALL", .unsupportedTask),
    ])
}
