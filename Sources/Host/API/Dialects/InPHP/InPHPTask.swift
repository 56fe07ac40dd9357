import Domain
import ProviderKit

/// A request of in.php as a task, in the words of createTask.
struct InPHPTask: Sendable {
    let task: JSONObject
    private let parameters: [String: String]
    /// Parameters in base64 beside a task's picture or recording.
    private static let base64: Set<String> = ["imginstructions", "html_page_base64"]

    /// - Throws: `taskNotSupported` for a method that does not exist here, `badParameters` for a parameter that cannot
    ///   be turned into the field that it is, `emptyImage` for an empty file.
    init(_ form: RequestForm) throws(ClientError) {
        guard let method = InPHPMethod(form) else { throw ClientError(.taskNotSupported, field: "method") }
        var task: JSONObject = ["type": .string(method.type)]
        for member in method.implied.members { task[member.name] = member.value }
        var parameters: [String: String] = [:]
        for (parameter, field) in method.fields.pairs {
            // Of several parameters for one field the first names it where it is missing.
            if parameters[field] == nil { parameters[field] = parameter }
            let isBase64 = InPHPTask.base64.contains(parameter)
            let value = isBase64 ? form.content(file: [], or: [parameter]) : form[parameter]
            guard let value, task[field] == nil else { continue }
            task[field] = value
            parameters[field] = parameter
        }
        if let content = method.content {
            let file = form.content(file: ["file", "file_1"] + content.sources, or: content.sources)
            guard file != "" else { throw ClientError(.emptyImage, field: content.sources[0]) }
            task[content.field] = file
            parameters[content.field] = content.sources[0]
        }
        if form.file("file_2") != nil {
            throw ClientError(.badParameters, field: "file_2", "A task has one picture. Send one task for each.")
        }
        try InPHPTask.complete(&task, form)
        self.task = task
        self.parameters = parameters
    }

    /// The parameter that an error is about; nil when it is about none.
    func parameter(of error: ClientError) -> String? {
        guard let field = error.field else { return nil }
        let name = field.hasPrefix("task.") ? String(field.dropFirst(5)) : field
        return parameters[name] ?? name
    }

    /// What is not one parameter for one field.
    private static func complete(_ task: inout JSONObject, _ form: RequestForm) throws(ClientError) {
        if let picture = form.file("imginstructions") { task["imgInstructions"] = .string(picture) }
        if task["userAgent"] == nil, task["websiteURL"] != nil || task["redirectUri"] != nil {
            task["userAgent"] = form["user_agent"]
        }
        if case .string(let cookies)? = task["cookies"] { task["cookies"] = .string(self.cookies(cookies)) }
        if task["cookies"] == nil, let cookies = form["json_cookies"], let list = parsed(cookies) {
            task["cookies"] = list
        }
        switch task["type"] {
        case "HCaptchaTask": try completeHCaptcha(&task, form)
        case "FunCaptchaTask": task["data"] = form["data"] ?? data(form)
        case "TemuCaptchaTask": task["parts"] = parts(form)
        case "ImageToTextTask", "TextCaptchaTask": task["languagePool"] = language(form)
        default: break
        }
    }

    /// 2Captcha's own form has colons, `a:b;c:d`.
    private static func cookies(_ text: String) -> String {
        guard !text.contains("="), text.contains(":") else { return text }
        return text.split(separator: ";").map { pair in
            let sides = pair.split(separator: ":", maxSplits: 1).map(String.init)
            return sides.joined(separator: "=")
        }.joined(separator: "; ")
    }

    /// Cookies in JSON; nil for a flag.
    private static func parsed(_ value: JSONValue) -> JSONValue? {
        guard let text = value.string else { return value.array != nil || value.object != nil ? value : nil }
        let parsed = try? JSONValue(parsing: text, maximumDepth: Limits.jsonDepth)
        return parsed.flatMap { $0.array != nil || $0.object != nil ? $0 : nil }
    }

    private static func completeHCaptcha(_ task: inout JSONObject, _ form: RequestForm) throws(ClientError) {
        if form.isSet("enterprise") { task["isEnterprise"] = true }
        guard let data = form.text("data") else { return }
        task["enterprisePayload"] = ["rqdata": .string(data)]
    }

    /// FunCaptcha's `data[blob]=...` as an object; nil without any.
    private static func data(_ form: RequestForm) -> JSONValue? {
        var data = JSONObject()
        for name in form.names.sorted() where name.hasPrefix("data[") && name.hasSuffix("]") {
            data[String(name.dropFirst(5).dropLast())] = form[name]
        }
        return data.members.isEmpty ? nil : .object(data)
    }

    private static func parts(_ form: RequestForm) -> JSONValue? {
        if let parts = form["parts"] { return parts }
        let parts = ["part1", "part2", "part3"].compactMap { form.content(file: [$0], or: []) }
        return parts.isEmpty ? nil : .array(parts)
    }

    /// The pool of people who read the language; nil for the usual one.
    private static func language(_ form: RequestForm) -> JSONValue? {
        switch (form.text("lang")?.lowercased(), form.text("language")) {
        case ("ru", _), ("be", _), ("uk", _), (nil, "1"): "rn"
        case ("en", _), (nil, "2"): "en"
        default: nil
        }
    }
}
