import Domain
import ProviderKit

/// What a `type` of Death By Captcha means: the type of task in the words of createTask, and where its fields are.
struct DeathByCaptchaKind: Sendable {
    let type: String
    /// The parameter whose JSON holds the fields; nil: the parameters themselves do.
    let params: String?
    let fields: FieldNames
    let implied: JSONObject

    private init(_ type: String, _ params: String?, _ fields: String, implied: JSONObject = [:]) {
        self.type = type
        self.params = params
        let page = "pageurl:websiteURL useragent:userAgent cookies proxy proxytype:proxyType"
        self.fields = FieldNames(params == nil ? fields : "\(fields) \(page)")
        self.implied = implied
    }

    /// By their numbers, as the vendor's published clients send them.
    static let byNumber: [Int: DeathByCaptchaKind] = [
        0: DeathByCaptchaKind("ImageToTextTask", nil, ""),
        2: DeathByCaptchaKind("CoordinatesTask", nil, "banner_text:comment"),
        3: DeathByCaptchaKind("GridTask", nil, "banner_text:comment"),
        4: DeathByCaptchaKind(
            "RecaptchaV2Task", "token_params", "googlekey:websiteKey data-s:recaptchaDataSValue invisible:isInvisible"),
        5: DeathByCaptchaKind(
            "RecaptchaV3Task", "token_params",
            "googlekey:websiteKey action:pageAction min_score:minScore min-score:minScore"),
        6: DeathByCaptchaKind("FunCaptchaTask", "funcaptcha_params", "publickey:websitePublicKey data"),
        7: DeathByCaptchaKind("HCaptchaTask", "hcaptcha_params", "sitekey:websiteKey invisible:isInvisible"),
        8: DeathByCaptchaKind("GeeTestTask", "geetest_params", "gt challenge", implied: ["version": 3]),
        9: DeathByCaptchaKind("GeeTestTask", "geetest_params", "captcha_id:captchaId", implied: ["version": 4]),
        11: DeathByCaptchaKind("TextCaptchaTask", nil, "textcaptcha:comment"),
        12: DeathByCaptchaKind("TurnstileTask", "turnstile_params", "sitekey:websiteKey action data:cData"),
        13: DeathByCaptchaKind("AudioTask", nil, "language:lang"),
        14: DeathByCaptchaKind(
            "LeminTask", "lemin_params", "captchaid:captchaId captcha_id:captchaId div_id:divId api_server:apiServer"),
        15: DeathByCaptchaKind(
            "CapyTask", "capy_params", "captchakey:websiteKey googlekey:websiteKey api_server:apiServer version"),
        16: DeathByCaptchaKind(
            "AmazonTask", "waf_params",
            """
            sitekey:websiteKey iv context challenge_script:challengeScript challengejs:challengeScript \
            captcha_script:captchaScript captchajs:captchaScript
            """),
        17: DeathByCaptchaKind("AntiCyberSiAraTask", "siara_params", "slideurlid:slideMasterUrlId"),
        18: DeathByCaptchaKind("MTCaptchaTask", "mtcaptcha_params", "sitekey:websiteKey"),
        19: DeathByCaptchaKind("CutCaptchaTask", "cutcaptcha_params", "miserykey:miseryKey apikey:apiKey"),
        20: DeathByCaptchaKind("FriendlyCaptchaTask", "friendly_params", "sitekey:websiteKey"),
        21: DeathByCaptchaKind("DataDomeSliderTask", "datadome_params", "captcha_url:captchaUrl"),
        23: DeathByCaptchaKind("TencentTask", "tencent_params", "appid:appId app_id:appId"),
        24: DeathByCaptchaKind("AtbCaptchaTask", "atb_params", "appid:appId apiserver:apiServer"),
        25: DeathByCaptchaKind(
            "RecaptchaV2EnterpriseTask", "token_enterprise_params", "googlekey:websiteKey action:pageAction"),
    ]
}

/// Files of a submission, by the names of their parameters.
enum DeathByCaptchaFile: String, CaseIterable {
    case captchafile, captcha, banner, audio

    /// Without which a submission of this type is nothing; nil for a type that has none.
    static func needed(by number: Int) -> DeathByCaptchaFile? {
        switch number {
        case 11: nil
        case 13: .audio
        default: .captchafile
        }
    }
}

/// A submission as a task, in the words of createTask.
enum DeathByCaptchaTask {
    /// - Throws: `taskNotSupported` for a type that does not exist here, `badParameters` for one whose parameters
    ///   cannot be read, `emptyImage` for an empty file.
    static func task(_ form: RequestForm) throws(ClientError) -> JSONObject {
        let number = form.text("type") ?? "0"
        guard let kind = Int(number).flatMap({ DeathByCaptchaKind.byNumber[$0] }) else {
            throw ClientError(.taskNotSupported, field: "type")
        }
        var task: JSONObject = ["type": .string(kind.type)]
        for member in kind.implied.members { task[member.name] = member.value }
        if let name = kind.params {
            let params = try params(name, form)
            for (parameter, field) in kind.fields.pairs where task[field] == nil {
                task[field] = params.members.first { $0.name.lowercased() == parameter }?.value
            }
        } else {
            for (parameter, field) in kind.fields.pairs { task[field] = form[parameter] }
            addFiles(to: &task, number, form)
            guard task["body"] != "" else { throw ClientError(.emptyImage, field: "task.body") }
        }
        return task
    }

    /// An error about a field of the task, by the name of the parameter that the client has sent it in.
    static func named(_ error: ClientError, _ form: RequestForm) -> ClientError {
        guard let field = error.field, field.hasPrefix("task."), let number = Int(form.text("type") ?? "0"),
            let kind = DeathByCaptchaKind.byNumber[number]
        else { return error }
        let name = String(field.dropFirst("task.".count))
        let parameter =
            switch name {
            case "body": DeathByCaptchaFile.needed(by: number)?.rawValue ?? name
            case "imgInstructions": DeathByCaptchaFile.banner.rawValue
            case "rows", "columns": "grid"
            case "proxyType": "proxytype"
            case "proxyAddress", "proxyPort", "proxyLogin", "proxyPassword": "proxy"
            default: kind.fields.pairs.first { $0.field == name }?.parameter ?? name
            }
        return ClientError(error.code, field: kind.params.map { "\($0).\(parameter)" } ?? parameter, error.detail)
    }

    private static func params(_ name: String, _ form: RequestForm) throws(ClientError) -> JSONObject {
        guard let value = form[name] else { throw JSONBody.missing(name) }
        if let object = value.object { return object }
        guard let text = value.string,
            case .object(let params)? = try? JSONValue(parsing: text, maximumDepth: Limits.jsonDepth)
        else { throw ClientError(.badParameters, field: name, "It has to be a JSON object, as text.") }
        return params
    }

    private static func addFiles(to task: inout JSONObject, _ number: String, _ form: RequestForm) {
        switch Int(number).flatMap(DeathByCaptchaFile.needed) {
        case nil: break
        case .audio: task["body"] = form.content(file: [DeathByCaptchaFile.audio.rawValue], or: [])
        case .captchafile, .captcha, .banner:
            task["body"] = picture(.captchafile, form) ?? picture(.captcha, form)
            task["imgInstructions"] = picture(.banner, form)
        }
        guard number == "3", let grid = form.text("grid")?.lowercased() else { return }
        let sides = grid.split(separator: "x").map(String.init)
        guard sides.count == 2 else { return }
        task["columns"] = .string(sides[0])
        task["rows"] = .string(sides[1])
    }

    /// A file, or text in base64 with or without `base64:` before it.
    private static func picture(_ file: DeathByCaptchaFile, _ form: RequestForm) -> JSONValue? {
        let content = form.content(file: [file.rawValue], or: [])
        guard let text = content?.string, text.hasPrefix("base64:") else { return content }
        return .string(String(text.dropFirst("base64:".count)))
    }
}
