import CreateTaskAPI
import ProviderKit

extension AntiCaptchaFamilies {
    /// Widgets and challenge pages.
    static let challenges: [FamilyMapping] = [
        FamilyMapping(.turnstile, .pair("TurnstileTask"), price: "0.002", requires: site, fields: [ownBrowser]),
        FamilyMapping(
            .cloudflareToken, .pair("TurnstileTask"), requires: site + ["chlPageData"], fields: [ownBrowser]),
        FamilyMapping(
            .funcaptcha, .pair("FunCaptchaTask"), price: "0.003", requires: ["websiteURL", "websitePublicKey"],
            fields: [.optional("data", .text)]),
        FamilyMapping(
            .geetestV3, .pair("GeeTestTask"), requires: ["websiteURL", "gt", "challenge"],
            fields: [.constant("version", 3), .optional("geetestGetLib", .text)]),
        FamilyMapping(
            .geetestV4, .pair("GeeTestTask"), requires: ["websiteURL"],
            fields: [
                .constant("version", 4), .required("captchaId", as: "gt"),
                .optional("riskType", as: "initParameters/riskType"), .optional("geetestGetLib", .text),
            ]),
        FamilyMapping(.amazonWaf, .pair("AmazonTask"), requires: site, prepare: amazonVariant),
        FamilyMapping(.friendlyCaptcha, .pair("FriendlyCaptchaTask"), requires: site),
        FamilyMapping(.prosopo, .pair("ProsopoTask"), requires: site),
        FamilyMapping(
            .altcha, .pair("AltchaTask"), requires: ["websiteURL"],
            fields: [.optional("challengeJSON", .text), .dropped("counterMode")],
            prepare: AltchaFields.eitherChallenge),
    ]

    /// Its workers use browsers of their own, and the solution says which.
    private static let ownBrowser = FieldRule.dropped("userAgent")

    /// A page that filters has a one-time `iv` and `context`; a widget on a page has the script of its API instead.
    @Sendable private static func amazonVariant(_ fields: inout JSONObject) throws(Fault) {
        guard fields.said("waf_type") == nil else { return }
        let isWidget = fields.said("jsapiScript") != nil && fields.said("iv") == nil
        fields["waf_type"] = isWidget ? "widget" : "default"
        guard !isWidget, let missing = ["iv", "context"].first(where: { fields.said($0) == nil }) else { return }
        throw Fault(
            .badTask(field: missing), "Anti-Captcha needs iv and context, or the jsapiScript of a widget.")
    }
}
