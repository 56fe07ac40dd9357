import CreateTaskAPI
import ProviderKit

extension AntiCaptchaFamilies {
    /// reCAPTCHA. Version 3 has no variant with a proxy, and enterprise is a flag there.
    static let recaptcha: [FamilyMapping] = [
        FamilyMapping(
            .recaptchaV2, .pair("RecaptchaV2Task"), price: "0.002", requires: site,
            fields: [.optional("isInvisible", .flag)]),
        FamilyMapping(
            .recaptchaV2Enterprise, .pair("RecaptchaV2EnterpriseTask"), price: "0.005", requires: site,
            fields: [.optional("isInvisible", .flag), .optional("enterprisePayload", .object)]),
        FamilyMapping(
            .recaptchaV3, .proxylessOnly("RecaptchaV3TaskProxyless"), price: "0.002", requires: site,
            fields: [minScore]),
        FamilyMapping(
            .recaptchaV3Enterprise, .proxylessOnly("RecaptchaV3TaskProxyless"), price: "0.005", requires: site,
            fields: [minScore, .constant("isEnterprise", true), .optional("enterprisePayload", .object)]),
    ]

    /// Its workers are in three classes by their score; a task gets the lowest class that reaches what it asks for.
    private static let minScore = FieldRule.optional("minScore", scoreClass, otherwise: .number(.tenths(3)))

    private static let scoreClass = ValueForm("a number from 0 to 1") { value in
        guard let score = ValueForm.number.convert(value)?.double, (0...1).contains(score) else { return nil }
        return .number(.tenths(score <= 0.3 ? 3 : score <= 0.7 ? 7 : 9))
    }
}
