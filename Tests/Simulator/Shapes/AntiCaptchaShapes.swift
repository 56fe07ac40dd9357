import ProviderKit

/// Anti-Captcha's types.
enum AntiCaptchaShapes {
    static let all = recaptcha + web + images

    private static let recaptchaAnswer = "gRecaptchaResponse:recaptcha"
    private static let tokenAnswer = "token:token userAgent:agent"

    private static let recaptcha: [TaskShape] =
        TaskShape.pair(
            "RecaptchaV2Task", "recaptchaV2", "websiteURL:url websiteKey:sitekey",
            optional: "websiteSToken recaptchaDataSValue isInvisible:bool userAgent cookies",
            answer: recaptchaAnswer, price: "0.002")
        + TaskShape.pair(
            "RecaptchaV2EnterpriseTask", "recaptchaV2Enterprise", "websiteURL:url websiteKey:sitekey",
            optional: "enterprisePayload:object isInvisible:bool apiDomain userAgent cookies",
            answer: recaptchaAnswer, price: "0.005")
        + [
            TaskShape(
                "RecaptchaV3TaskProxyless", "recaptchaV3Enterprise", "websiteURL:url websiteKey:sitekey minScore:score",
                optional: "pageAction isEnterprise:bool apiDomain", when: ["isEnterprise": true],
                answer: recaptchaAnswer, price: "0.005"),
            TaskShape(
                "RecaptchaV3TaskProxyless", "recaptchaV3", "websiteURL:url websiteKey:sitekey minScore:score",
                optional: "pageAction isEnterprise:bool apiDomain", answer: recaptchaAnswer, price: "0.002"),
        ]

    private static let web: [TaskShape] =
        TaskShape.pair(
            "TurnstileTask", "cloudflareToken", "websiteURL:url websiteKey action cData chlPageData",
            optional: "isInvisible:bool", has: ["chlPageData"], answer: "token:turnstile userAgent:agent",
            price: "0.002")
        + TaskShape.pair(
            "TurnstileTask", "turnstile", "websiteURL:url websiteKey",
            optional: "action cData chlPageData isInvisible:bool", answer: "token:turnstile userAgent:agent",
            price: "0.002")
        + TaskShape.pair(
            "FunCaptchaTask", "funcaptcha", "websiteURL:url websitePublicKey",
            optional: "funcaptchaApiJSSubdomain data userAgent cookies", answer: "token:funcaptcha", price: "0.003")
        + TaskShape.pair(
            "GeeTestTask", "geetestV4", "websiteURL:url gt",
            optional: "initParameters:any geetestApiServerSubdomain geetestGetLib challenge userAgent",
            when: ["version": 4], answer: AnswerTemplate.geetestV4.replacing("@captchaId", with: "@gt"),
            price: "0.002")
        + TaskShape.pair(
            "GeeTestTask", "geetestV3", "websiteURL:url gt challenge",
            optional: "version:int initParameters:any geetestApiServerSubdomain geetestGetLib userAgent",
            answer: AnswerTemplate.geetestV3, price: "0.002")
        + TaskShape.pair(
            "AmazonTask", "amazonWaf", "websiteURL:url websiteKey",
            optional: "waf_type iv context captchaScript challengeScript jsapiScript", answer: tokenAnswer,
            price: "0.002")
        + TaskShape.pair(
            "FriendlyCaptchaTask", "friendlyCaptcha", "websiteURL:url websiteKey", optional: "isInvisible:bool",
            answer: tokenAnswer, price: "0.002")
        + TaskShape.pair(
            "ProsopoTask", "prosopo", "websiteURL:url websiteKey", optional: "isInvisible:bool",
            answer: tokenAnswer, price: "0.002")
        + TaskShape.pair(
            "AltchaTask", "altcha", "websiteURL:url challengeURL|challengeJSON:any",
            answer: "token:altchaToken userAgent:agent", price: "0.002")
        + [
            TaskShape(
                "AntiBotCookieTask", "antiBotCookie", "websiteURL:url", proxy: .required,
                answer: "cookies.datadome:token fingerprint.self.navigator.userAgent:agent", price: "0.01"),
            TaskShape(
                "AntiGateTask", "antiGate", "websiteURL:url templateName variables:object",
                optional: "domainsOfInterest:list", proxy: .optional,
                answer: "cookies.session:token localStorage.state:token url:@websiteURL domain:{host}",
                price: "0.01"),
        ]

    private static let images: [TaskShape] =
        [
            TaskShape(
                "ImageToTextTask", "imageToText", "body:image",
                optional: "phrase:bool case:bool math:bool numeric:numeric minLength:int maxLength:int "
                    + "comment:textOrFalse languagePool websiteURL:url", answer: "text:imageText url:imageLink",
                price: "0.0007")
        ]
        + ["ImageToCoordinatesTask", "ImageCoordinatesTask"].flatMap { type in
            [
                TaskShape(
                    type, "boundingBox", "body:image", optional: "comment:textOrFalse websiteURL:url",
                    when: ["mode": "rectangles"], answer: "coordinates:rectangles", price: "0.001"),
                TaskShape(
                    type, "coordinates", "body:image", optional: "mode comment:textOrFalse websiteURL:url",
                    answer: "coordinates:pairs", price: "0.001"),
            ]
        }
}
