import Domain
import ProviderKit

/// A ban of res.php and in.php, told by its own code.
struct FormBan: Sendable {
    let code: String
    let until: Timestamp
}

/// What a key did wrong in the last minute.
struct FormCounts: Sendable {
    var noSlot = CallWindow(seconds: 60)
    var noFunds = CallWindow(seconds: 60)
    var errors = 0
}

extension SimulatedVendor {
    /// Counts an error of in.php; 2Captcha bans keys that make too many.
    mutating func countFormError(_ problem: Problem, _ key: String, _ now: Timestamp) {
        guard limits.budgetsPolls else { return }
        var counts = formErrors[key] ?? FormCounts()
        counts.errors += 1
        var ban: (code: String, seconds: Double)?
        switch problem {
        case .rateLimited: ban = ("MAX_USER_TURN", 10)
        case .noFunds: if counts.noFunds.count(at: now) >= 120 { ban = ("ERROR: 1002", 300) }
        case .noSlot, .scripted("ERROR_NO_SLOT_AVAILABLE"):
            if counts.noSlot.count(at: now) >= 120 { ban = ("ERROR: 1001", 600) }
        default: break
        }
        if ban == nil, counts.errors >= 120, counts.errors >= 3 * (accounts[key]?.tasks ?? 0) {
            ban = ("ERROR: 1003", 30)
            counts.errors = 0
        }
        formErrors[key] = counts
        if let ban { formBans[key] = FormBan(code: ban.code, until: now.adding(seconds: ban.seconds)) }
    }

    /// Counts a call of res.php: at most 20 for each task and 1200 beyond.
    mutating func countFormCall(_ key: String, _ now: Timestamp) throws(Problem) {
        guard limits.budgetsPolls, let account = accounts[key] else { return }
        accounts[key]?.formCalls += 1
        guard account.formCalls + 1 > 20 * account.formTasks + 1200 else { return }
        accounts[key]?.formCalls = 0
        accounts[key]?.formTasks = 0
        formBans[key] = FormBan(code: "ERROR: 1005", until: now.adding(seconds: 300))
        throw .scripted("ERROR: 1005")
    }

    func formCode(_ problem: Problem) -> String {
        switch problem {
        case .noKey, .wrongKeyFormat: "ERROR_WRONG_USER_KEY"
        case .unknownKey: "ERROR_KEY_DOES_NOT_EXIST"
        case .banned, .keyBlocked, .suspended: "IP_BANNED"
        case .addressNotAllowed: "ERROR_IP_NOT_ALLOWED"
        case .badURL("pageurl"): "ERROR_PAGEURL"
        case .missing("googlekey"): "ERROR_GOOGLEKEY"
        case .badSiteKey: "ERROR_WRONG_GOOGLEKEY"
        case .emptyPicture, .smallPicture: "ERROR_ZERO_CAPTCHA_FILESIZE"
        case .largePicture: "ERROR_TOO_BIG_CAPTCHA_FILESIZE"
        case .noPicture, .badInstructions: "ERROR_IMAGE_TYPE_NOT_SUPPORTED"
        case .malformedProxy, .missingProxy, .badProxyCredentials: "ERROR_PROXY_FORMAT"
        case .proxy: "ERROR_BAD_PROXY"
        case .noFunds: "ERROR_ZERO_BALANCE"
        case .noSlot: "ERROR_NO_SLOT_AVAILABLE"
        case .rateLimited: "MAX_USER_TURN"
        case .unknownTask, .pollsUsedUp, .polledTooOften: "ERROR_WRONG_CAPTCHA_ID"
        case .malformedTaskID: "ERROR_WRONG_ID_FORMAT"
        case .emptyAction: "ERROR_EMPTY_ACTION"
        case .alreadyReported: "ERROR_DUPLICATE_REPORT"
        case .reportTooLate, .tooManyComplaints: "ERROR_REPORT_NOT_RECORDED"
        case .scripted(let code): code
        default: "ERROR_BAD_PARAMETERS"
        }
    }

    func multibotCode(_ problem: Problem) -> String {
        switch problem {
        case .noKey, .wrongKeyFormat, .unknownKey, .banned, .keyBlocked, .suspended, .addressNotAllowed:
            "ERROR_WRONG_USER_KEY"
        case .noFunds: "ERROR_USER_BALANCE_ZERO"
        case .unknownTask, .malformedTaskID, .pollsUsedUp, .polledTooOften: "ERROR_NOT_CAPTCHA_ID"
        case .scripted(let code): code
        default: "ERROR_BAD_PARAMETERS"
        }
    }
}
