/// The calls of Death By Captcha's dialect by their paths.
enum DeathByCaptchaCall: Sendable, Hashable {
    case submit
    case user
    /// By the task's name.
    case result(String)
    case report(String)

    /// Nil for a path that is none of the dialect's.
    init?(path: String) {
        let segments = path.split(separator: "/")
        guard segments.first == "api", segments.count <= 4 else { return nil }
        let rest = segments.dropFirst().drop { $0 == "captcha" }.map(String.init)
        switch rest.count {
        case 0: self = .submit
        case 1: self = rest[0] == "user" ? .user : .result(rest[0])
        case 2 where rest[1] == "report": self = .report(rest[0])
        default: return nil
        }
    }

    var call: APICall {
        switch self {
        case .submit: .createTask
        case .user: .getBalance
        case .result: .getTaskResult
        case .report: .reportTask
        }
    }

    /// Whether this HTTP method is one for the call.
    func takes(_ method: String) -> Bool {
        switch self {
        case .submit, .report: method == "POST"
        case .result: method == "GET" || method == "HEAD"
        case .user: ["GET", "HEAD", "POST"].contains(method)
        }
    }
}
