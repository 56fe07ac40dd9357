import CreateTaskAPI
import ProviderKit

extension TwoCaptchaFamilies {
    /// Widgets that are answered by a token and whose fields are called as everywhere.
    static let tokens: [FamilyMapping] = [
        FamilyMapping(.mtcaptcha, .pair("MtCaptchaTask"), requires: site),
        FamilyMapping(.cutcaptcha, .pair("CutCaptchaTask"), requires: ["websiteURL", "miseryKey", "apiKey"]),
        FamilyMapping(.tencent, .pair("TencentTask"), requires: ["websiteURL", "appId"]),
        FamilyMapping(.yandex, .pair("YandexSmartCaptchaTask"), requires: site),
        FamilyMapping(.friendlyCaptcha, .pair("FriendlyCaptchaTask"), requires: site),
        FamilyMapping(.prosopo, .pair("ProsopoTask"), requires: site),
        FamilyMapping(.capy, .pair("CapyTask"), pollPlan: slowPlan, requires: site),
        FamilyMapping(.atbCaptcha, .pair("AtbCaptchaTask"), requires: ["websiteURL", "appId", "apiServer"]),
        FamilyMapping(.yidun, .pair("YidunTask"), requires: site),
        FamilyMapping(.binance, .pair("BinanceTask"), requires: site + ["validateId"]),
        FamilyMapping(
            .basilisk, .pair("BasiliskTask"), requires: site,
            solution: SolutionShape([.init("token", from: ["token", "captcha_response", "data/captcha_response"])])),
        FamilyMapping(
            .alibaba, .pair("AlibabaTask"), requires: ["websiteURL", "sceneId", "prefix"],
            solution: SolutionShape([.init("token", from: ["token", "tokens", "data/tokens"], .jsonText)])),
    ]

    /// Protections that are passed through the client's own proxy only.
    static let proxied: [FamilyMapping] = [
        FamilyMapping(
            .datadome, .proxied("DataDomeSliderTask"), requires: ["websiteURL", "captchaUrl", "userAgent"]),
        FamilyMapping(.captchaFox, .proxied("CaptchaFoxTask"), requires: site + ["userAgent"]),
        FamilyMapping(.vkCaptcha, .proxied("VKCaptchaTask"), requires: ["redirectUri", "userAgent"]),
        FamilyMapping(
            .imperva, .proxied("IncapsulaTask"), requires: ["websiteURL", "incapsulaScriptUrl", "incapsulaCookies"]),
        FamilyMapping(
            .tspd, .proxied("tspdtask"), requires: ["websiteURL", "htmlPageBase64"],
            fields: [.required("tspdCookie", as: "tspdcookie")]),
    ]
}
