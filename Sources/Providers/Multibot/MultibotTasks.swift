import ProviderKit

/// A task as Multibot wants it: its method and that method's parameters.
struct MultibotTask: Sendable {
    let method: String
    let fields: FormFields

    /// - Throws: `badTask` with the field that is missing or has no use; `unsupportedTask` for a family that is not
    ///   sold, and for a field that the solution depends on and that Multibot has no parameter for: solved without it,
    ///   the client would pay for what its site refuses.
    init(_ task: TaskRequest) throws(Fault) {
        let reader = MultibotFields(task.fields)
        switch task.family {
        case .recaptchaV2:
            try reader.refuse(["recaptchaDataSValue", "cookies"])
            try reader.refuseProxy()
            self.init("userrecaptcha", try reader.site(key: "googlekey"))
        case .hcaptcha:
            self.init("hcaptcha", try MultibotTask.hcaptcha(reader))
        case .turnstile:
            try reader.refuse(["action", "cData", "cookies"])
            try reader.refuseProxy()
            self.init("turnstile", try reader.site(key: "sitekey"))
        case .authkong:
            try reader.refuse(["cookies"])
            try reader.refuseProxy()
            self.init("authkong", try reader.site(key: "sitekey"))
        case .imageToText:
            try reader.refuse(["comment", "imgInstructions"])
            if try reader.flag("math") == true { throw MultibotFields.unsupported("math") }
            self.init("universal", FormFields(["body": try reader.text("body")]))
        default:
            throw Fault(.unsupportedTask, "Multibot does not take \(task.family) tasks.")
        }
    }

    private init(_ method: String, _ fields: FormFields) {
        self.method = method
        self.fields = fields
    }

    /// The solution's canonical field that the answer to a task of the family fills; nil for a family that is not sold.
    static func answer(of family: TaskFamily) -> String? {
        switch family {
        case .recaptchaV2, .hcaptcha: "gRecaptchaResponse"
        case .turnstile, .authkong: "token"
        case .imageToText: "text"
        default: nil
        }
    }

    private static func hcaptcha(_ reader: MultibotFields) throws(Fault) -> FormFields {
        var fields = try reader.site(key: "sitekey")
        if let invisible = try reader.flag("isInvisible") { fields.append("isInvisible", invisible ? "1" : "0") }
        if let payload = reader.fields["enterprisePayload"], !payload.isNull {
            guard let payload = payload.object else {
                throw Fault(.badTask(field: "enterprisePayload"), "enterprisePayload has to be an object.")
            }
            fields.append("enterprise", "1")
            if let data = payload["rqdata"]?.string, !data.isEmpty { fields.append("data", data) }
        }
        if let cookies = try reader.optionalText("cookies") { fields.append("cookies", cookies) }
        fields.append(contentsOf: try reader.proxy())
        return fields
    }
}
