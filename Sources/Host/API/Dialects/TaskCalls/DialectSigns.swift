import Domain
import ProviderKit

/// What a request of createTask shows of the client that sends it: how it spells the task's type, and what it sends
/// beside the task.
enum DialectSigns {
    /// The dialect of the client; where nothing shows it, that of most: Anti-Captcha's.
    ///
    /// - Parameter envelope: the body of the request.
    static func dialect(of task: JSONObject, in envelope: JSONBody) -> ClientDialect {
        if let type = task["type"]?.string, let dialect = dialect(ofType: type) { return dialect }
        if antiCaptchaMembers.contains(where: { envelope[$0] != nil }) { return .anticaptcha }
        if capSolverMembers.contains(where: { envelope[$0] != nil }) { return .capsolver }
        return .anticaptcha
    }

    /// The dialect in which alone a type is spelled so; nil for one that several spell so, or nobody.
    static func dialect(ofType type: String) -> ClientDialect? {
        // By bytes: each task that is sent to the root comes by here.
        let blank = UInt8(ascii: " ")
        let trimmed = type.utf8.drop { $0 == blank }.prefix { $0 != blank }
        let name = ends(trimmed, with: "ProxyLess") ? trimmed.dropLast("ProxyLess".utf8.count) : trimmed
        if ends(name, with: "Token") { return .ucaptcha }
        if name.count < trimmed.count || capSolverTypes.contains(String(Substring(trimmed))) { return .capsolver }
        return nil
    }

    private static func ends(_ text: Substring.UTF8View, with end: String) -> Bool {
        text.suffix(end.utf8.count).elementsEqual(end.utf8)
    }

    /// What only clients of Anti-Captcha send beside a task.
    static let antiCaptchaMembers: [BodyMember] = [.softID, .softIDWithLine]
    /// What only clients of CapSolver send beside a task.
    static let capSolverMembers: [BodyMember] = [.appID, .source, .version]

    /// CapSolver's names without that suffix that nobody else writes so.
    private static let capSolverTypes: Set<String> = [
        "ReCaptchaV2Task", "ReCaptchaV2EnterpriseTask", "ReCaptchaV3Task", "ReCaptchaV3EnterpriseTask",
        "AntiTurnstileTask", "AntiCloudflareTask", "DatadomeSliderTask", "AntiAwsWafTask", "VisionEngine",
        "ReCaptchaV2Classification", "AwsWafClassification",
    ]
}
