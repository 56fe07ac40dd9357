/// The less common CAPTCHAs of web sites, and whole visits to a page.
extension TaskFamily {
    /// Lemin's cropped puzzle. Fields: `websiteURL`, `captchaId`; `divId`, `apiServer`, the page's fields. Solution:
    /// `answer`, `challenge_id`.
    public static let lemin = TaskFamily(known: "lemin")

    /// Cutcaptcha. Fields: `websiteURL`, `miseryKey`, `apiKey`; the page's fields. Solution: `token`.
    public static let cutcaptcha = TaskFamily(known: "cutcaptcha")

    /// KeyCAPTCHA. Fields: `websiteURL`, `s_s_c_user_id`, `s_s_c_session_id`, `s_s_c_web_server_sign`,
    /// `s_s_c_web_server_sign2`; the page's fields. Solution: `token`.
    public static let keycaptcha = TaskFamily(known: "keycaptcha")

    /// CyberSiARA. Fields: `websiteURL`, `slideMasterUrlId`, `userAgent`; the page's fields. Solution: `token`.
    public static let cyberSiara = TaskFamily(known: "cyberSiara")

    /// Tencent. Fields: `websiteURL`, `appId`; `captchaUrl`, `aidEncrypted`, the page's fields. Solution: `appid`,
    /// `ret`, `ticket`, `randstr`.
    public static let tencent = TaskFamily(known: "tencent")

    /// Yandex SmartCaptcha. Fields: `websiteURL`, `websiteKey`; the page's fields. Solution: `token`.
    public static let yandex = TaskFamily(known: "yandex")

    /// Friendly Captcha. Fields: `websiteURL`, `websiteKey`; `apiGetLib`, the page's fields. Solution: `token`.
    public static let friendlyCaptcha = TaskFamily(known: "friendlyCaptcha")

    /// ALTCHA, a proof of work. Fields: `challengeJSON` (object or text) or `challengeURL`; `websiteURL`, the page's
    /// fields, and `counterMode`, `uint32` or `string`, for servers of version 2 that do not count in the usual way.
    /// Solution: `token`, the base64 payload that the site's server verifies; `number`, the number or counter that was
    /// found.
    public static let altcha = TaskFamily(known: "altcha")

    /// Prosopo's Procaptcha. Fields: `websiteURL`, `websiteKey`; the page's fields. Solution: `token`.
    public static let prosopo = TaskFamily(known: "prosopo")

    /// Capy. Fields: `websiteURL`, `websiteKey`; `version` (`puzzle` or `avatar`), `apiServer`, the page's fields.
    /// Solution: `captchakey`, `challengekey`, `answer`, `respKey`.
    public static let capy = TaskFamily(known: "capy")

    /// VK, with a token. Fields: `redirectUri`, `userAgent`, a proxy; `cookies`. Solution: `token`.
    public static let vkCaptcha = TaskFamily(known: "vkCaptcha")

    /// CaptchaFox. Fields: `websiteURL`, `websiteKey`, `userAgent`, a proxy; `cookies`. Solution: `token`.
    public static let captchaFox = TaskFamily(known: "captchaFox")

    /// atbCAPTCHA. Fields: `websiteURL`, `appId`, `apiServer`; the page's fields. Solution: `token`.
    public static let atbCaptcha = TaskFamily(known: "atbCaptcha")

    /// Authkong. Fields: `websiteURL`, `websiteKey`. Solution: `token`.
    public static let authkong = TaskFamily(known: "authkong")

    /// Imperva's Incapsula. Fields: `websiteURL`, `incapsulaScriptUrl`, `incapsulaCookies`, a proxy;
    /// `reese84UrlEndpoint`, `userAgent`, `cookies`. Solution: `cookies`, an object.
    public static let imperva = TaskFamily(known: "imperva")

    /// NetEase Yidun. Fields: `websiteURL`, `websiteKey`; `yidunGetLib`, `yidunApiServerSubdomain`, `challenge`, `hcg`,
    /// `hct`, the page's fields. Solution: `token`.
    public static let yidun = TaskFamily(known: "yidun")

    /// Binance. Fields: `websiteURL`, `websiteKey`, `validateId`; the page's fields. Solution: `token`; `userAgent`.
    public static let binance = TaskFamily(known: "binance")

    /// Basilisk. Fields: `websiteURL`, `websiteKey`; the page's fields. Solution: `token`.
    public static let basilisk = TaskFamily(known: "basilisk")

    /// Alibaba. Fields: `websiteURL`, `sceneId`, `prefix`; `userId`, `userUserId`, `verifyType`, `region`,
    /// `userCertifyId`, `apiGetLib`, the page's fields. Solution: `token`.
    public static let alibaba = TaskFamily(known: "alibaba")

    /// TSPD, F5's bot defence. Fields: `websiteURL`, `tspdCookie`, `htmlPageBase64`, a proxy; `userAgent`, `cookies`.
    /// Solution: `cookies`, an object.
    public static let tspd = TaskFamily(known: "tspd")

    /// HUNT. Fields: `websiteURL`, `apiGetLib`, a proxy; `data`, `userAgent`, `cookies`. Solution: `token`.
    public static let hunt = TaskFamily(known: "hunt")

    /// The cookies of a visit to a page behind a bot filter (Anti-Captcha). Fields: `websiteURL`, a proxy; `userAgent`,
    /// `cookies`. Solution: the vendor's own fields.
    public static let antiBotCookie = TaskFamily(known: "antiBotCookie")

    /// A scripted visit to a page (Anti-Captcha). Fields: `websiteURL`, `templateName`, `variables` (object);
    /// `domainsOfInterest` (array of texts), the page's fields. Solution: the vendor's own fields.
    public static let antiGate = TaskFamily(known: "antiGate")
}
