import CreateTaskAPI
import ProviderKit

/// Anti-Captcha's error codes, with their numbers as documented. Of its failures only the one where five workers gave
/// up is documented to be charged.
enum AntiCaptchaFaults {
    static let table = FaultTable([
        .init("ERROR_KEY_DOES_NOT_EXIST", 1, .invalidKey),
        .init("ERROR_NO_SLOT_AVAILABLE", 2, .overloaded),
        .init("ERROR_ZERO_CAPTCHA_FILESIZE", 3, .badTask("body")),
        .init("ERROR_TOO_BIG_CAPTCHA_FILESIZE", 4, .badTask("body")),
        .init("ERROR_ZERO_BALANCE", 10, .noFunds),
        .init("ERROR_IP_NOT_ALLOWED", 11, .ipNotAllowed),
        .init("ERROR_CAPTCHA_UNSOLVABLE", 12, .unsolvable(charged: true)),
        .init("ERROR_BAD_DUPLICATES", 13, .unsolvable(charged: nil)),
        .init("ERROR_NO_SUCH_METHOD", 14, .badTask),
        .init("ERROR_IMAGE_TYPE_NOT_SUPPORTED", 15, .badTask("body")),
        .init("ERROR_NO_SUCH_CAPCHA_ID", 16, .taskNotFound),
        .init("ERROR_IP_BLOCKED", 21, .banned(.provider, seconds: nil)),
        .init("ERROR_TASK_ABSENT", 22, .badTask),
        .init("ERROR_TASK_NOT_SUPPORTED", 23, .unsupportedTask),
        .init("ERROR_INCORRECT_SESSION_DATA", 24, .badTask),
        .init("ERROR_PROXY_CONNECT_REFUSED", 25, .proxy),
        .init("ERROR_PROXY_CONNECT_TIMEOUT", 26, .proxy),
        .init("ERROR_PROXY_READ_TIMEOUT", 27, .proxy),
        .init("ERROR_PROXY_BANNED", 28, .proxy),
        .init("ERROR_PROXY_TRANSPARENT", 29, .proxy),
        .init("ERROR_RECAPTCHA_TIMEOUT", 30, .unsolvable(charged: nil)),
        .init("ERROR_RECAPTCHA_INVALID_SITEKEY", 31, .badTask("websiteKey")),
        .init("ERROR_RECAPTCHA_INVALID_DOMAIN", 32, .badTask("websiteURL")),
        .init("ERROR_RECAPTCHA_OLD_BROWSER", 33, .badTask("userAgent")),
        .init("ERROR_TOKEN_EXPIRED", 34, .badTask("challenge")),
        .init("ERROR_PROXY_HAS_NO_IMAGE_SUPPORT", 35, .proxy),
        .init("ERROR_PROXY_INCOMPATIBLE_HTTP_VERSION", 36, .proxy),
        .init("ERROR_PROXY_NOT_AUTHORISED", 49, .proxy),
        .init("ERROR_INVISIBLE_RECAPTCHA", 51, .badTask("isInvisible")),
        .init("ERROR_FAILED_LOADING_WIDGET", 52, .unsolvable(charged: nil)),
        .init("ERROR_VISIBLE_RECAPTCHA", 53, .badTask("isInvisible")),
        .init("ERROR_ALL_WORKERS_FILTERED", 54, .overloaded),
        .init("ERROR_ACCOUNT_SUSPENDED", 55, .keyDisabled),
        .init("ERROR_TEMPLATE_NOT_FOUND", 56, .badTask("templateName")),
        .init("ERROR_TASK_CANCELED", 57, .unsolvable(charged: nil)),
    ])
}
