import CreateTaskAPI
import ProviderKit

extension CapSolverFamilies {
    /// reCAPTCHA, all four with and without a proxy.
    static let recaptcha: [FamilyMapping] = [
        mapping(.recaptchaV2, "ReCaptchaV2Task", price: "0.0008"),
        mapping(.recaptchaV2Enterprise, "ReCaptchaV2EnterpriseTask", price: "0.001"),
        mapping(.recaptchaV3, "ReCaptchaV3Task", price: "0.001"),
        mapping(.recaptchaV3Enterprise, "ReCaptchaV3EnterpriseTask", price: "0.003"),
    ]

    private static func mapping(_ family: TaskFamily, _ type: String, price: String) -> FamilyMapping {
        FamilyMapping(
            family, .pair(type, suffix: "ProxyLess"), price: price, requires: site,
            fields: [.optional("minScore", .number), .optional("enterprisePayload", .object)])
    }
}
