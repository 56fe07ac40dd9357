import Domain
import ProviderKit

/// What a request of createTask shows of the client that sends it: how it spells the task's type, and what it sends
/// beside the task.
enum DialectSigns {
    /// The dialect of the client; where nothing shows it, that of most: Anti-Captcha's.
    ///
    /// - Parameter envelope: the members of the request.
    static func dialect(of task: JSONObject, in envelope: JSONObject) -> ClientDialect {
        if let type = task["type"]?.string, let dialect = dialect(ofType: type) { return dialect }
        if envelope["softId"] != nil || envelope["soft_id"] != nil { return .anticaptcha }
        if ["appId", "source", "version"].contains(where: { envelope[$0] != nil }) { return .capsolver }
        return .anticaptcha
    }

    /// The dialect in which alone a type is spelled so; nil for one that several spell so, or nobody.
    static func dialect(ofType type: String) -> ClientDialect? {
        let trimmed = type.drop { $0 == " " }.prefix { $0 != " " }
        if trimmed.hasSuffix("Token") || trimmed.hasSuffix("TokenProxyLess") { return .ucaptcha }
        if trimmed.hasSuffix("ProxyLess") || capSolverTypes.contains(String(trimmed)) { return .capsolver }
        return nil
    }

    /// CapSolver's names without that suffix that nobody else writes so.
    private static let capSolverTypes: Set<String> = [
        "ReCaptchaV2Task", "ReCaptchaV2EnterpriseTask", "ReCaptchaV3Task", "ReCaptchaV3EnterpriseTask",
        "AntiTurnstileTask", "AntiCloudflareTask", "DatadomeSliderTask", "AntiAwsWafTask", "VisionEngine",
        "ReCaptchaV2Classification", "AwsWafClassification",
    ]
}
