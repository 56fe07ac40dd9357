import CreateTaskAPI
import ProviderKit

extension TwoCaptchaFamilies {
    /// reCAPTCHA. Version 3 is documented to be solved without a client's proxy.
    static let recaptcha: [FamilyMapping] = [
        FamilyMapping(
            .recaptchaV2, .pair("RecaptchaV2Task"), price: "0.00299", pollPlan: recaptchaPlan, requires: site),
        FamilyMapping(
            .recaptchaV2Enterprise, .pair("RecaptchaV2EnterpriseTask"), price: "0.00299", pollPlan: recaptchaPlan,
            requires: site,
            fields: [.optional("enterprisePayload", .object)]),
        FamilyMapping(
            .recaptchaV3, .unproxied("RecaptchaV3TaskProxyless"), price: "0.00299", pollPlan: recaptchaPlan,
            requires: site, fields: [minScore]),
        FamilyMapping(
            .recaptchaV3Enterprise, .unproxied("RecaptchaV3TaskProxyless"), pollPlan: recaptchaPlan, requires: site,
            fields: [minScore, .constant("isEnterprise", true), .optional("enterprisePayload", .object)]),
    ]

    /// It has to be there; 0.3 is the lowest class that is sold.
    private static let minScore = FieldRule.optional("minScore", .number, otherwise: .number(.tenths(3)))
}
