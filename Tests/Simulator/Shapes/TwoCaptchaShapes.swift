import ProviderKit

/// 2Captcha's JSON types.
enum TwoCaptchaShapes {
    static let all = recaptcha + web + sites + images

    private static let recaptchaAnswer = "gRecaptchaResponse:recaptcha token:=gRecaptchaResponse"
    private static let tokenAnswer = "token:token"

    private static let recaptcha: [TaskShape] =
        (TaskShape.pair(
            "RecaptchaV2Task", "recaptchaV2", "websiteURL:url websiteKey:sitekey",
            optional: "recaptchaDataSValue isInvisible:bool userAgent cookies apiDomain minScore:number",
            answer: recaptchaAnswer, price: "0.00299")
        + TaskShape.pair(
            "RecaptchaV2EnterpriseTask", "recaptchaV2Enterprise", "websiteURL:url websiteKey:sitekey",
            optional: "enterprisePayload:object isInvisible:bool userAgent cookies apiDomain minScore:number",
            answer: recaptchaAnswer, price: "0.00299")).map { $0.givingUp(after: 300) }
        + [
            TaskShape(
                "RecaptchaV3TaskProxyless", "recaptchaV3Enterprise",
                "websiteURL:url websiteKey:sitekey minScore:number",
                optional: "pageAction isEnterprise:bool apiDomain", when: ["isEnterprise": true],
                answer: recaptchaAnswer, price: "0.00299"),
            TaskShape(
                "RecaptchaV3TaskProxyless", "recaptchaV3", "websiteURL:url websiteKey:sitekey minScore:number",
                optional: "pageAction isEnterprise:bool apiDomain", answer: recaptchaAnswer, price: "0.00299"),
            TaskShape(
                "RecaptchaV3EnterpriseTaskProxyless", "recaptchaV3Enterprise",
                "websiteURL:url websiteKey:sitekey minScore:number", optional: "pageAction apiDomain",
                answer: recaptchaAnswer, price: "0.00299"),
        ]

    private static let web: [TaskShape] =
        TaskShape.pair(
            "TurnstileTask", "cloudflareToken", "websiteURL:url websiteKey action data pagedata",
            optional: "userAgent", has: ["pagedata"], answer: "token:turnstile userAgent:agent", price: "0.00145")
        + TaskShape.pair(
            "TurnstileTask", "turnstile", "websiteURL:url websiteKey", optional: "action data pagedata userAgent",
            answer: "token:turnstile userAgent:agent", price: "0.00145")
        + TaskShape.pair(
            "FunCaptchaTask", "funcaptcha", "websiteURL:url websitePublicKey",
            optional: "funcaptchaApiJSSubdomain data userAgent", answer: "token:funcaptcha", price: "0.003")
        + TaskShape.pair(
            "GeeTestTask", "geetestV4", "websiteURL:url initParameters.captcha_id",
            optional: "risk_type userAgent geetestApiServerSubdomain gt:any challenge:any", when: ["version": 4],
            answer: AnswerTemplate.geetestV4.replacing("@captchaId", with: "@initParameters.captcha_id"),
            price: "0.00299")
        + TaskShape.pair(
            "GeeTestTask", "geetestV3", "websiteURL:url gt challenge",
            optional: "geetestApiServerSubdomain userAgent version:int initParameters:object",
            answer: AnswerTemplate.geetestV3, price: "0.00299")
        + TaskShape.pair(
            "AmazonTask", "amazonWaf", "websiteURL:url websiteKey iv context",
            optional: "challengeScript captchaScript", answer: "captcha_voucher:token existing_token:uuid",
            price: "0.00299")
        + TaskShape.pair(
            "MtCaptchaTask", "mtcaptcha", "websiteURL:url websiteKey", answer: tokenAnswer, price: "0.00299")
        + TaskShape.pair(
            "FriendlyCaptchaTask", "friendlyCaptcha", "websiteURL:url websiteKey", answer: tokenAnswer,
            price: "0.00299")
        + TaskShape.pair(
            "AltchaTask", "altcha", "websiteURL:url challengeURL|challengeJSON:any", answer: "token:altchaToken",
            price: "0.00299")
        + TaskShape.pair(
            "ProsopoTask", "prosopo", "websiteURL:url websiteKey", answer: tokenAnswer, price: "0.00299")

    private static let sites: [TaskShape] =
        TaskShape.pair(
            "LeminTask", "lemin", "websiteURL:url captchaId", optional: "div_id apiServer",
            answer: "answer:token challenge_id:uuid", price: "0.00299")
        + TaskShape.pair(
            "KeyCaptchaTask", "keycaptcha",
            "websiteURL:url s_s_c_user_id:any s_s_c_session_id s_s_c_web_server_sign s_s_c_web_server_sign2",
            answer: tokenAnswer, price: "0.00299")
        + TaskShape.pair(
            "CapyTask", "capy", "websiteURL:url websiteKey", optional: "version apiServer",
            answer: "captchakey:@websiteKey challengekey:hex32 answer:token respKey:hex32", price: "0.00299")
        + TaskShape.pair(
            "CutCaptchaTask", "cutcaptcha", "websiteURL:url miseryKey apiKey", answer: tokenAnswer,
            price: "0.00299")
        + TaskShape.pair(
            "AntiCyberSiAraTask", "cyberSiara", "websiteURL:url SlideMasterUrlId userAgent",
            answer: tokenAnswer, price: "0.00299")
        + TaskShape.pair(
            "TencentTask", "tencent", "websiteURL:url appId",
            answer: "appid:@appId ret:zero ticket:token randstr:randstr", price: "0.00299")
        + TaskShape.pair(
            "AtbCaptchaTask", "atbCaptcha", "websiteURL:url appId apiServer", answer: tokenAnswer,
            price: "0.00299")
        + TaskShape.pair(
            "YandexSmartCaptchaTask", "yandex", "websiteURL:url websiteKey", optional: "userAgent cookies",
            answer: tokenAnswer, price: "0.00299")
        + TaskShape.pair(
            "BinanceTask", "binance", "websiteURL:url websiteKey validateId", optional: "userAgent",
            answer: "token:token userAgent:agent", price: "0.00299")
        + TaskShape.pair(
            "YidunTask", "yidun", "websiteURL:url websiteKey",
            optional: "yidunGetLib yidunApiServerSubdomain challenge hcg hct:int userAgent",
            answer: tokenAnswer, price: "0.00299")
        + TaskShape.pair(
            "BasiliskTask", "basilisk", "websiteURL:url websiteKey", optional: "userAgent", answer: tokenAnswer,
            price: "0.00299")
        + TaskShape.pair(
            "AlibabaTask", "alibaba", "websiteURL:url sceneId prefix",
            optional: "userId userUserId verifyType region userCertifyId apiGetLib userAgent", answer: tokenAnswer,
            price: "0.00299")
        + withProxyOnly

    private static let withProxyOnly: [TaskShape] = [
        TaskShape(
            "DataDomeSliderTask", "datadome", "websiteURL:url captchaUrl:url userAgent", proxy: .required,
            answer: "cookie:datadome", price: "0.00299"),
        TaskShape(
            "CaptchaFoxTask", "captchaFox", "websiteURL:url websiteKey userAgent", proxy: .required,
            answer: tokenAnswer, price: "0.00299"),
        TaskShape(
            "VKCaptchaTask", "vkCaptcha", "redirectUri:url userAgent", proxy: .required, answer: tokenAnswer,
            price: "0.00299"),
        TaskShape(
            "IncapsulaTask", "imperva", "websiteURL:url incapsulaScriptUrl incapsulaCookies",
            optional: "reese84UrlEndpoint userAgent", proxy: .required,
            answer: "cookies.___utmvc:token cookies.reese84:token", price: "0.00299"),
        TaskShape(
            "tspdtask", "tspd", "websiteURL:url tspdcookie htmlPageBase64:base64", optional: "userAgent",
            proxy: .required, answer: "cookies.TSPD_101:token", price: "0.00299"),
    ]

    private static let images: [TaskShape] = [
        TaskShape(
            "ImageToTextTask", "imageToText", "body:image",
            optional: "phrase:bool case:bool math:bool numeric:numeric minLength:int maxLength:int comment "
                + "imgInstructions:instructions", answer: "text:imageText", price: "0.001"),
        TaskShape("TextCaptchaTask", "textQuestion", "comment", answer: "text:word", price: "0.001"),
        TaskShape("AudioTask", "audio", "body:audio lang", answer: "text:word", price: "0.0005"),
        TaskShape(
            "VKCaptchaImageTask", "vkImage", "image:base64 steps:list",
            answer: "best_step:small preview:base64 solution:base64 answer:base64", price: "0.001"),
        TaskShape(
            "TemuCaptchaTask", "temu", "image:base64 parts:list", answer: "coordinates:points", price: "0.0012"),
        TaskShape(
            "CoordinatesTask", "coordinates", "body:image",
            optional: "comment imgInstructions:instructions imgType minClicks:int maxClicks:int",
            answer: "coordinates:points", price: "0.0012"),
        TaskShape(
            "GridTask", "grid", "body:image comment|imgInstructions:instructions",
            optional: "rows:int columns:int imgType canNoAnswer:any previousId:any", answer: "click:cells",
            price: "0.0012"),
        TaskShape(
            "RotateTask", "rotate", "body:image", optional: "angle:int comment imgInstructions:instructions",
            answer: "rotate:angle", price: "0.0012"),
        TaskShape(
            "BoundingBoxTask", "boundingBox", "body:image comment|imgInstructions:instructions",
            answer: "bounding_boxes:boxes", price: "0.0012"),
        TaskShape(
            "DrawAroundTask", "drawAround", "body:image comment", optional: "imgInstructions:instructions",
            answer: "canvas:lines", price: "0.0012"),
    ]
}
