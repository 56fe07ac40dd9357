/// The calls of Death By Captcha's dialect by their paths.
enum DeathByCaptchaCall: Sendable, Hashable {
    case submit
    case user
    /// Whether the service can take tasks.
    case service
    /// By the task's name.
    case result(String)
    case report(String)

    /// Every path with its methods, those of the vendor's own clients first; `{captcha}` stands for a task's name.
    /// HEAD is left out, which has the head of what GET has.
    static let all: [(method: String, path: String)] = [
        ("POST", "/api/captcha"), ("GET", "/api/captcha/{captcha}"), ("POST", "/api/captcha/{captcha}/report"),
        ("GET", "/api"), ("GET", "/api/status"), ("POST", "/api"), ("GET", "/api/{captcha}"),
        ("POST", "/api/{captcha}/report"), ("GET", "/api/user"), ("POST", "/api/user"),
    ]

    /// Nil for a path that is none of the dialect's.
    ///
    /// - Parameter method: nil when it is not known yet. To read the dialect's root is to ask for the account.
    init?(_ method: String?, path: String) {
        let segments = path.split(separator: "/")
        guard segments.first == "api", segments.count <= 4 else { return nil }
        let rest = segments.dropFirst().drop { $0 == "captcha" }.map(String.init)
        switch rest.count {
        case 0: self = segments.count == 1 && ["GET", "HEAD"].contains(method) ? .user : .submit
        case 1 where segments.count == 2 && rest[0] == "user": self = .user
        case 1 where segments.count == 2 && rest[0] == "status": self = .service
        case 1: self = .result(rest[0])
        case 2 where rest[1] == "report": self = .report(rest[0])
        default: return nil
        }
    }

    var call: APICall {
        switch self {
        case .submit: .createTask
        case .user: .getBalance
        case .service: .queueFigures
        case .result: .getTaskResult
        case .report: .reportTask
        }
    }

    /// The HTTP methods that there are at a path.
    static func methods(at path: String) -> [String] {
        ["GET", "HEAD", "POST"].filter { DeathByCaptchaCall($0, path: path)?.methods.contains($0) ?? false }
    }

    /// The HTTP methods of the call.
    var methods: [String] {
        switch self {
        case .submit, .report: ["POST"]
        case .result, .service: ["GET", "HEAD"]
        case .user: ["GET", "HEAD", "POST"]
        }
    }
}
