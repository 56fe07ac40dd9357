import ProviderKit

/// The less common CAPTCHAs of web sites, and whole visits to a page.
extension TaskForm {
    private static let apiGetLib = TaskField.optional("apiGetLib", also: "api_get_lib")
    private static let optionalApiServer = TaskField.optional(
        "apiServer", also: "api_server", "leminApiServerSubdomain")

    static let sites: [TaskForm] = puzzles + keys + visits

    private static let puzzles = [
        TaskForm(
            .lemin, "Lemin", [.stem("Lemin")],
            [
                .siteURL, .needed("captchaId", also: "captcha_id"), .optional("divId", also: "div_id"),
                optionalApiServer,
            ],
            solution: ["answer", "challenge_id"]),
        TaskForm(
            .cutcaptcha, "Cutcaptcha", [.stem("CutCaptcha")],
            [.siteURL, .needed("miseryKey", also: "misery_key"), .needed("apiKey", also: "api_key")],
            solution: ["token"]),
        TaskForm(
            .keycaptcha, "KeyCAPTCHA", [.stem("KeyCaptcha")],
            [
                .siteURL, .needed("s_s_c_user_id"), .needed("s_s_c_session_id"), .needed("s_s_c_web_server_sign"),
                .needed("s_s_c_web_server_sign2"),
            ], solution: ["token"]),
        TaskForm(
            .cyberSiara, "CyberSiARA", [.stem("AntiCyberSiAra"), .stem("CyberSiAra")],
            [.siteURL, .needed("slideMasterUrlId", also: "master_url_id"), .neededUserAgent], solution: ["token"]),
        TaskForm(
            .tencent, "Tencent", [.stem("Tencent"), .custom(class: "TenDI")],
            [
                .siteURL, .needed("appId", also: "app_id", "captchaAppId", "websiteKey"),
                .optional("captchaUrl", also: "captcha_url"), .optional("aidEncrypted"),
            ],
            lifted: "metadata", solution: ["appid", "ret", "ticket", "randstr"]),
        TaskForm(
            .capy, "Capy", [.stem("Capy")], [.siteURL, .siteKey, .optional("version"), optionalApiServer],
            solution: ["captchakey", "challengekey", "answer", "respKey"]),
        TaskForm(
            .altcha, "ALTCHA", [.stem("Altcha"), .custom(class: "altcha")],
            [
                .optional("challengeJSON", .challenge, also: "challenge_json"),
                .optional("challengeURL", .address, also: "challenge_url"), .optionalSiteURL, .optional("counterMode"),
            ], lifted: "metadata", dropped: ["websiteKey"], solution: ["token", "number"]),
    ]

    private static let keys = [
        TaskForm(
            .yandex, "Yandex SmartCaptcha", [.stem("YandexSmartCaptcha"), .stem("YandexCaptcha")],
            [.siteURL, .siteKey], solution: ["token"]),
        TaskForm(
            .friendlyCaptcha, "Friendly Captcha", [.stem("FriendlyCaptcha"), .custom(class: "friendly")],
            [.siteURL, .siteKey, apiGetLib], lifted: "metadata", solution: ["token"]),
        TaskForm(.prosopo, "Prosopo", [.stem("Prosopo")], [.siteURL, .siteKey], solution: ["token"]),
        TaskForm(
            .captchaFox, "CaptchaFox", [.stem("CaptchaFox")], [.siteURL, .siteKey, .neededUserAgent],
            proxy: .needed, solution: ["token"]),
        TaskForm(
            .atbCaptcha, "atbCAPTCHA", [.stem("AtbCaptcha")],
            [.siteURL, .needed("appId", also: "app_id"), .needed("apiServer", also: "api_server")],
            solution: ["token"]),
        TaskForm(
            .authkong, "Authkong", [.stem("Authkong")], [.siteURL, .siteKey], proxy: .never, solution: ["token"]),
        TaskForm(
            .yidun, "NetEase Yidun", [.stem("Yidun")],
            [
                .siteURL, .siteKey, .optional("yidunGetLib"), .optional("yidunApiServerSubdomain"),
                .optional("challenge"), .optional("hcg"), .optional("hct"),
            ], solution: ["token"]),
        TaskForm(
            .binance, "Binance", [.stem("Binance")],
            [.siteURL, .siteKey, .needed("validateId", also: "validate_id")], solution: ["token", "userAgent"]),
        TaskForm(
            .basilisk, "Basilisk", [.stem("Basilisk"), .custom(class: "Basilisk")], [.siteURL, .siteKey],
            lifted: "metadata", solution: ["token"]),
        TaskForm(
            .alibaba, "Alibaba", [.stem("Alibaba"), .custom(class: "alibaba")],
            [
                .siteURL, .needed("sceneId", also: "scene_id"), .needed("prefix"), .optional("userId"),
                .optional("userUserId"), .optional("verifyType"), .optional("region"), .optional("userCertifyId"),
                apiGetLib,
            ], lifted: "metadata", solution: ["token"]),
    ]

    private static let visits = [
        TaskForm(
            .vkCaptcha, "VK", [.stem("VKCaptcha")],
            [.needed("redirectUri", .address, also: "redirect_uri"), .neededUserAgent], proxy: .needed,
            solution: ["token"]),
        TaskForm(
            .imperva, "Imperva Incapsula", [.stem("Incapsula"), .stem("AntiImperva"), .custom(class: "Imperva")],
            [
                .siteURL, .needed("incapsulaScriptUrl", also: "incapsula_script_url"),
                .needed("incapsulaCookies", .cookies, also: "incapsula_cookies"),
                .optional("reese84UrlEndpoint", also: "reese84_url_endpoint"),
            ], proxy: .needed, lifted: "metadata", solution: ["cookies"]),
        TaskForm(
            .tspd, "TSPD", [.stem("Tspd"), .custom(class: "tspd")],
            [
                .siteURL, .needed("tspdCookie", .cookies, also: "tspd_cookie"),
                .needed("htmlPageBase64", also: "html_page_base64"),
            ], proxy: .needed, lifted: "metadata", solution: ["cookies"]),
        TaskForm(
            .hunt, "HUNT", [.stem("Hunt"), .custom(class: "HUNT")],
            [.siteURL, .needed("apiGetLib", also: "api_get_lib"), .optional("data", .json)],
            proxy: .needed, lifted: "metadata", solution: ["token"]),
        TaskForm(
            .antiBotCookie, "Bot filter, by cookies", [.stem("AntiBotCookie")], [.siteURL], proxy: .needed,
            solution: []),
        TaskForm(
            .antiGate, "Scripted visit", [.stem("AntiGate")],
            [
                .siteURL, .needed("templateName"), .needed("variables", .object),
                .optional("domainsOfInterest", .array),
            ], solution: []),
    ]
}
