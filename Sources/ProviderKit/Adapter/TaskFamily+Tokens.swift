/// The widely used CAPTCHAs that end in a token or a cookie.
extension TaskFamily {
    /// reCAPTCHA v2, with a tick box or invisible. Fields: `websiteURL`, `websiteKey`; `isInvisible` (boolean),
    /// `recaptchaDataSValue`, `apiDomain`, the page's fields. Solution: `gRecaptchaResponse`; `userAgent`, `cookies`.
    public static let recaptchaV2 = TaskFamily(known: "recaptchaV2")

    /// reCAPTCHA v2 of an enterprise account. Fields: `websiteURL`, `websiteKey`; `isInvisible`, `enterprisePayload`
    /// (object), `pageAction`, `apiDomain`, `recaptchaDataSValue`, the page's fields. Solution: as `recaptchaV2`.
    public static let recaptchaV2Enterprise = TaskFamily(known: "recaptchaV2Enterprise")

    /// reCAPTCHA v3, which asks nothing and gives a score. Fields: `websiteURL`, `websiteKey`; `minScore` (number),
    /// `pageAction`, `apiDomain`, the page's fields. Solution: as `recaptchaV2`.
    public static let recaptchaV3 = TaskFamily(known: "recaptchaV3")

    /// reCAPTCHA v3 of an enterprise account. Fields: `websiteURL`, `websiteKey`; `minScore` (number), `pageAction`,
    /// `enterprisePayload` (object), `apiDomain`, the page's fields. Solution: as `recaptchaV2`.
    public static let recaptchaV3Enterprise = TaskFamily(known: "recaptchaV3Enterprise")

    /// hCaptcha. Fields: `websiteURL`, `websiteKey`; `isInvisible` (boolean), `isEnterprise` (boolean),
    /// `enterprisePayload` (object, with `rqdata` among others), the page's fields. Solution: `gRecaptchaResponse`;
    /// `respKey`, `userAgent`.
    public static let hcaptcha = TaskFamily(known: "hcaptcha")

    /// Cloudflare Turnstile as a widget on a page. Fields: `websiteURL`, `websiteKey`; `action`, `cData`, the page's
    /// fields. Solution: `token`; `userAgent`.
    public static let turnstile = TaskFamily(known: "turnstile")

    /// Cloudflare's challenge page, answered by a token. Fields: `websiteURL`, `websiteKey`, `chlPageData`; `action`,
    /// `cData`, the page's fields. Solution: `token`; `userAgent`, which has to be used with it.
    public static let cloudflareToken = TaskFamily(known: "cloudflareToken")

    /// Cloudflare's challenge page, answered by a cookie that lets a browser pass. Fields: `websiteURL`, a proxy;
    /// `html` (the challenge page as text), `cloudflareTaskType` (`wait_room` for a waiting room, otherwise absent),
    /// `userAgent`, `cookies`. Solution: `cookies`, an object with `cf_clearance`; `userAgent`, `token`.
    public static let cloudflareClearance = TaskFamily(known: "cloudflareClearance")

    /// Arkose Labs' FunCaptcha. Fields: `websiteURL`, `websitePublicKey`; `funcaptchaApiJSSubdomain`, `data` (text,
    /// often a JSON object with `blob`), the page's fields. Solution: `token`; `userAgent`.
    public static let funcaptcha = TaskFamily(known: "funcaptcha")

    /// GeeTest, version 3. Fields: `websiteURL`, `gt`, `challenge` (fresh for every task); `geetestApiServerSubdomain`,
    /// `geetestGetLib` (JSON text), the page's fields. Solution: `challenge`, `validate`, `seccode`.
    public static let geetestV3 = TaskFamily(known: "geetestV3")

    /// GeeTest, version 4. Fields: `websiteURL`, `captchaId`; `riskType`, `geetestApiServerSubdomain`, `geetestGetLib`,
    /// `initParameters` (object, what it held beside the ID and the risk type), the page's fields. Solution:
    /// `captcha_id`, `lot_number`, `pass_token`, `gen_time`, `captcha_output`.
    public static let geetestV4 = TaskFamily(known: "geetestV4")

    /// Amazon's web application firewall. Fields: `websiteURL`; `websiteKey`, `iv`, `context`, `challengeScript`,
    /// `captchaScript`, `jsapiScript`, `existingToken`, the page's fields. Solution: `captcha_voucher` and
    /// `existing_token`, or `cookie`, the bare value of the cookie `aws-waf-token`.
    public static let amazonWaf = TaskFamily(known: "amazonWaf")

    /// DataDome's slider. Fields: `captchaUrl`, `userAgent`, a proxy; `websiteURL`, `datadomeCookie`,
    /// `datadomeVersion`, `cookies`. Solution: `cookie`, as in a header `Set-Cookie`: `datadome=...`.
    public static let datadome = TaskFamily(known: "datadome")

    /// MTCaptcha. Fields: `websiteURL`, `websiteKey`; `pageAction`, `isInvisible`, the page's fields. Solution:
    /// `token`.
    public static let mtcaptcha = TaskFamily(known: "mtcaptcha")
}
