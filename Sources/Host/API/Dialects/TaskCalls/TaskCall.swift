/// The calls of the JSON dialects by their paths, which are those of all vendors.
enum TaskCall: Sendable, Hashable {
    case createTask, getTaskResult, getBalance, feedbackTask, queueFigures
    /// One of the vendors' many names for a report.
    case report(isGood: Bool)

    /// Every call with its path, in the order of the documentation.
    static let all: [(path: String, call: TaskCall)] =
        [
            ("/createTask", .createTask), ("/getTaskResult", .getTaskResult), ("/getBalance", .getBalance),
            ("/feedbackTask", .feedbackTask),
        ]
        + [
            "/reportCorrect", "/reportCorrectRecaptcha", "/reportCorrectImageCaptcha",
        ].map { ($0, .report(isGood: true)) }
        + [
            "/reportIncorrect", "/reportIncorrectRecaptcha", "/reportIncorrectImageCaptcha",
            "/reportIncorrectHcaptcha", "/reportIncorrectTokenCaptcha",
        ].map { ($0, .report(isGood: false)) }
        + [("/getQueueStats", .queueFigures)]

    private static let byPath = Dictionary(uniqueKeysWithValues: all)

    init?(path: String) {
        guard let call = TaskCall.byPath[path] else { return nil }
        self = call
    }

    /// What the call reads of its body.
    var members: [BodyMember] {
        switch self {
        case .createTask: TaskCall.createTaskMembers
        case .getTaskResult: [.clientKey, .taskID, .wait]
        case .getBalance: [.clientKey]
        case .feedbackTask: [.clientKey, .taskID, .result]
        case .report: [.clientKey, .taskID]
        case .queueFigures: [.queueID]
        }
    }

    private static let createTaskMembers: [BodyMember] =
        [.clientKey, .task, .provider, .selectionMode, .keyPoolMode, .callbackUrl, .languagePool]
        + DialectSigns.antiCaptchaMembers + DialectSigns.capSolverMembers

    var call: APICall {
        switch self {
        case .createTask: .createTask
        case .getTaskResult: .getTaskResult
        case .getBalance: .getBalance
        case .feedbackTask, .report: .reportTask
        case .queueFigures: .queueFigures
        }
    }
}
