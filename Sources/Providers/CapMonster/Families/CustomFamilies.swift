import CreateTaskAPI
import ProviderKit

extension CapMonsterFamilies {
    /// Protections that are a class of `CustomTask`, with their fields under `metadata`.
    static let custom: [FamilyMapping] = [
        FamilyMapping(
            .datadome, .proxied("CustomTask"), price: "0.0022", requires: ["websiteURL"],
            fields: [
                .constant("class", "DataDome"), .required("captchaUrl", as: "metadata/captchaUrl"),
                .required("datadomeCookie", as: "metadata/datadomeCookie"), within("datadomeVersion"),
                .dropped("cookies"),
            ], prepare: DatadomeCookie.prepare),
        FamilyMapping(
            .imperva, .proxied("CustomTask"), requires: ["websiteURL"],
            fields: [
                .constant("class", "Imperva"), inside("incapsulaScriptUrl"), inside("incapsulaCookies"),
                within("reese84UrlEndpoint"),
            ]),
        FamilyMapping(
            .tencent, .one("CustomTask"), requires: ["websiteURL"],
            fields: [
                .constant("class", "TenDI"), .required("appId", as: "websiteKey", .text),
                within("captchaUrl"), within("aidEncrypted"),
            ]),
        FamilyMapping(
            .friendlyCaptcha, .one("CustomTask"), requires: site,
            fields: [.constant("class", "friendly"), inside("apiGetLib")]),
        FamilyMapping(
            .altcha, .one("CustomTask"),
            fields: [
                .constant("class", "altcha"), .required("websiteURL"), .optional("websiteKey", otherwise: ""),
                inside("challenge"), inside("iterations"), inside("salt"), inside("signature"),
                .dropped("challengeJSON"), .dropped("challengeURL"), .dropped("counterMode"),
            ], prepare: AltchaParts.prepare),
        FamilyMapping(
            .basilisk, .one("CustomTask"), requires: site, fields: [.constant("class", "Basilisk")],
            solution: SolutionShape([.init("token", from: ["data/captcha_response", "token"])])),
        FamilyMapping(
            .alibaba, .one("CustomTask"), requires: ["websiteURL"], fields: [.constant("class", "alibaba")] + alibaba,
            solution: SolutionShape(
                [
                    .init("token", from: ["data/tokens", "token"], .jsonText),
                    .init("cookies", from: ["domains/*/cookies"], .cookies),
                ], needs: [["token"], ["cookies"]])),
        FamilyMapping(
            .tspd, .proxied("CustomTask"), requires: ["websiteURL", "userAgent"],
            fields: [.constant("class", "tspd"), inside("tspdCookie"), inside("htmlPageBase64")]),
        FamilyMapping(
            .hunt, .proxied("CustomTask"), requires: ["websiteURL"],
            fields: [.constant("class", "HUNT"), inside("apiGetLib"), within("data"), within("widgetUrl")]),
    ]

    /// A field that is required and has its own name under `metadata`, where all values are text.
    private static func inside(_ field: String) -> FieldRule {
        .required(field, as: "metadata/\(field)", .text)
    }

    /// A field that may be there and has its own name under `metadata`.
    private static func within(_ field: String) -> FieldRule {
        .optional(field, as: "metadata/\(field)", .text)
    }

    private static let alibaba: [FieldRule] =
        [inside("sceneId"), inside("prefix"), .optional("userCertifyId", as: "metadata/UserCertifyId")]
        + ["userId", "userUserId", "verifyType", "region", "apiGetLib", "punishUrl"].map { within($0) }
        + [.optional("cookieRequired", as: "metadata/cookieRequired", .flag)]
}
