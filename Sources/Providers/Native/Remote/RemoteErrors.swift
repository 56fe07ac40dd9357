import ProviderKit

/// The error codes of this software's API as faults.
enum RemoteErrors {
    static func fault(_ code: String, _ sentence: String, _ task: JSONObject?) -> Fault {
        let kind = kinds[code] ?? .protocolError
        guard case .badTask = kind else { return Fault(kind, sentence.isEmpty ? code : sentence) }
        return Fault(.badTask(field: field(sentence, task)), sentence.isEmpty ? code : sentence)
    }

    /// Every code of the API. What the other host is to blame for while it is well otherwise is a matter of the moment.
    static let kinds: [String: Fault.Kind] = [
        "ERROR_KEY_DOES_NOT_EXIST": .invalidKey,
        "ERROR_KEY_NOT_PERMITTED": .keyDisabled,
        "ERROR_IP_NOT_ALLOWED": .ipNotAllowed,
        "ERROR_ACCOUNT_SUSPENDED": .keyDisabled,
        "ERROR_ZERO_BALANCE": .noFunds,
        "ERROR_KEY_TASK_LIMIT": .rateLimited(.key, retryAfterSeconds: nil),
        "ERROR_KEY_SPEND_LIMIT": .noFunds,
        "ERROR_BAD_PARAMETERS": .badTask(field: nil),
        // Bad parameters of these names, in the dialect that is spoken here.
        "ERROR_PAGEURL": .badTask(field: nil),
        "ERROR_SITEKEY": .badTask(field: nil),
        "ERROR_TASK_ABSENT": .protocolError,
        "TASK_NOT_SUPPORTED": .unsupportedTask,
        "ERROR_BAD_PROXY": .proxy,
        "ERROR_PROXY_FORMAT": .proxy,
        "ERROR_ZERO_CAPTCHA_FILESIZE": .badTask(field: nil),
        "ERROR_TOO_BIG_CAPTCHA_FILESIZE": .badTask(field: nil),
        "NO_PROVIDERS_AVAILABLE": .overloaded,
        // A host releases what it had reserved for a task that failed.
        "ERROR_CAPTCHA_UNSOLVABLE": .unsolvable(charged: false),
        "ERROR_WRONG_CAPTCHA_ID": .taskNotFound,
        "ERROR_REPORT_NOT_RECORDED": .protocolError,
        "ERROR_DUPLICATE_REPORT": .protocolError,
        "ERROR_IDEMPOTENCY_KEY_REUSED": .protocolError,
        "ERROR_NO_SUCH_RECYCLED_KEY": .protocolError,
        "ERROR_RECYCLED_KEY_IN_USE": .protocolError,
        "ERROR_RECYCLING_UNAVAILABLE": .protocolError,
        "ERROR_TOO_MANY_REQUESTS": .overloaded,
        "ERROR_BAD_JSON": .protocolError,
        "ERROR_NESTED_TOO_DEEP": .badTask(field: nil),
        "ERROR_REQUEST_TOO_LARGE": .badTask(field: nil),
        "ERROR_REQUEST_TIMEOUT": .transport,
        "ERROR_NO_SUCH_METHOD": .protocolError,
        "ERROR_METHOD_NOT_ALLOWED": .protocolError,
        "ERROR_SERVER_OVERLOADED": .overloaded,
        "ERROR_STORAGE": .overloaded,
        "ERROR_SERVER_STOPPING": .overloaded,
        "ERROR_INTERNAL": .transport,
    ]

    /// The task's field that a sentence begins with, `task.body: ...`.
    private static func field(_ sentence: String, _ task: JSONObject?) -> String? {
        guard sentence.hasPrefix("task."), let colon = sentence.firstIndex(of: ":") else { return nil }
        let name = String(sentence[..<colon].dropFirst(5))
        return task?[name] == nil ? nil : name
    }
}
