import ProviderKit

/// What a `method` of in.php means: the type of task, and the task's fields by the parameters that hold them.
struct InPHPMethod: Sendable {
    let type: String
    let fields: FieldNames
    /// The field that holds the picture or recording, and the parameters, or files, that it comes in.
    let content: (field: String, sources: [String])?
    /// Fields that the method implies.
    let implied: JSONObject

    private init(
        _ type: String, _ fields: String, content: (field: String, sources: [String])? = nil,
        implied: JSONObject = [:]
    ) {
        self.type = type
        self.fields = FieldNames(fields)
        self.content = content
        self.implied = implied
    }

    /// A task of a web page.
    static func page(_ type: String, _ fields: String, implied: JSONObject = [:]) -> InPHPMethod {
        InPHPMethod(type, "pageurl:websiteURL \(fields) \(visitor)", implied: implied)
    }

    /// A task of a file.
    static func file(
        _ type: String, _ fields: String = "", as field: String = "body", from sources: String = "body"
    ) -> InPHPMethod {
        InPHPMethod(
            type, fields, content: (field, sources.split(separator: " ").map(String.init) + ["file", "file_1"]))
    }

    /// A task of parameters alone.
    static func plain(_ type: String, _ fields: String) -> InPHPMethod { InPHPMethod(type, fields) }

    /// How a page is visited.
    private static let visitor = "userAgent cookies proxy proxytype:proxyType"
    static let instructions = "textinstructions:comment imginstructions:imgInstructions"
}

extension InPHPMethod {
    /// The method of a request; nil for one that does not exist here. Without a name it is a question in words or a
    /// picture, whichever is there.
    init?(_ form: RequestForm) {
        let name = form.text("method")?.lowercased() ?? "post"
        switch name {
        case "userrecaptcha": self = InPHPMethod.recaptcha(form)
        case "post", "base64": self = InPHPMethod.picture(form)
        default:
            guard let method = InPHPMethod.byName[name] else { return nil }
            self = method
        }
    }

    private static func recaptcha(_ form: RequestForm) -> InPHPMethod {
        let isEnterprise = form.isSet("enterprise")
        let implied: JSONObject = isEnterprise ? ["isEnterprise": true] : [:]
        let key = "googlekey:websiteKey sitekey:websiteKey domain:apiDomain"
        if form.text("version")?.lowercased() == "v3" {
            return page("RecaptchaV3Task", "\(key) min_score:minScore action:pageAction", implied: implied)
        }
        return page(
            "RecaptchaV2Task",
            "\(key) invisible:isInvisible data-s:recaptchaDataSValue" + (isEnterprise ? " action:pageAction" : ""),
            implied: implied)
    }

    private static func picture(_ form: RequestForm) -> InPHPMethod {
        if form.text("textcaptcha") != nil { return question }
        if form.isSet("coordinatescaptcha") {
            return file("CoordinatesTask", "\(instructions) min_clicks:minClicks max_clicks:maxClicks")
        }
        if form.isSet("canvas") { return file("DrawAroundTask", "textinstructions:comment") }
        if form.isSet("recaptcha") {
            return file(
                "GridTask",
                """
                \(instructions) recaptcharows:rows recaptchacols:columns can_no_answer:canNoAnswer \
                previousid:previousId img_type:imgType
                """)
        }
        return file(
            "ImageToTextTask",
            """
            \(instructions) phrase regsense:case numeric calc:math min_len:minLength minlen:minLength \
            max_len:maxLength maxlen:maxLength
            """)
    }

    private static let question = plain("TextCaptchaTask", "textcaptcha:comment")

    /// The methods that one name means alone.
    static let byName: [String: InPHPMethod] = tokens.merging(files) { first, _ in first }
        .merging(["textcaptcha": question]) { first, _ in first }

    private static let tokens: [String: InPHPMethod] = [
        "hcaptcha": page("HCaptchaTask", "sitekey:websiteKey invisible:isInvisible isInvisible"),
        "turnstile": page("TurnstileTask", "sitekey:websiteKey action data:cData pagedata:chlPageData"),
        "funcaptcha": page("FunCaptchaTask", "publickey:websitePublicKey surl:funcaptchaApiJSSubdomain"),
        "geetest": page(
            "GeeTestTask", "gt challenge api_server:geetestApiServerSubdomain", implied: ["version": 3]),
        "geetest_v4": page(
            "GeeTestTask", "captcha_id:captchaId risk_type:riskType api_server:geetestApiServerSubdomain",
            implied: ["version": 4]),
        "amazon_waf": page(
            "AmazonTask",
            """
            sitekey:websiteKey iv context challenge_script:challengeScript captcha_script:captchaScript \
            jsapi_script:jsapiScript existing_token:existingToken
            """),
        "capy": page("CapyTask", "captchakey:websiteKey api_server:apiServer version"),
        "lemin": page("LeminTask", "captcha_id:captchaId div_id:divId api_server:apiServer"),
        "keycaptcha": page(
            "KeyCaptchaTask",
            "s_s_c_user_id s_s_c_session_id s_s_c_web_server_sign s_s_c_web_server_sign2"),
        "mt_captcha": page("MTCaptchaTask", "sitekey:websiteKey action:pageAction invisible:isInvisible"),
        "friendly_captcha": page("FriendlyCaptchaTask", "sitekey:websiteKey api_get_lib:apiGetLib"),
        "cutcaptcha": page("CutCaptchaTask", "misery_key:miseryKey api_key:apiKey"),
        "tencent": page("TencentTask", "app_id:appId captcha_url:captchaUrl"),
        "atb_captcha": page("AtbCaptchaTask", "app_id:appId api_server:apiServer"),
        "cybersiara": page("AntiCyberSiAraTask", "master_url_id:slideMasterUrlId"),
        "yandex": page("YandexSmartCaptchaTask", "sitekey:websiteKey"),
        "prosopo": page("ProsopoTask", "sitekey:websiteKey"),
        "altcha": page("AltchaTask", "challenge_url:challengeURL challenge_json:challengeJSON"),
        "binance": page("BinanceTask", "sitekey:websiteKey validate_id:validateId"),
        "yidun": page(
            "YidunTask",
            """
            sitekey:websiteKey yidun_get_lib:yidunGetLib yidun_api_server_subdomain:yidunApiServerSubdomain \
            challenge hcg hct
            """),
        "basilisk": page("BasiliskTask", "sitekey:websiteKey"),
        "alibaba": page(
            "AlibabaTask",
            """
            scene_id:sceneId prefix user_id:userId user_user_id:userUserId verify_type:verifyType region \
            user_certify_id:userCertifyId api_get_lib:apiGetLib
            """),
        "hunt": page("HuntTask", "api_get_lib:apiGetLib data"),
        "authkong": page("AuthkongTask", "sitekey:websiteKey"),
        "datadome": page("DataDomeSliderTask", "captcha_url:captchaUrl"),
        "captchafox": page("CaptchaFoxTask", "sitekey:websiteKey"),
        "vkcaptcha": page("VKCaptchaTask", "redirect_uri:redirectUri"),
        "tspd": page("TspdTask", "tspd_cookie:tspdCookie html_page_base64:htmlPageBase64"),
        "incapsula": page(
            "IncapsulaTask",
            """
            incapsula_script_url:incapsulaScriptUrl incapsula_cookies:incapsulaCookies \
            reese84_url_endpoint:reese84UrlEndpoint
            """),
    ]

    private static let files: [String: InPHPMethod] = [
        "audio": file("AudioTask", "lang"),
        "rotatecaptcha": file("RotateTask", "angle"),
        "bounding_box": file("BoundingBoxTask", instructions, from: "image body"),
        "vkimage": file("VKCaptchaImageTask", "steps", as: "image"),
        "temuimage": file("TemuCaptchaTask", "", as: "image", from: "body image"),
        "universal": file("ImageToTextTask"),
    ]
}
