/// Every error that a client can be given: the closed set. The documentation's table is made from it.
public enum ErrorCode: String, Sendable, Hashable, CaseIterable {
    case keyDoesNotExist = "ERROR_KEY_DOES_NOT_EXIST"
    case keyNotPermitted = "ERROR_KEY_NOT_PERMITTED"
    case ipNotAllowed = "ERROR_IP_NOT_ALLOWED"
    case accountSuspended = "ERROR_ACCOUNT_SUSPENDED"
    case zeroBalance = "ERROR_ZERO_BALANCE"
    case keyTaskLimit = "ERROR_KEY_TASK_LIMIT"
    case keySpendLimit = "ERROR_KEY_SPEND_LIMIT"
    case badParameters = "ERROR_BAD_PARAMETERS"
    case taskAbsent = "ERROR_TASK_ABSENT"
    case taskNotSupported = "TASK_NOT_SUPPORTED"
    case badProxy = "ERROR_BAD_PROXY"
    case proxyFormat = "ERROR_PROXY_FORMAT"
    case emptyImage = "ERROR_ZERO_CAPTCHA_FILESIZE"
    case imageTooBig = "ERROR_TOO_BIG_CAPTCHA_FILESIZE"
    case noProviders = "NO_PROVIDERS_AVAILABLE"
    case unsolvable = "ERROR_CAPTCHA_UNSOLVABLE"
    case wrongTaskID = "ERROR_WRONG_CAPTCHA_ID"
    case reportNotRecorded = "ERROR_REPORT_NOT_RECORDED"
    case duplicateReport = "ERROR_DUPLICATE_REPORT"
    case idempotencyKeyReused = "ERROR_IDEMPOTENCY_KEY_REUSED"
    case noSuchRecycledKey = "ERROR_NO_SUCH_RECYCLED_KEY"
    case recycledKeyInUse = "ERROR_RECYCLED_KEY_IN_USE"
    case recyclingUnavailable = "ERROR_RECYCLING_UNAVAILABLE"
    case tooManyRequests = "ERROR_TOO_MANY_REQUESTS"
    case badJSON = "ERROR_BAD_JSON"
    case nestedTooDeep = "ERROR_NESTED_TOO_DEEP"
    case requestTooLarge = "ERROR_REQUEST_TOO_LARGE"
    case requestTimeout = "ERROR_REQUEST_TIMEOUT"
    case noSuchMethod = "ERROR_NO_SUCH_METHOD"
    case methodNotAllowed = "ERROR_METHOD_NOT_ALLOWED"
    case overloaded = "ERROR_SERVER_OVERLOADED"
    case storage = "ERROR_STORAGE"
    case stopping = "ERROR_SERVER_STOPPING"
    case internalError = "ERROR_INTERNAL"

    /// The documented HTTP status, for the dialects that show it; the others answer 200.
    public var httpStatus: Int { facts.status }
    /// A sentence for people that says what to do.
    public var sentence: String { facts.sentence }
    /// The value of the label `code` in metrics: short, and one of this set.
    public var label: String { rawValue.lowercased().replacing("error_", with: "") }

    private var facts: (status: Int, sentence: String) {
        switch self {
        case .keyDoesNotExist:
            (401, "This API key is not known here. Check it: `ucap_` and 32 letters and digits.")
        case .keyNotPermitted:
            (403, "This API key lacks the scope that the call needs. Use another key of the account.")
        case .ipNotAllowed:
            (
                403,
                "This API key may not be used from this address. Use an allowed one, or have this one allowed."
            )
        case .accountSuspended: (403, "The account is suspended. Ask the operator of this service.")
        case .zeroBalance:
            (402, "The available balance does not cover this task. Add funds, or wait for open tasks to end.")
        case .keyTaskLimit: (429, "This API key has as many open tasks as it may have. Wait for one of them to end.")
        case .keySpendLimit:
            (
                402,
                "This API key has spent what it may spend in a day. Wait for midnight in UTC, or have its limit raised."
            )
        case .badParameters: (400, "A field is missing or has a value that cannot be used.")
        case .taskAbsent: (400, "The field `task` is missing. Send the task as an object with its type.")
        case .taskNotSupported: (400, "This kind of task is not known here. Check how it is spelled.")
        case .badProxy: (400, "The proxy of the task does not work. Check that it is up and its credentials are right.")
        case .proxyFormat:
            (400, "The proxy cannot be read. Send type://user:password@host:port, or proxyAddress and its companions.")
        case .emptyImage: (400, "The picture or recording is too small to be one. Send the whole file in base64.")
        case .imageTooBig: (400, "The picture or recording is too large. Send a smaller file.")
        case .noProviders: (503, "No provider can take this task at the moment. Try again later.")
        case .unsolvable: (200, "The task could not be solved. Try again.")
        case .wrongTaskID: (404, "There is no such task of this account, or it has expired.")
        case .reportNotRecorded: (400, "This task has no solution to report on. Report after it has been solved.")
        case .duplicateReport: (409, "This task was reported on before. A task takes one report.")
        case .idempotencyKeyReused:
            (409, "This idempotency key came with another request before. Use another one for another task.")
        case .noSuchRecycledKey: (404, "There is no such recycled key of this account. Check its number.")
        case .recycledKeyInUse:
            (
                409,
                "This provider key is in use here already, by the platform or another account. Hand over another key."
            )
        case .recyclingUnavailable:
            (503, "This service takes no provider keys at the moment. Ask its operator, or try again later.")
        case .tooManyRequests: (429, "This was asked for too often. Try again later.")
        case .badJSON: (400, "The body is no JSON object. Send one with content type application/json.")
        case .nestedTooDeep: (400, "The body's JSON is nested too deeply.")
        case .requestTooLarge: (413, "The request is larger than this service accepts.")
        case .requestTimeout: (408, "The request's body did not arrive in time. Send it at once.")
        case .noSuchMethod: (404, "There is no such call. Check the path.")
        case .methodNotAllowed: (405, "This call needs another HTTP method. Use POST.")
        case .overloaded: (503, "The service has as much work as it can take. Try again in a few seconds.")
        case .storage: (503, "The service cannot store anything at the moment. Try again later.")
        case .stopping: (503, "The service is being stopped. Try again in a moment.")
        case .internalError: (500, "Something went wrong here. Try again; tell the operator if it lasts.")
        }
    }
}

/// An error on its way to a client: a code of the catalogue, with what is special about this case.
public struct ClientError: Error, Sendable, Hashable {
    /// What kind of error it is.
    public let code: ErrorCode
    /// The field it is about, as the client spells it: `task.challengeURL`.
    public let field: String?
    /// What is wrong here, a sentence; empty when the catalogue's sentence says it all. Never holds a secret.
    public let detail: String
    /// Whole seconds after which it may be tried again; nil where nobody knows.
    public let retryAfterSeconds: Int?

    public init(_ code: ErrorCode, field: String? = nil, _ detail: String = "") {
        self.code = code
        self.field = field
        self.detail = detail
        retryAfterSeconds = nil
    }

    /// That something was asked for too often, and when it may be again.
    ///
    /// - Parameters:
    ///   - bound: how often it may be, a sentence.
    ///   - seconds: how long to wait; told in the sentence, rounded up.
    public init(tooMany bound: String, again seconds: Double) {
        let whole = max(Int(seconds.rounded(.up)), 1)
        let minutes = (whole + 59) / 60
        let time = whole < 120 ? "\(whole) \(whole == 1 ? "second" : "seconds")" : "\(minutes) minutes"
        code = .tooManyRequests
        field = nil
        detail = "\(bound) Try again in \(time)."
        retryAfterSeconds = whole
    }

    /// The text for people: field, detail, and what the catalogue says.
    public var description: String {
        let special = [field.map { "\($0):" }, detail.isEmpty ? nil : detail].compactMap(\.self)
        return (special.isEmpty ? [code.sentence] : special + (detail.isEmpty ? [code.sentence] : [])).joined(
            separator: " ")
    }
}
