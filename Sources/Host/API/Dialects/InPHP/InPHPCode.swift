import Domain

/// Every code that in.php and res.php answer with: the closed set of this dialect.
enum InPHPCode: String, Sendable, Hashable, CaseIterable {
    case keyFormat = "ERROR_WRONG_USER_KEY"
    case unknownKey = "ERROR_KEY_DOES_NOT_EXIST"
    case keyNotPermitted = "ERROR_KEY_NOT_PERMITTED"
    case ipNotAllowed = "ERROR_IP_NOT_ALLOWED"
    case accountSuspended = "ERROR_ACCOUNT_SUSPENDED"
    case zeroBalance = "ERROR_ZERO_BALANCE"
    case pageURL = "ERROR_PAGEURL"
    case googleKey = "ERROR_GOOGLEKEY"
    case siteKey = "ERROR_SITEKEY"
    case badParameters = "ERROR_BAD_PARAMETERS"
    case method = "ERROR_METHOD_CALL"
    case upload = "ERROR_UPLOAD"
    case emptyImage = "ERROR_ZERO_CAPTCHA_FILESIZE"
    case imageTooBig = "ERROR_TOO_BIG_CAPTCHA_FILESIZE"
    case badProxy = "ERROR_BAD_PROXY"
    case proxyFormat = "ERROR_PROXY_FORMAT"
    case noSlot = "ERROR_NO_SLOT_AVAILABLE"
    case tooManySubmits = "MAX_USER_TURN"
    case tooManyPolls = "ERROR: 1005"
    case emptyAction = "ERROR_EMPTY_ACTION"
    case idFormat = "ERROR_WRONG_ID_FORMAT"
    case unknownID = "ERROR_WRONG_CAPTCHA_ID"
    case notReady = "CAPCHA_NOT_READY"
    case unsolvable = "ERROR_CAPTCHA_UNSOLVABLE"
    case reportNotRecorded = "ERROR_REPORT_NOT_RECORDED"
    case duplicateReport = "ERROR_DUPLICATE_REPORT"
    case idempotencyKeyReused = "ERROR_IDEMPOTENCY_KEY_REUSED"
    case unavailable = "ERROR_SERVICE_NOT_AVAILABLE"
    case internalError = "ERROR_INTERNAL"
}

extension InPHPCode {
    /// What an error of the catalogue is called here.
    ///
    /// - Parameters:
    ///   - isSubmit: whether it is about in.php: some words are different there.
    ///   - parameter: the parameter that it is about, as in.php names it.
    init(_ error: ClientError, isSubmit: Bool, parameter: String? = nil) {
        self =
            switch error.code {
            case .keyDoesNotExist: .unknownKey
            case .keyNotPermitted: .keyNotPermitted
            case .ipNotAllowed: .ipNotAllowed
            case .accountSuspended: .accountSuspended
            case .zeroBalance, .keySpendLimit: .zeroBalance
            case .badParameters: InPHPCode.parameter(parameter)
            case .taskAbsent, .badJSON, .nestedTooDeep, .methodNotAllowed: .badParameters
            case .taskNotSupported: isSubmit ? .method : .unsolvable
            case .badProxy: .badProxy
            case .proxyFormat: .proxyFormat
            case .emptyImage: .emptyImage
            case .imageTooBig, .requestTooLarge: .imageTooBig
            case .requestTimeout: .upload
            case .noProviders, .overloaded, .keyTaskLimit: .noSlot
            case .unsolvable: .unsolvable
            case .wrongTaskID, .noSuchRecycledKey: .unknownID
            case .reportNotRecorded: .reportNotRecorded
            case .duplicateReport: .duplicateReport
            case .idempotencyKeyReused, .recycledKeyInUse: .idempotencyKeyReused
            case .tooManyRequests: isSubmit ? .tooManySubmits : .tooManyPolls
            case .noSuchMethod: .emptyAction
            case .recyclingUnavailable, .storage, .stopping: .unavailable
            case .internalError: .internalError
            }
    }

    private static func parameter(_ name: String?) -> InPHPCode {
        switch name {
        case "pageurl": .pageURL
        case "googlekey": .googleKey
        case "sitekey", "publickey", "captchakey": .siteKey
        default: .badParameters
        }
    }
}
