import CreateTaskAPI
import ProviderKit

/// CapMonster's error codes. Its `errorId` is always 1, and what it locks out it locks out for ten minutes.
enum CapMonsterFaults {
    static let table = FaultTable([
        .init("ERROR_KEY_DOES_NOT_EXIST", .invalidKey),
        .init("ERROR_ZERO_BALANCE", .noFunds),
        .init("ERROR_IP_NOT_ALLOWED", .ipNotAllowed),
        .init("ERROR_IP_BANNED", .banned(.provider, seconds: 600)),
        .init("ERROR_IP_BLOCKED", .banned(.provider, seconds: 600)),
        // One task was asked for more often than every two seconds.
        .init("ERROR_TOO_MUCH_REQUESTS", .rateLimited(.provider, seconds: 2)),
        .init("ERROR_NO_SLOT_AVAILABLE", .overloaded),
        .init("ERROR_SERVICE_NOT_AVAILABLE", .overloaded),
        .init("ERROR_TASK_NOT_SUPPORTED", .unsupportedTask),
        // Here it means a wrong type.
        .init("ERROR_NO_SUCH_METHOD", .unsupportedTask),
        .init("ERROR_DOMAIN_NOT_ALLOWED", .unsupportedTask),
        .init("ERROR_TASK_ABSENT", .badTask),
        .init("ERROR_INVALID_TASK", .badTask),
        .init("ERROR_ZERO_CAPTCHA_FILESIZE", .badTask("body")),
        .init("ERROR_TOO_BIG_CAPTCHA_FILESIZE", .badTask("body")),
        .init("ERROR_RECAPTCHA_INVALID_SITEKEY", .badTask("websiteKey")),
        .init("ERROR_RECAPTCHA_INVALID_DOMAIN", .badTask("websiteURL")),
        .init("ERROR_WRONG_USERAGENT", .badTask("userAgent")),
        .init("ERROR_TOKEN_EXPIRED", .badTask("challenge")),
        .init("ERROR_NO_SUCH_CAPCHA_ID", .taskNotFound),
        .init("WRONG_CAPTCHA_ID", .taskNotFound),
        .init("CAPTCHA_NOT_READY", .pending),
        .init("ERROR_CAPTCHA_UNSOLVABLE", .unsolvable(charged: false)),
        .init("ERROR_RECAPTCHA_TIMEOUT", .unsolvable(charged: false)),
        .init("ERROR_PROXY_CONNECT_REFUSED", .proxy),
        .init("ERROR_PROXY_BANNED", .proxy),
        .init("ERROR_PROXY_MISSING", .proxy),
        .init("ERROR_PROXY_NOT_AUTHORISED", .proxy),
        .init("ERROR_PROXY_READ_TIMEOUT", .proxy),
        .init("ERROR_PROXY_CREDENTIALS_INVALID_CHARACTER", .proxy),
    ])
}
