import CreateTaskAPI
import ProviderKit

extension CapMonsterFamilies {
    /// Widgets and challenge pages that have a type of their own.
    static let challenges: [FamilyMapping] = [
        FamilyMapping(
            .turnstile, .one("TurnstileTask"), price: "0.0013", requires: site,
            fields: [.optional("action", as: "pageAction"), .optional("cData", as: "data")]),
        FamilyMapping(
            .cloudflareToken, .one("TurnstileTask"), price: "0.0013", requires: site + ["userAgent"],
            fields: [
                .constant("cloudflareTaskType", "token"), .required("action", as: "pageAction"),
                .required("cData", as: "data"), .required("chlPageData", as: "pageData"),
            ]),
        // The key is not looked at, but has to be there. A client may ask for `wait_room` instead.
        FamilyMapping(
            .cloudflareClearance, .proxied("TurnstileTask"), requires: ["websiteURL", "userAgent"],
            fields: [
                .usual("cloudflareTaskType", "cf_clearance"), .optional("websiteKey", otherwise: "none"),
                .required("html", as: "htmlPageBase64", .inBase64),
            ]),
        FamilyMapping(
            .funcaptcha, .one("FunCaptchaTask"), requires: ["websiteURL", "websitePublicKey"],
            fields: [.optional("data", .text)]),
        FamilyMapping(
            .geetestV3, .one("GeeTestTask"), price: "0.0012", requires: ["websiteURL", "gt", "challenge"],
            fields: [.constant("version", 3), .optional("geetestGetLib", .text)]),
        FamilyMapping(
            .geetestV4, .one("GeeTestTask"), price: "0.0012", requires: ["websiteURL"],
            fields: [
                .constant("version", 4), .required("captchaId", as: "gt"),
                .optional("riskType", as: "initParameters/riskType"), .optional("geetestGetLib", .text),
            ]),
        FamilyMapping(
            .amazonWaf, .one("AmazonTask"), price: "0.0014", requires: ["websiteURL"],
            fields: [.dropped("jsapiScript"), .dropped("existingToken")], prepare: AmazonVariant.prepare),
        FamilyMapping(.mtcaptcha, .one("MTCaptchaTask"), requires: site),
        FamilyMapping(.prosopo, .one("ProsopoTask"), requires: site),
        FamilyMapping(.yidun, .one("YidunTask"), requires: site),
        FamilyMapping(.binance, .one("BinanceTask"), requires: site + ["validateId"]),
    ]
}
