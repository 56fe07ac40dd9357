import ProviderKit

extension Fault {
    /// The answer's JSON object when all is well.
    ///
    /// A page of HTML or a status alone never blames the key: only the vendor's own words do.
    static func check(_ response: HTTPResponse) throws(Fault) -> JSONObject {
        if response.status >= 500 { throw Fault(.transport, "HTTP \(response.status)") }
        if response.status == 429 {
            let seconds = response.header("retry-after").flatMap { Double($0) }
            throw Fault(.rateLimited(.key, retryAfterSeconds: seconds), "HTTP 429")
        }
        // Errors come with HTTP 200, 400 or 401; what counts is the object.
        guard let answer = (try? JSONValue(parsing: response.body))?.object else {
            throw Fault(.protocolError, "HTTP \(response.status) with an answer that is no JSON object.")
        }
        if answer["errorId"]?.integer == 0 { return answer }
        guard let code = answer["errorCode"]?.string else {
            throw Fault(.protocolError, "HTTP \(response.status) with an error that has no code.")
        }
        // A code that is not in the table is new to this adapter: it blames nobody's key and nobody's task.
        throw Fault(kinds[code] ?? .protocolError, "\(code): \(answer["errorDescription"]?.string ?? "")")
    }

    /// All error codes of the vendor's documentation. The kind decides what the host does next: the guide has a
    /// table of faults and their blame.
    static let kinds: [String: Kind] = [
        "ERROR_KEY_DOES_NOT_EXIST": .invalidKey,
        "ERROR_KEY_SUSPENDED": .keyDisabled,
        "ERROR_ZERO_BALANCE": .noFunds,
        "ERROR_IP_NOT_ALLOWED": .ipNotAllowed,
        "ERROR_IP_BANNED": .banned(.provider, untilUnixSeconds: nil),
        "ERROR_TOO_MANY_REQUESTS": .rateLimited(.key, retryAfterSeconds: nil),
        "ERROR_NO_SLOT_AVAILABLE": .overloaded,
        "ERROR_TASK_NOT_SUPPORTED": .unsupportedTask,
        "ERROR_BAD_SITEKEY": .badTask(field: "websiteKey"),
        "ERROR_BAD_PARAMETERS": .badTask(field: nil),
        "ERROR_CAPTCHA_UNSOLVABLE": .unsolvable(charged: false),
        "ERROR_NO_SUCH_TASK": .taskNotFound,
    ]
}
