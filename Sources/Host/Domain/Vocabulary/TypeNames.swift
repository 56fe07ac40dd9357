import ProviderKit

/// What each client's `type` means.
enum TypeNames {
    /// What a name means.
    struct Meaning: Sendable {
        let choice: FormChoice
        /// Whether the name says that there is no proxy, whatever the fields say.
        let isProxyless: Bool
        /// A field that the name implies.
        let implied: JSONObject.Member?
    }

    /// The meanings by name in lower case.
    static let meanings: [String: Meaning] = {
        var meanings: [String: Meaning] = ["customtask": Meaning(choice: .byClass, isProxyless: false, implied: nil)]
        for form in TaskForm.all {
            for name in form.names {
                for spelling in name.spellings {
                    let lower = spelling.lowercased()
                    meanings[lower] = Meaning(
                        choice: FormChoice(form), isProxyless: lower.hasSuffix("proxyless"), implied: implied(name))
                }
            }
        }
        return meanings
    }()

    /// The forms of CapMonster's `CustomTask` by its class in lower case.
    static let classes: [String: TaskForm] = {
        var classes: [String: TaskForm] = [:]
        for form in TaskForm.all {
            for case .custom(let name) in form.names { classes[name.lowercased()] = form }
        }
        return classes
    }()

    private static func implied(_ name: TypeName) -> JSONObject.Member? {
        name == .stem("HCaptchaEnterprise") ? JSONObject.Member("isEnterprise", true) : nil
    }
}

/// How the form of a task is found: by its type alone, or by some of its fields as well.
enum FormChoice: Sendable {
    case fixed(TaskForm)
    /// The second one with `isEnterprise`.
    case enterprise(TaskForm, TaskForm)
    case turnstile(TaskForm)
    case geetest(TaskForm)
    /// Points or rectangles, by `mode`.
    case points(TaskForm)
    /// CapMonster's `CustomTask`.
    case byClass

    init(_ form: TaskForm) {
        switch form.family {
        case .recaptchaV2: self = FormChoice.enterprise(form, .recaptchaV2Enterprise)
        case .recaptchaV3: self = FormChoice.enterprise(form, .recaptchaV3Enterprise)
        case .turnstile: self = .turnstile(form)
        case .geetestV3, .geetestV4: self = .geetest(form)
        case .coordinates: self = .points(form)
        default: self = .fixed(form)
        }
    }

    private static func enterprise(_ plain: TaskForm, _ family: TaskFamily) -> FormChoice {
        TaskForm.byFamily[family].map { .enterprise(plain, $0) } ?? .fixed(plain)
    }

    /// The form of this task.
    ///
    /// - Throws: `badParameters` or `taskNotSupported` with the field that decides.
    func form(of task: JSONObject) throws(ClientError) -> TaskForm {
        switch self {
        case .fixed(let form): return form
        case .enterprise(let plain, let enterprise):
            for member in task.members
            where member.name.equalsIgnoringCase("isenterprise") || member.name.equalsIgnoringCase("enterprise") {
                if try FieldKind.flag.read(member.value, at: FieldPlace(member.name)) == true { return enterprise }
            }
            return plain
        case .turnstile(let form): return try FormChoice.cloudflare(task) ?? form
        case .geetest(let form): return try FormChoice.geetest(task) ?? form
        case .points(let form):
            let mode = task.member("mode")?.value.string?.asciiLowercasedTrimmed
            return mode == "rectangles" ? TaskForm.byFamily[.boundingBox] ?? form : form
        case .byClass: return try FormChoice.custom(task)
        }
    }

    /// A challenge page rather than a widget; nil for a widget.
    private static func cloudflare(_ task: JSONObject) throws(ClientError) -> TaskForm? {
        if let member = task.member("cloudflaretasktype"), let kind = member.value.string, !kind.isBlank {
            switch kind.asciiLowercasedTrimmed {
            case "cf_clearance", "wait_room": return TaskForm.byFamily[.cloudflareClearance]
            case "token": return TaskForm.byFamily[.cloudflareToken]
            default: throw FieldPlace(member.name).refusal("It has to be token, cf_clearance or wait_room.")
            }
        }
        let hasPageData = hasPageData(task) || task.member("metadata")?.value.object.map(hasPageData) == true
        return hasPageData ? TaskForm.byFamily[.cloudflareToken] : nil
    }

    private static func hasPageData(_ object: JSONObject) -> Bool {
        object.members.contains {
            ($0.name.equalsIgnoringCase("pagedata") || $0.name.equalsIgnoringCase("chlpagedata")) && $0.value.isFilled
        }
    }

    /// Version 4 by its number or by its ID; nil for version 3.
    private static func geetest(_ task: JSONObject) throws(ClientError) -> TaskForm? {
        var isFourth = false
        if let version = task.member("version"), version.value.isFilled {
            switch FieldKind.integer(version.value) {
            case 3: isFourth = false
            case 4: isFourth = true
            default: throw FieldPlace(version.name).refusal("It has to be 3 or 4.")
            }
        }
        isFourth = isFourth || hasID(task) || task.member("initparameters")?.value.object.map(hasID) == true
        return TaskForm.byFamily[isFourth ? .geetestV4 : .geetestV3]
    }

    private static func hasID(_ object: JSONObject) -> Bool {
        object.members.contains {
            ($0.name.equalsIgnoringCase("captchaid") || $0.name.equalsIgnoringCase("captcha_id")) && $0.value.isFilled
        }
    }

    private static func custom(_ task: JSONObject) throws(ClientError) -> TaskForm {
        guard let member = task.member("class"), member.value.isFilled else {
            throw FieldPlace("class").refusal("The field is missing.")
        }
        guard let name = member.value.string else {
            throw FieldPlace(member.name).refusal("It has to be text, not \(member.value.kind).")
        }
        guard name.utf8.count <= Limits.taskTypeCharacters,
            let form = TypeNames.classes[name.asciiLowercasedTrimmed]
        else { throw FieldPlace(member.name).refusal("This class is not known here.", .taskNotSupported) }
        return form
    }
}

extension JSONObject {
    /// The last member of this name in any case of letters. `lower` is in lower case.
    func member(_ lower: String) -> Member? { members.last { $0.name.equalsIgnoringCase(lower) } }
}

extension JSONValue {
    /// Whether there is anything: neither null nor blank text.
    var isFilled: Bool {
        switch self {
        case .null: false
        case .string(let text): !text.isBlank
        default: true
        }
    }
}
