import ProviderKit

/// The methods of the vendors that take forms. A shape's type is the method; parameters are all texts.
enum FormShapes {
    private static let userAgent = "userAgent useragent cookies json_cookies"

    private static func web(
        _ method: String, _ family: String, _ required: String = "", optional: String = "",
        when: [String: String] = [:], has: [String] = [], proxy: TaskShape.ProxyRule = .optional,
        answer: String = "token:token"
    ) -> TaskShape {
        TaskShape(
            method, family, "pageurl:url \(required)", optional: "\(optional) \(userAgent)",
            when: when.mapValues { .string($0) }, has: has, proxy: proxy, answer: answer, price: "0.00299")
    }

    private static let pictureOptions =
        "phrase regsense numeric calc min_len max_len minLen maxLen textinstructions imginstructions:instructions"

    private static func picture(
        _ method: String, _ family: String, optional: String = "", when: [String: String] = [:],
        answer: String = "text:imageText"
    ) -> TaskShape {
        TaskShape(
            method, family, "\(method == "post" ? "file" : "body"):image",
            optional: "\(pictureOptions) \(optional)", when: when.mapValues { .string($0) }, answer: answer,
            price: "0.001")
    }

    /// 2Captcha's in.php. A method that answers more than one field answers a JSON object.
    static let twoCaptcha: [TaskShape] = recaptcha + tokens + objects + images

    private static let recaptcha: [TaskShape] = [
        web(
            "userrecaptcha", "recaptchaV3Enterprise", "googlekey:sitekey min_score",
            optional: "action domain", when: ["version": "v3", "enterprise": "1"], proxy: .none,
            answer: "token:recaptcha"),
        web(
            "userrecaptcha", "recaptchaV3", "googlekey:sitekey", optional: "min_score action domain enterprise",
            when: ["version": "v3"], proxy: .none, answer: "token:recaptcha"),
        web(
            "userrecaptcha", "recaptchaV2Enterprise", "googlekey:sitekey",
            optional: "invisible action data-s domain version", when: ["enterprise": "1"], answer: "token:recaptcha"),
        web(
            "userrecaptcha", "recaptchaV2", "googlekey:sitekey",
            optional: "invisible data-s domain version enterprise min_score", answer: "token:recaptcha"),
    ].map { $0.family.contains("V2") ? $0.givingUp(after: 300) : $0 }

    private static let tokens: [TaskShape] = [
        web(
            "turnstile", "cloudflareToken", "sitekey action data pagedata", has: ["pagedata"],
            answer: "token:turnstile useragent:agent"),
        web(
            "turnstile", "turnstile", "sitekey", optional: "action data pagedata",
            answer: "token:turnstile useragent:agent"),
        web("funcaptcha", "funcaptcha", "publickey", optional: "surl data[blob]", answer: "token:funcaptcha"),
        web(
            "keycaptcha", "keycaptcha",
            "s_s_c_user_id s_s_c_session_id s_s_c_web_server_sign s_s_c_web_server_sign2"),
        web("mt_captcha", "mtcaptcha", "sitekey"),
        web("friendly_captcha", "friendlyCaptcha", "sitekey"),
        web("cutcaptcha", "cutcaptcha", "misery_key api_key"),
        web("atb_captcha", "atbCaptcha", "app_id api_server"),
        web("cybersiara", "cyberSiara", "master_url_id userAgent|useragent"),
        web("yandex", "yandex", "sitekey"),
        web("prosopo", "prosopo", "sitekey"),
        web("altcha", "altcha", "challenge_url|challenge_json", answer: "token:altchaToken"),
        web("binance", "binance", "sitekey validate_id"),
        web("yidun", "yidun", "sitekey"),
        web("basilisk", "basilisk", "sitekey"),
        web("alibaba", "alibaba", "scene_id prefix"),
        web("hunt", "hunt", "api_get_lib"),
        web(
            "datadome", "datadome", "captcha_url:url userAgent|useragent", proxy: .required,
            answer: "cookie:datadome"),
        web("captchafox", "captchaFox", "sitekey userAgent|useragent", proxy: .required),
        TaskShape(
            "vkcaptcha", "vkCaptcha", "redirect_uri:url userAgent|useragent", proxy: .required,
            answer: "token:token", price: "0.00299"),
        web("tspd", "tspd", "tspd_cookie html_page_base64", proxy: .required),
        web("incapsula", "imperva", "incapsula_script_url incapsula_cookies", proxy: .required),
    ]

    private static let objects: [TaskShape] = [
        web(
            "geetest", "geetestV3", "gt challenge", optional: "api_server offline new_captcha",
            answer: "geetest_challenge:@challenge geetest_validate:hex32 geetest_seccode:seccode"),
        web(
            "geetest_v4", "geetestV4", "captcha_id", optional: "api_server risk_type",
            answer: AnswerTemplate.geetestV4.replacing("@captchaId", with: "@captcha_id")),
        web(
            "capy", "capy", "captchakey", optional: "api_server version",
            answer: "captchakey:@captchakey challengekey:hex32 answer:token"),
        web(
            "lemin", "lemin", "captcha_id", optional: "div_id api_server",
            answer: "answer:token challenge_id:uuid"),
        web(
            "amazon_waf", "amazonWaf", "sitekey iv context", optional: "challenge_script captcha_script",
            answer: "captcha_voucher:token existing_token:uuid"),
        web(
            "tencent", "tencent", "app_id",
            answer: "appid:@app_id ret:zero ticket:token randstr:randstr"),
    ]

    private static let images: [TaskShape] =
        [TaskShape("post", "textQuestion", "textcaptcha", has: ["textcaptcha"], answer: "text:word", price: "0.001")]
        + ["base64", "post"].flatMap { method in
            [
                picture(
                    method, "coordinates", optional: "min_clicks max_clicks", when: ["coordinatescaptcha": "1"],
                    answer: "text:coordinateText"),
                picture(method, "drawAround", optional: "recaptcha", when: ["canvas": "1"], answer: "text:canvasText"),
                picture(
                    method, "grid", optional: "recaptcharows recaptchacols can_no_answer previousID img_type",
                    when: ["recaptcha": "1"], answer: "text:clickText"),
                picture(method, "imageToText"),
            ]
        }
        + [
            TaskShape("audio", "audio", "body:audio lang", answer: "text:word", price: "0.0005"),
            TaskShape(
                "rotatecaptcha", "rotate", "body:image|file:image|file_1:image",
                optional: "angle file_2 file_3 textinstructions imginstructions:instructions",
                answer: "text:angleText", price: "0.0012"),
            TaskShape(
                "bounding_box", "boundingBox", "image:image|body:image textinstructions", optional: "imginstructions",
                answer: "text:boxesText", price: "0.0012"),
            TaskShape(
                "vkimage", "vkImage", "steps body:base64|file|file_1",
                answer: "best_step:small preview:base64 answer:base64", price: "0.001"),
            TaskShape(
                "temuimage", "temu", "body:base64 part1:base64 part2:base64 part3:base64",
                answer: "text:coordinateText", price: "0.0012"),
            TaskShape(
                "drag_drop", "dragDrop", "body:base64 images", answer: "text:coordinateText", price: "0.0012"),
        ]

    /// Multibot's methods, with prices in its own units.
    static let multibot: [TaskShape] = [
        TaskShape(
            "userrecaptcha", "recaptchaV2", "pageurl:url googlekey:sitekey|sitekey:sitekey", answer: "token:recaptcha",
            price: "1"),
        TaskShape(
            "hcaptcha", "hcaptcha", "pageurl:url sitekey",
            optional: "domain cookies enterprise data isInvisible userAgent", proxy: .optional,
            answer: "token:hcaptcha",
            price: "1"),
        TaskShape("turnstile", "turnstile", "pageurl:url sitekey", answer: "token:turnstile", price: "1"),
        TaskShape("authkong", "authkong", "pageurl:url sitekey", answer: "token:token", price: "1"),
        TaskShape("universal", "imageToText", "body:image", answer: "text:imageText", price: "1"),
        TaskShape("antibot", "antibot", "main:image", answer: "text:relations", price: "1"),
        TaskShape("upside", "upside", "body:image", answer: "text:spot", price: "1"),
        TaskShape("rscaptcha", "rscaptcha", "body:image", answer: "text:spot", price: "1"),
    ]
}
