import CreateTaskAPI
import ProviderKit

extension CapMonsterFamilies {
    /// reCAPTCHA. Version 3 is documented to take no proxy.
    static let recaptcha: [FamilyMapping] = [
        FamilyMapping(.recaptchaV2, .one("RecaptchaV2Task"), price: "0.0006", requires: site),
        // Most sites cost a quarter of it; which ones don't is known only to the vendor.
        FamilyMapping(
            .recaptchaV2Enterprise, .one("RecaptchaV2EnterpriseTask"), price: "0.004", requires: site,
            fields: [.optional("enterprisePayload", .object)]),
        FamilyMapping(
            .recaptchaV3, .unproxied("RecaptchaV3TaskProxyless"), price: "0.0009", requires: site, fields: [minScore]),
        FamilyMapping(
            .recaptchaV3Enterprise, .unproxied("RecaptchaV3EnterpriseTask"), price: "0.0015", requires: site,
            fields: [minScore]),
    ]

    private static let minScore = FieldRule.optional("minScore", .number)
}
