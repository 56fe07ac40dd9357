import ProviderKit

/// CapSolver's types, with the capital L of its `ProxyLess`.
enum CapSolverShapes {
    static let all = recaptcha + web + classification

    private static let recaptchaAnswer = "gRecaptchaResponse:recaptcha userAgent:agent"

    private static func pair(
        _ type: String, _ family: String, _ required: String, optional: String = "", answer: String, price: String
    ) -> [TaskShape] {
        TaskShape.pair(
            type, without: "ProxyLess", family, required, optional: optional, answer: answer, price: price)
    }

    private static let recaptcha: [TaskShape] =
        pair(
            "ReCaptchaV2Task", "recaptchaV2", "websiteURL:url websiteKey:sitekey",
            optional: "isInvisible:bool pageAction enterprisePayload:object recaptchaDataSValue apiDomain "
                + "isSession:bool cookies:any userAgent", answer: recaptchaAnswer, price: "0.0008")
        + pair(
            "ReCaptchaV2EnterpriseTask", "recaptchaV2Enterprise", "websiteURL:url websiteKey:sitekey",
            optional: "isInvisible:bool pageAction enterprisePayload:object recaptchaDataSValue apiDomain "
                + "isSession:bool cookies:any userAgent", answer: recaptchaAnswer, price: "0.001")
        + pair(
            "ReCaptchaV3Task", "recaptchaV3", "websiteURL:url websiteKey:sitekey",
            optional: "pageAction minScore:number enterprisePayload:object apiDomain isSession:bool cookies:any "
                + "userAgent", answer: recaptchaAnswer, price: "0.001")
        + pair(
            "ReCaptchaV3EnterpriseTask", "recaptchaV3Enterprise", "websiteURL:url websiteKey:sitekey",
            optional: "pageAction minScore:number enterprisePayload:object apiDomain isSession:bool cookies:any "
                + "userAgent", answer: recaptchaAnswer, price: "0.003")

    private static let web: [TaskShape] =
        [
            TaskShape(
                "AntiTurnstileTaskProxyLess", "turnstile", "websiteURL:url websiteKey",
                optional: "metadata.action metadata.cdata",
                answer: "token:turnstile type:'turnstile' userAgent:agent", price: "0.0012"),
            TaskShape(
                "AntiCloudflareTask", "cloudflareClearance", "websiteURL:url", optional: "userAgent html",
                proxy: .required,
                answer: "cookies.cf_clearance:token token:=cookies.cf_clearance userAgent:agent", price: "0.0012"),
            TaskShape(
                "GeeTestTaskProxyLess", "geetestV4", "websiteURL:url captchaId",
                optional: "geetestApiServerSubdomain", has: ["captchaId"], answer: AnswerTemplate.geetestV4,
                price: "0.0012"),
            TaskShape(
                "GeeTestTaskProxyLess", "geetestV3", "websiteURL:url gt challenge",
                optional: "geetestApiServerSubdomain captchaId:any", answer: "challenge:@challenge validate:hex32",
                price: "0.0012"),
            TaskShape(
                "DatadomeSliderTask", "datadome", "captchaUrl:url userAgent", optional: "websiteURL:url",
                proxy: .required, answer: "cookie:datadome userAgent:@userAgent", price: "0.0025"),
            TaskShape(
                "FriendlyCaptchaTaskProxyless", "friendlyCaptcha", "websiteURL:url websiteKey",
                answer: "token:token", price: "0.0012"),
            TaskShape(
                "YandexCaptchaTaskProxyLess", "yandex", "websiteURL:url websiteKey", answer: "token:token",
                price: "0.0012"),
        ]
        + pair(
            "AntiAwsWafTask", "amazonWaf", "websiteURL:url",
            optional: "awsKey awsIv awsContext awsChallengeJS awsApiJs awsProblemUrl awsApiKey awsExistingToken",
            answer: "cookie:token", price: "0.002")
        + pair("MtCaptchaTask", "mtcaptcha", "websiteURL:url websiteKey", answer: "token:token", price: "0.003")

    private static let classification: [TaskShape] = [
        TaskShape(
            "ImageToTextTask", "imageToText", "body:image",
            optional: "module score:number websiteURL:url images:images case:bool",
            answer: "text:imageText confidence:confidence", price: "0.0004"),
        TaskShape(
            "VisionEngine", "visionEngine", "module image:image",
            optional: "imageBackground:image question websiteURL:url", answer: "box:box", price: "0.0004"),
        TaskShape(
            "ReCaptchaV2Classification", "grid", "image:image question:question",
            optional: "websiteURL:url websiteKey", answer: "objects:cells", price: "0.0004"),
        TaskShape(
            "AwsWafClassification", "awsWafClassification", "images:images question", optional: "websiteURL:url",
            answer: "box:box objects:cells distance:number", price: "0.0006"),
    ].map { $0.synchronous() }
}
