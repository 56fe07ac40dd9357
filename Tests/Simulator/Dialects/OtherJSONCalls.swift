import Domain
import ProviderKit

/// Reports, statistics and the rest.
extension SimulatedVendor {
    mutating func otherJSON(_ name: String, _ body: JSONValue, _ key: String, _ now: Timestamp) throws(Problem)
        -> JSONValue
    {
        switch name {
        case "feedbackTask":
            guard body["result"]?["invalid"]?.bool != nil else { throw .missing("result.invalid") }
            let good = body["result"]?["invalid"]?.bool == false
            try report(try givenID(body), key: key, good: good, now)
            return ["errorId": 0, "errorCode": "", "errorDescription": "", "message": "okay"]
        case "getSpendingStats":
            return ["errorId": 0, "data": []]
        case "getAppStats":
            return ["errorId": 0, "chartData": []]
        case "pushAntiGateVariable":
            guard let task = tasks[try givenID(body)], task.type == "AntiGateTask" else { throw .unknownTask }
            guard body["name"]?.string != nil, body["value"] != nil else { throw .missing("name") }
            return ["errorId": 0, "status": "success"]
        default:
            let families = vendor == .twoCaptcha ? nil : Vendor.reportedFamilies(name)
            try report(
                try givenID(body), key: key, good: name.hasPrefix("reportCorrect"), families: families, now)
            return ["errorId": 0, "status": "success"]
        }
    }
}

extension Vendor {
    /// The paths of the JSON interface that want a key.
    var jsonCalls: Set<String> {
        let common: Set<String> = ["createTask", "getTaskResult", "getBalance"]
        switch self {
        case .twoCaptcha:
            return common.union([
                "reportCorrect", "reportIncorrect", "reportCorrectRecaptcha", "reportIncorrectImageCaptcha",
                "reportIncorrectRecaptcha",
            ])
        case .capSolver: return common.union(["feedbackTask"])
        case .antiCaptcha:
            return common.union([
                "reportIncorrectImageCaptcha", "reportIncorrectRecaptcha", "reportCorrectRecaptcha",
                "reportIncorrectHcaptcha", "getSpendingStats", "getAppStats", "pushAntiGateVariable",
            ])
        case .capMonster:
            return common.union([
                "reportIncorrectImageCaptcha", "reportIncorrectTokenCaptcha", "reportIncorrectRecaptcha",
            ])
        case .multibot: return []
        }
    }

    /// The families that may be reported by a path of Anti-Captcha or CapMonster.
    static func reportedFamilies(_ name: String) -> Set<String> {
        let recaptcha: Set<String> = [
            "recaptchaV2", "recaptchaV2Enterprise", "recaptchaV3", "recaptchaV3Enterprise",
        ]
        switch name {
        case "reportIncorrectImageCaptcha":
            return ["imageToText", "coordinates", "boundingBox", "grid", "complexImage"]
        case "reportIncorrectHcaptcha": return ["hcaptcha"]
        case "reportIncorrectTokenCaptcha", "reportIncorrectRecaptcha":
            return recaptcha.union(["geetestV3", "geetestV4", "turnstile", "cloudflareToken"])
        default: return recaptcha
        }
    }
}

/// Calls of Anti-Captcha without a key.
enum AntiCaptchaCalls {
    /// Numbers of a queue; `bid` is the price of a task, here as text.
    static func queueStats(_ body: JSONValue?) -> JSONValue {
        let queue = body?["queueId"]?.integer ?? 0
        return [
            "waiting": .number(JSONNumber(300 + queue)), "load": .decimal("60.33"),
            "bid": .string("0.0008600982\(queue)"), "speed": .decimal("10.77"), "total": .number(JSONNumber(762)),
        ]
    }
}
