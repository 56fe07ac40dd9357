import Domain

/// What sets the answers of one JSON dialect apart from those of the others: data, so that a further dialect is a
/// further value.
struct AnswerShape: Sendable {
    /// How a task is named.
    enum Name: Sendable {
        case number
        case uuid
    }

    /// What a result tells beside the solution.
    enum Facts: Sendable {
        case nothing
        /// `cost` and `solveTime`, the latter in milliseconds.
        case charge
        /// `cost`, `ip`, `createTime` and `endTime` in seconds since 1970, and `solveCount`.
        case times
    }

    var name = Name.number
    /// Whether createTask tells a status.
    var createdHasStatus = false
    /// Whether getTaskResult repeats the task's name.
    var resultHasName = false
    var facts = Facts.nothing
    /// Whether `cost` is text; else a number.
    var costIsText = false
    /// Whether a task that failed is an error, or an answer like any other.
    var failureIsError = true
    /// Whether errors come under their documented HTTP statuses; else under 200.
    var hasStatuses = false
    /// What feedbackTask answers.
    var feedbackMessage = "Feedback recorded"
    /// Types, in lower case, whose solution createTask itself tells when it comes at once.
    var instantTypes: Set<String> = []
    /// What errors are called here that have another name in the catalogue.
    var codes: [ErrorCode: String] = [:]
    /// What is said instead of `ERROR_BAD_PARAMETERS` where a field of this name, in lower case, is wrong.
    var fieldCodes: [String: String] = [:]

    /// Whether createTask itself tells the solution of a task of this type when it comes at once.
    func isInstant(_ type: String) -> Bool {
        !instantTypes.isEmpty && instantTypes.contains(type.lowercased())
    }

    /// What an error is called here.
    func code(_ error: ClientError) -> String {
        if error.code == .badParameters, !fieldCodes.isEmpty, let field = error.field {
            let name = field.lowercased()
            let code = fieldCodes[name.hasPrefix("task.") ? String(name.dropFirst(5)) : name]
            if let code { return code }
        }
        return codes[error.code] ?? error.code.rawValue
    }
}

extension AnswerShape {
    /// Nil: of what belongs to no dialect.
    init(_ dialect: ClientDialect?) {
        switch dialect {
        case .ucaptcha: self = .ucaptcha
        case .anticaptcha: self = .antiCaptcha
        case .capsolver: self = .capSolver
        case .capmonster: self = .capMonster
        case .twoCaptcha: self = .twoCaptcha
        case nil: self = .automatic
        }
    }

    /// What belongs to no dialect.
    static let automatic = AnswerShape()

    /// What the services have in common that number their errors as Anti-Captcha does.
    static let commonCodes: [ErrorCode: String] = [
        .taskNotSupported: "ERROR_TASK_NOT_SUPPORTED", .noProviders: "ERROR_NO_SLOT_AVAILABLE",
        .overloaded: "ERROR_NO_SLOT_AVAILABLE", .wrongTaskID: "ERROR_NO_SUCH_CAPCHA_ID",
        .keyTaskLimit: "ERROR_NO_SLOT_AVAILABLE", .keySpendLimit: "ERROR_ZERO_BALANCE",
    ]

    /// Codes with others in the place of some.
    static func codes(_ codes: [ErrorCode: String], _ others: [ErrorCode: String]) -> [ErrorCode: String] {
        codes.merging(others) { _, other in other }
    }
}
