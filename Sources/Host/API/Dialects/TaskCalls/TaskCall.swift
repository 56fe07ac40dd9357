/// The calls of the JSON dialects by their paths, which are those of all vendors.
enum TaskCall: Sendable, Hashable {
    case createTask, getTaskResult, getBalance, feedbackTask, queueFigures
    /// One of the vendors' many names for a report.
    case report(isGood: Bool)

    init?(path: Substring) {
        switch path {
        case "/createTask": self = .createTask
        case "/getTaskResult": self = .getTaskResult
        case "/getBalance": self = .getBalance
        case "/feedbackTask": self = .feedbackTask
        case "/getQueueStats": self = .queueFigures
        default:
            guard let isGood = TaskCall.reports[String(path)] else { return nil }
            self = .report(isGood: isGood)
        }
    }

    var call: APICall {
        switch self {
        case .createTask: .createTask
        case .getTaskResult: .getTaskResult
        case .getBalance: .getBalance
        case .feedbackTask, .report: .reportTask
        case .queueFigures: .queueFigures
        }
    }

    private static let reports: [String: Bool] = [
        "/reportCorrect": true, "/reportCorrectRecaptcha": true, "/reportCorrectImageCaptcha": true,
        "/reportIncorrect": false, "/reportIncorrectRecaptcha": false, "/reportIncorrectImageCaptcha": false,
        "/reportIncorrectHcaptcha": false, "/reportIncorrectTokenCaptcha": false,
    ]
}
