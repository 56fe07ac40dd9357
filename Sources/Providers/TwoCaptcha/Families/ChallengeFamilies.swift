import CreateTaskAPI
import ProviderKit

extension TwoCaptchaFamilies {
    /// Widgets and challenge pages whose fields have names of 2Captcha's own.
    static let challenges: [FamilyMapping] = [
        FamilyMapping(
            .turnstile, .pair("TurnstileTask"), price: "0.00145", requires: site,
            fields: [.optional("cData", as: "data")]),
        FamilyMapping(
            .cloudflareToken, .pair("TurnstileTask"), requires: site,
            fields: [.required("chlPageData", as: "pagedata"), .optional("cData", as: "data")]),
        FamilyMapping(
            .funcaptcha, .pair("FunCaptchaTask"), requires: ["websiteURL", "websitePublicKey"],
            fields: [.optional("data", .text)]),
        FamilyMapping(.geetestV3, .pair("GeeTestTask"), requires: ["websiteURL", "gt", "challenge"]),
        FamilyMapping(
            .geetestV4, .pair("GeeTestTask"), pollPlan: slowPlan, requires: ["websiteURL"],
            fields: [
                .constant("version", 4), .required("captchaId", as: "initParameters/captcha_id"),
                .optional("riskType", as: "risk_type"),
            ]),
        FamilyMapping(
            .amazonWaf, .pair("AmazonTask"), pollPlan: slowPlan,
            requires: ["websiteURL", "websiteKey", "iv", "context"]),
        FamilyMapping(
            .lemin, .pair("LeminTask"), pollPlan: slowPlan, requires: ["websiteURL", "captchaId"],
            fields: [.optional("divId", as: "div_id")]),
        FamilyMapping(
            .cyberSiara, .pair("AntiCyberSiAraTask"), requires: ["websiteURL", "userAgent"],
            fields: [.required("slideMasterUrlId", as: "SlideMasterUrlId")]),
        FamilyMapping(
            .altcha, .pair("AltchaTask"), requires: ["websiteURL"],
            fields: [.optional("challengeJSON", .text), .dropped("counterMode")],
            prepare: AltchaFields.eitherChallenge),
        FamilyMapping(
            .keycaptcha, .pair("KeyCaptchaTask"),
            requires: [
                "websiteURL", "s_s_c_user_id", "s_s_c_session_id", "s_s_c_web_server_sign", "s_s_c_web_server_sign2",
            ],
            solution: SolutionShape([.init("token", from: ["token", "answer", "text"], .text)])),
    ]
}
