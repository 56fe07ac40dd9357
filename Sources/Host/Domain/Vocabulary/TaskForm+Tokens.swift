import ProviderKit

/// The widely used CAPTCHAs that end in a token or a cookie.
extension TaskForm {
    private static let recaptchaSolution = ["gRecaptchaResponse", "userAgent", "cookies"]
    private static let enterpriseFlags = ["isEnterprise", "enterprise"]
    private static let dataSValue = TaskField.optional(
        "recaptchaDataSValue", also: "websiteSToken", "recaptchaDataS", "data-s")
    private static let enterprisePayload = TaskField.optional("enterprisePayload", .object)
    private static let apiDomain = TaskField.optional("apiDomain")
    private static let minScore = TaskField.optional("minScore", .number(0...1), also: "min_score")
    private static let turnstileAction = TaskField.optional("action", also: "pageAction")
    private static let turnstileData = TaskField.optional("cData", also: "data")
    private static let geetestSubdomain = TaskField.optional(
        "geetestApiServerSubdomain", also: "apiServerSubdomain", "api_server")
    private static let geetestGetLib = TaskField.optional("geetestGetLib", .json)
    private static let pageData = TaskField.needed("chlPageData", also: "pagedata")

    static let tokens: [TaskForm] = recaptchas + cloudflares + geetests + others

    private static let recaptchas = [
        TaskForm(
            .recaptchaV2, "reCAPTCHA v2", [.stem("RecaptchaV2"), .stem("NoCaptcha")],
            [.siteURL, .siteKey, .isInvisible, dataSValue, apiDomain],
            dropped: enterpriseFlags, solution: recaptchaSolution),
        TaskForm(
            .recaptchaV2Enterprise, "reCAPTCHA v2 Enterprise", [.stem("RecaptchaV2Enterprise")],
            [.siteURL, .siteKey, .isInvisible, enterprisePayload, .pageAction, apiDomain, dataSValue],
            dropped: enterpriseFlags, solution: recaptchaSolution),
        TaskForm(
            .recaptchaV3, "reCAPTCHA v3", [.stem("RecaptchaV3")],
            [.siteURL, .siteKey, minScore, .pageAction, apiDomain],
            dropped: enterpriseFlags, solution: recaptchaSolution),
        TaskForm(
            .recaptchaV3Enterprise, "reCAPTCHA v3 Enterprise", [.stem("RecaptchaV3Enterprise")],
            [.siteURL, .siteKey, minScore, .pageAction, enterprisePayload, apiDomain],
            dropped: enterpriseFlags, solution: recaptchaSolution),
        TaskForm(
            .hcaptcha, "hCaptcha",
            [.stem("HCaptcha"), .stem("HardCaptcha"), .stem("HCaptchaEnterprise"), .stem("HCaptchaTurbo")],
            [
                .siteURL, .siteKey, .isInvisible, .optional("isEnterprise", .flag, also: "enterprise"),
                enterprisePayload,
            ], solution: ["gRecaptchaResponse", "respKey", "userAgent"]),
    ]

    private static let cloudflares = [
        TaskForm(
            .turnstile, "Cloudflare Turnstile", [.stem("Turnstile"), .stem("AntiTurnstile")],
            [.siteURL, .siteKey, turnstileAction, turnstileData],
            lifted: "metadata", dropped: ["cloudflareTaskType", "pagedata", "chlPageData"],
            solution: ["token", "userAgent"]),
        TaskForm(
            .cloudflareToken, "Cloudflare challenge, by token", [],
            [.siteURL, .siteKey, pageData, turnstileAction, turnstileData],
            lifted: "metadata", dropped: ["cloudflareTaskType"], solution: ["token", "userAgent"]),
        TaskForm(
            .cloudflareClearance, "Cloudflare challenge, by cookie", [.stem("AntiCloudflare")],
            [
                .siteURL, TaskField("html", .text, required: false, [], encoded: ["htmlPageBase64"]),
                .optional("cloudflareTaskType"),
            ],
            proxy: .needed, lifted: "metadata", solution: ["cookies", "userAgent", "token"]),
    ]

    private static let geetests = [
        TaskForm(
            .geetestV3, "GeeTest v3", [.stem("GeeTest")],
            [.siteURL, .needed("gt"), .needed("challenge"), geetestSubdomain, geetestGetLib],
            dropped: ["version"], solution: ["challenge", "validate", "seccode"]),
        TaskForm(
            .geetestV4, "GeeTest v4", [.stem("GeeTest")],
            [
                .siteURL, .needed("captchaId", also: "captcha_id", "gt"), .optional("riskType", also: "risk_type"),
                geetestSubdomain, geetestGetLib,
            ],
            lifted: "initParameters", dropped: ["version", "challenge"],
            solution: ["captcha_id", "lot_number", "pass_token", "gen_time", "captcha_output"]),
    ]

    private static let others = [
        TaskForm(
            .funcaptcha, "FunCaptcha", [.stem("FunCaptcha")],
            [
                .siteURL, .needed("websitePublicKey", also: "websiteKey", "publicKey", "sitekey"),
                .optional("funcaptchaApiJSSubdomain", also: "apiJSSubdomain", "surl"), .optional("data", .json),
            ], solution: ["token", "userAgent"]),
        TaskForm(
            .amazonWaf, "Amazon WAF", [.stem("Amazon"), .stem("AntiAwsWaf")],
            [
                .siteURL, .optional("websiteKey", also: "awsKey", "sitekey"), .optional("iv", also: "awsIv"),
                .optional("context", also: "awsContext"),
                .optional("challengeScript", also: "awsChallengeJS", "challenge_script"),
                .optional("captchaScript", also: "captcha_script"), .optional("jsapiScript", also: "awsApiJs"),
                .optional("existingToken", also: "awsExistingToken"),
            ], solution: ["captcha_voucher", "existing_token", "cookie"]),
        TaskForm(
            .datadome, "DataDome", [.stem("DataDomeSlider"), .custom(class: "DataDome")],
            [
                .needed("captchaUrl", .address, also: "captcha_url"), .neededUserAgent, .optionalSiteURL,
                .optional("datadomeCookie"), .optional("datadomeVersion"),
            ], proxy: .needed, lifted: "metadata", solution: ["cookie"]),
        TaskForm(
            .mtcaptcha, "MTCaptcha", [.stem("MTCaptcha")], [.siteURL, .siteKey, .pageAction, .isInvisible],
            solution: ["token"]),
    ]
}
