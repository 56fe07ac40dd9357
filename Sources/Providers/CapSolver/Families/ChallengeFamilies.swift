import CreateTaskAPI
import ProviderKit

extension CapSolverFamilies {
    /// Widgets and challenge pages.
    static let challenges: [FamilyMapping] = [
        FamilyMapping(
            .turnstile, .proxylessOnly("AntiTurnstileTaskProxyLess"), price: "0.0012", requires: site,
            fields: [.optional("action", as: "metadata/action"), .optional("cData", as: "metadata/cdata")]),
        FamilyMapping(
            .cloudflareClearance, .proxied("AntiCloudflareTask"), price: "0.0012", requires: ["websiteURL"],
            fields: [.dropped("cloudflareTaskType"), .dropped("websiteKey")], prepare: noWaitingRoom),
        FamilyMapping(
            .geetestV3, .proxylessOnly("GeeTestTaskProxyLess"), price: "0.0012",
            requires: ["websiteURL", "gt", "challenge"]),
        FamilyMapping(
            .geetestV4, .proxylessOnly("GeeTestTaskProxyLess"), price: "0.0012", requires: ["websiteURL", "captchaId"]),
        FamilyMapping(
            .datadome, .proxied("DatadomeSliderTask"), price: "0.0025", requires: ["captchaUrl", "userAgent"]),
        FamilyMapping(
            .amazonWaf, .pair("AntiAwsWafTask", suffix: "ProxyLess"), price: "0.002", requires: ["websiteURL"],
            fields: [
                .optional("websiteKey", as: "awsKey"), .optional("iv", as: "awsIv"),
                .optional("context", as: "awsContext"), .optional("challengeScript", as: "awsChallengeJS"),
                .optional("jsapiScript", as: "awsApiJs"), .optional("existingToken", as: "awsExistingToken"),
                .dropped("captchaScript"),
            ]),
        FamilyMapping(
            .mtcaptcha, .pair("MtCaptchaTask", suffix: "ProxyLess"), price: "0.003", requires: site),
        // Its one type whose name ends with a small l.
        FamilyMapping(.friendlyCaptcha, .proxylessOnly("FriendlyCaptchaTaskProxyless"), requires: site),
        FamilyMapping(.yandex, .proxylessOnly("YandexCaptchaTaskProxyLess"), requires: site),
    ]

    /// It passes the challenge, not a waiting room.
    @Sendable private static func noWaitingRoom(_ fields: inout JSONObject) throws(Fault) {
        guard fields["cloudflareTaskType"] == "wait_room" else { return }
        throw Fault(.unsupportedTask, "CapSolver does not pass waiting rooms.")
    }
}
