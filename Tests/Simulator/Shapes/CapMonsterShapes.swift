import ProviderKit

/// CapMonster Cloud's types and, of its `CustomTask` and `ComplexImageTask`, the classes.
enum CapMonsterShapes {
    static let all = recaptcha + turnstile + web + custom + images

    private static let recaptchaAnswer = "gRecaptchaResponse:recaptcha"
    private static let tokenAnswer = "token:token"

    private static let recaptcha: [TaskShape] = [
        TaskShape(
            "RecaptchaV2Task", "recaptchaV2", "websiteURL:url websiteKey:sitekey",
            optional: "recaptchaDataSValue isInvisible:bool userAgent cookies nocache:bool", proxy: .optional,
            answer: recaptchaAnswer, price: "0.0006"),
        TaskShape(
            "RecaptchaV2EnterpriseTask", "recaptchaV2Enterprise", "websiteURL:url websiteKey:sitekey",
            optional: "enterprisePayload:object pageAction apiDomain recaptchaDataSValue userAgent cookies "
                + "isInvisible:bool nocache:bool", proxy: .optional, answer: recaptchaAnswer, price: "0.001"),
        TaskShape(
            "RecaptchaV3TaskProxyless", "recaptchaV3Enterprise", "websiteURL:url websiteKey:sitekey",
            optional: "minScore:number pageAction isEnterprise:bool nocache:bool", when: ["isEnterprise": true],
            answer: recaptchaAnswer, price: "0.0015"),
        TaskShape(
            "RecaptchaV3TaskProxyless", "recaptchaV3", "websiteURL:url websiteKey:sitekey",
            optional: "minScore:number pageAction isEnterprise:bool nocache:bool", answer: recaptchaAnswer,
            price: "0.0009"),
        TaskShape(
            "RecaptchaV3EnterpriseTask", "recaptchaV3Enterprise", "websiteURL:url websiteKey:sitekey",
            optional: "minScore:number pageAction nocache:bool", answer: recaptchaAnswer, price: "0.0015"),
    ]

    private static let turnstile: [TaskShape] =
        [
            TaskShape(
                "TurnstileTask", "cloudflareToken", "websiteURL:url websiteKey pageAction data pageData userAgent",
                optional: "apiJsUrl", when: ["cloudflareTaskType": "token"], proxy: .optional,
                answer: "token:turnstile userAgent:@userAgent", price: "0.0013")
        ]
        + ["cf_clearance", "wait_room"].map {
            TaskShape(
                "TurnstileTask", "cloudflareClearance", "websiteURL:url websiteKey htmlPageBase64:base64 userAgent",
                optional: "apiJsUrl pageAction data pageData", when: ["cloudflareTaskType": .string($0)],
                proxy: .required, answer: "cf_clearance:token", price: "0.0013")
        } + [
            TaskShape(
                "TurnstileTask", "turnstile", "websiteURL:url websiteKey",
                optional: "pageAction data userAgent apiJsUrl", proxy: .optional,
                answer: "token:turnstile userAgent:agent", price: "0.0013")
        ]

    private static let web: [TaskShape] =
        [
            TaskShape(
                "GeeTestTask", "geetestV4", "websiteURL:url gt",
                optional: "initParameters:object geetestApiServerSubdomain geetestGetLib userAgent",
                when: ["version": 4], proxy: .optional,
                answer: AnswerTemplate.geetestV4.replacing("@captchaId", with: "@gt"), price: "0.0012"),
            TaskShape(
                "GeeTestTask", "geetestV3", "websiteURL:url gt challenge",
                optional: "version:int geetestApiServerSubdomain geetestGetLib userAgent", proxy: .optional,
                answer: AnswerTemplate.geetestV3, price: "0.0012"),
            TaskShape(
                "FunCaptchaTask", "funcaptcha", "websiteURL:url websitePublicKey",
                optional: "data funcaptchaApiJSSubdomain cookies userAgent", proxy: .optional,
                answer: "token:funcaptcha userAgent:agent", price: "0.003"),
            TaskShape(
                "MTCaptchaTask", "mtcaptcha", "websiteURL:url websiteKey",
                optional: "pageAction isInvisible:bool userAgent", proxy: .optional, answer: tokenAnswer,
                price: "0.0013"),
            TaskShape(
                "ProsopoTask", "prosopo", "websiteURL:url websiteKey", proxy: .optional, answer: tokenAnswer,
                price: "0.0013"),
            TaskShape(
                "YidunTask", "yidun", "websiteURL:url websiteKey",
                optional: "yidunGetLib yidunApiServerSubdomain challenge hcg hct:int userAgent", proxy: .optional,
                answer: tokenAnswer, price: "0.0013"),
            TaskShape(
                "BinanceTask", "binance", "websiteURL:url websiteKey validateId", optional: "userAgent",
                proxy: .optional, answer: "token:token userAgent:agent", price: "0.0013"),
        ] + amazon(cookie: true) + amazon(cookie: false)

    /// The three sets of fields, each with a cookie or a voucher as its solution.
    private static func amazon(cookie: Bool) -> [TaskShape] {
        let when: [String: JSONValue] = cookie ? ["cookieSolution": true] : [:]
        let answer =
            cookie ? "cookies.aws-waf-token:token userAgent:agent" : "captcha_voucher:token existing_token:uuid"
        return [
            TaskShape(
                "AmazonTask", "amazonWaf", "websiteURL:url challengeScript websiteKey context iv",
                optional: "captchaScript cookieSolution:bool", when: when, has: ["challengeScript", "websiteKey"],
                proxy: .optional, answer: answer, price: "0.0014"),
            TaskShape(
                "AmazonTask", "amazonWaf", "websiteURL:url challengeScript context:mayBeEmpty iv:mayBeEmpty",
                optional: "cookieSolution:bool", when: when, has: ["challengeScript"], proxy: .optional,
                answer: answer, price: "0.0014"),
            TaskShape(
                "AmazonTask", "amazonWaf", "websiteURL:url websiteKey captchaScript",
                optional: "cookieSolution:bool userAgent", when: when, proxy: .optional, answer: answer,
                price: "0.0014"),
        ]
    }

    private static func custom(
        _ name: String, _ family: String, _ required: String = "", optional: String = "",
        proxy: TaskShape.ProxyRule = .optional, answer: String
    ) -> TaskShape {
        TaskShape(
            "CustomTask", family, "websiteURL:url \(required)", optional: "userAgent domains:list \(optional)",
            when: ["class": .string(name)], proxy: proxy, answer: answer, price: "0.0022")
    }

    private static let custom: [TaskShape] = [
        custom(
            "DataDome", "datadome", "metadata.captchaUrl:url metadata.datadomeCookie",
            optional: "metadata.datadomeVersion", proxy: .required,
            answer: "domains.{host}.cookies.datadome:token"),
        custom(
            "Imperva", "imperva", "metadata.incapsulaScriptUrl metadata.incapsulaCookies",
            optional: "metadata.reese84UrlEndpoint", proxy: .required,
            answer: "domains.{host}.cookies.___utmvc:token domains.{host}.cookies.reese84:token"),
        custom(
            "TenDI", "tencent", "websiteKey", optional: "metadata.captchaUrl metadata.aidEncrypted",
            answer: "data.ticket:token data.randstr:randstr headers.User-Agent:agent"),
        custom(
            "friendly", "friendlyCaptcha", "websiteKey metadata.apiGetLib", answer: "data.token:token"),
        custom(
            "altcha", "altcha",
            "websiteKey:mayBeEmpty metadata.challenge metadata.iterations metadata.salt metadata.signature",
            answer: "data.token:altchaToken data.number:altchaNumber"),
        custom("Basilisk", "basilisk", "websiteKey", answer: "data.captcha_response:token"),
        custom(
            "alibaba", "alibaba", "metadata.sceneId|metadata.punishUrl metadata.prefix|metadata.punishUrl",
            answer: "data.tokens:token"),
        custom(
            "HUNT", "hunt", "metadata.apiGetLib", optional: "metadata.data metadata.widgetUrl", proxy: .required,
            answer: "data.token:token"),
        custom(
            "tspd", "tspd", "metadata.tspdCookie metadata.htmlPageBase64:base64 userAgent", proxy: .required,
            answer: "Domains.{host}.Cookies.TSPD_101:token"),
    ]

    private static let images: [TaskShape] = [
        TaskShape(
            "ImageToTextTask", "imageToText", "body:image",
            optional: "capMonsterModule CapMonsterModule recognizingThreshold:int case:bool Case:bool numeric:int "
                + "math:bool", answer: "text:imageText", price: "0.0003"),
        TaskShape(
            "ComplexImageTask", "grid",
            "imagesBase64:images|imageUrls:list metadata.Grid metadata.TaskDefinition|metadata.Task",
            optional: "userAgent websiteURL:url websiteUrl:url", when: ["class": "recaptcha"],
            answer: "answer:flags", price: "0.00004"),
        TaskShape(
            "ComplexImageTask", "complexImage", "imagesBase64:images metadata.Task",
            optional: "metadata.TaskArgument metadata.PayloadType userAgent websiteURL:url websiteUrl:url",
            when: ["class": "recognition"], answer: "answer:recognition metadata.AnswerType:recognitionType",
            price: "0.0008"),
    ]
}
