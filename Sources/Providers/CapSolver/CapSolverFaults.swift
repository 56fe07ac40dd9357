import CreateTaskAPI
import ProviderKit

/// CapSolver's error codes. Its `errorId` is always 1.
enum CapSolverFaults {
    static let table = FaultTable([
        .init("ERROR_KEY_DENIED_ACCESS", .invalidKey),
        .init("ERROR_ZERO_BALANCE", .noFunds),
        .init("ERROR_SETTLEMENT_FAILED", .noFunds),
        .init("ERROR_RATE_LIMIT", .rateLimited(.key)),
        // The first is how the documentation spells it.
        .init("ERROR_SERVICE_UNAVALIABLE", .overloaded),
        .init("ERROR_SERVICE_UNAVAILABLE", .overloaded),
        .init("ERROR_INVALID_TASK_DATA", .badTask),
        .init("ERROR_BAD_REQUEST", .badTask),
        .init("ERROR_INVALID_IMAGE", .badTask("body")),
        .init("ERROR_PARSE_IMAGE_FAIL", .badTask("body")),
        .init("ERROR_UNKNOWN_QUESTION", .badTask("question")),
        .init("ERROR_TASK_NOT_SUPPORTED", .unsupportedTask),
        .init("ERROR_TASKID_INVALID", .taskNotFound),
        .init("ERROR_TASK_TIMEOUT", .unsolvable(charged: false)),
        .init("ERROR_CAPTCHA_UNSOLVABLE", .unsolvable(charged: false)),
        .init("ERROR_PROXY_BANNED", .proxy),
        // Its pages name 10 minutes and 30; the longer one is sure to be over.
        .init("ERROR_IP_BANNED", .banned(.provider, seconds: 1800)),
        .init("ERROR_KEY_TEMP_BLOCKED", .banned(.key, seconds: 300)),
    ])
}
