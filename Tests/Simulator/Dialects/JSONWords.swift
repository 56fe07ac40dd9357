import ProviderKit

/// Problems in the words of the JSON interfaces.
extension SimulatedVendor {
    /// The code and, where the vendor names the field, a description.
    func jsonWords(_ problem: Problem) -> (code: String, detail: String?) {
        if case .scripted(let code) = problem { return (code, nil) }
        switch vendor {
        case .capSolver: return (capSolverCode(problem), detail(problem))
        case .capMonster: return (capMonsterCode(problem), detail(problem))
        case .antiCaptcha: return (antiCaptchaCode(problem), nil)
        case .twoCaptcha, .multibot: return (twoCaptchaCode(problem), nil)
        }
    }

    private func detail(_ problem: Problem) -> String? {
        switch problem {
        case .missing(let field): "The field \(field) is required."
        case .malformed(let field), .malformedProxy(let field), .badURL(let field):
            "The field \(field) has an invalid value."
        case .unknownType(let type): "The task type \(type) is not supported."
        default: nil
        }
    }

    private func twoCaptchaCode(_ problem: Problem) -> String {
        switch problem {
        case .noKey, .unknownKey, .wrongKeyFormat: "ERROR_KEY_DOES_NOT_EXIST"
        case .banned, .keyBlocked: "ERROR_IP_BLOCKED"
        case .suspended: "ERROR_ACCOUNT_SUSPENDED"
        case .addressNotAllowed: "ERROR_IP_NOT_ALLOWED"
        case .noTask: "ERROR_TASK_ABSENT"
        case .unknownPath: "ERROR_NO_SUCH_METHOD"
        case .unknownType: "ERROR_TASK_NOT_SUPPORTED"
        case .badURL("websiteURL"): "ERROR_PAGEURL"
        case .badSiteKey: "ERROR_RECAPTCHA_INVALID_SITEKEY"
        case .emptyPicture, .smallPicture: "ERROR_ZERO_CAPTCHA_FILESIZE"
        case .largePicture: "ERROR_TOO_BIG_CAPTCHA_FILESIZE"
        case .noPicture: "ERROR_IMAGE_TYPE_NOT_SUPPORTED"
        case .badInstructions: "ERROR_BAD_IMGINSTRUCTIONS"
        case .proxy, .malformedProxy, .badProxyCredentials: "ERROR_BAD_PROXY"
        case .noFunds: "ERROR_ZERO_BALANCE"
        case .noSlot, .rateLimited: "ERROR_NO_SLOT_AVAILABLE"
        case .unknownTask, .pollsUsedUp, .polledTooOften, .reportTooLate: "ERROR_NO_SUCH_CAPCHA_ID"
        case .scripted(let code): code
        default: "ERROR_BAD_PARAMETERS"
        }
    }

    private func antiCaptchaCode(_ problem: Problem) -> String {
        switch problem {
        case .noKey, .unknownKey, .wrongKeyFormat: "ERROR_KEY_DOES_NOT_EXIST"
        case .banned, .keyBlocked: "ERROR_IP_BLOCKED"
        case .suspended: "ERROR_ACCOUNT_SUSPENDED"
        case .addressNotAllowed: "ERROR_IP_NOT_ALLOWED"
        case .noTask, .notJSON: "ERROR_TASK_ABSENT"
        case .unknownPath: "ERROR_NO_SUCH_METHOD"
        case .unknownType: "ERROR_TASK_NOT_SUPPORTED"
        case .badSiteKey: "ERROR_RECAPTCHA_INVALID_SITEKEY"
        case .emptyPicture, .smallPicture: "ERROR_ZERO_CAPTCHA_FILESIZE"
        case .largePicture: "ERROR_TOO_BIG_CAPTCHA_FILESIZE"
        case .noPicture: "ERROR_IMAGE_TYPE_NOT_SUPPORTED"
        case .proxy(let failure): ErrorTables.antiCaptchaProxy(failure)
        case .noFunds: "ERROR_ZERO_BALANCE"
        case .noSlot, .rateLimited: "ERROR_NO_SLOT_AVAILABLE"
        case .unknownTask, .malformedTaskID, .pollsUsedUp, .polledTooOften, .reportTooLate, .alreadyReported,
            .tooManyComplaints:
            "ERROR_NO_SUCH_CAPCHA_ID"
        case .scripted(let code): code
        default: "ERROR_INCORRECT_SESSION_DATA"
        }
    }

    private func capSolverCode(_ problem: Problem) -> String {
        switch problem {
        case .noKey, .unknownKey, .wrongKeyFormat: "ERROR_KEY_DENIED_ACCESS"
        case .banned: "ERROR_IP_BANNED"
        case .keyBlocked, .suspended, .addressNotAllowed: "ERROR_KEY_TEMP_BLOCKED"
        case .noTask, .notJSON, .unknownPath: "ERROR_BAD_REQUEST"
        case .unknownType: "ERROR_TASK_NOT_SUPPORTED"
        case .emptyPicture, .smallPicture, .largePicture: "ERROR_INVALID_IMAGE"
        case .noPicture, .badInstructions: "ERROR_PARSE_IMAGE_FAIL"
        case .unknownQuestion: "ERROR_UNKNOWN_QUESTION"
        case .proxy: "ERROR_PROXY_BANNED"
        case .noFunds: "ERROR_ZERO_BALANCE"
        case .noSlot: "ERROR_SERVICE_UNAVALIABLE"
        case .rateLimited, .polledTooOften: "ERROR_RATE_LIMIT"
        case .unknownTask, .malformedTaskID, .pollsUsedUp, .reportTooLate, .alreadyReported: "ERROR_TASKID_INVALID"
        case .scripted(let code): code
        default: "ERROR_INVALID_TASK_DATA"
        }
    }

    private func capMonsterCode(_ problem: Problem) -> String {
        switch problem {
        case .noKey, .unknownKey, .wrongKeyFormat: "ERROR_KEY_DOES_NOT_EXIST"
        case .banned: "ERROR_IP_BANNED"
        case .keyBlocked, .suspended, .pollsUsedUp: "ERROR_IP_BLOCKED"
        case .addressNotAllowed: "ERROR_IP_NOT_ALLOWED"
        case .noTask, .notJSON: "ERROR_TASK_ABSENT"
        case .unknownPath, .unknownType(""): "ERROR_NO_SUCH_METHOD"
        case .unknownType: "ERROR_TASK_NOT_SUPPORTED"
        case .badSiteKey: "ERROR_RECAPTCHA_INVALID_SITEKEY"
        case .emptyPicture, .smallPicture: "ERROR_ZERO_CAPTCHA_FILESIZE"
        case .largePicture: "ERROR_TOO_BIG_CAPTCHA_FILESIZE"
        case .missingProxy: "ERROR_PROXY_MISSING"
        case .badProxyCredentials: "ERROR_PROXY_CREDENTIALS_INVALID_CHARACTER"
        case .proxy(let failure): ErrorTables.capMonsterProxy(failure)
        case .noFunds: "ERROR_ZERO_BALANCE"
        case .noSlot: "ERROR_NO_SLOT_AVAILABLE"
        case .rateLimited, .polledTooOften: "ERROR_TOO_MUCH_REQUESTS"
        case .malformedTaskID: "WRONG_CAPTCHA_ID"
        case .unknownTask, .reportTooLate, .alreadyReported: "ERROR_NO_SUCH_CAPCHA_ID"
        case .scripted(let code): code
        default: "ERROR_INVALID_TASK"
        }
    }
}

extension ErrorTables {
    static func antiCaptchaProxy(_ failure: Int) -> String {
        antiCaptcha.first { $0.id == failure && $0.code.contains("PROXY") }?.code ?? "ERROR_PROXY_CONNECT_REFUSED"
    }

    static func capMonsterProxy(_ failure: Int) -> String {
        switch failure {
        case 27: "ERROR_PROXY_READ_TIMEOUT"
        case 28: "ERROR_PROXY_BANNED"
        case 49: "ERROR_PROXY_NOT_AUTHORISED"
        default: "ERROR_PROXY_CONNECT_REFUSED"
        }
    }
}
