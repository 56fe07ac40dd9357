import Domain
import ProviderKit

/// What is sent to Death By Captcha's calls, made from the table of what each `type` means.
enum DeathByCaptchaBodies {
    /// By name under `components`.
    static var components: JSONObject {
        [
            "DeathByCaptchaUser": Schema.object(key, optional: Set(key.members.map(\.name)), closed: false),
            "DeathByCaptchaSubmission": .object([
                "type": "object", "properties": .object(.joining(key, type, files, plain, params)),
                "anyOf": .array(kinds.map { variant($0.number, $0.kind) }),
            ]),
        ]
    }

    private static let kinds = DeathByCaptchaKind.byNumber.sorted { $0.key < $1.key }.map { (number: $0, kind: $1) }

    private static let key: JSONObject = [
        "authtoken": Schema.text("The API key."), "username": Schema.text("Or the key is here."),
        "password": Schema.text("Or the key is here."),
    ]

    private static let type: JSONObject = [
        "type": .object([
            "type": "integer", "enum": .array(kinds.map { .number(JSONNumber($0.number)) }),
            "description": .string(
                "What has to be solved, a picture without it: "
                    + kinds.map { "\($0.number) `\($0.kind.type)`" }.joined(separator: ", ") + "."),
        ])
    ]

    private static let files = JSONObject(
        DeathByCaptchaFile.allCases.map { JSONObject.Member($0.rawValue, $0.schema) }
    ).adding(["grid": Schema.text("The columns and rows of type 3: `3x4`.")])

    /// Parameters that are fields of a task themselves.
    private static var plain: JSONObject {
        let names = kinds.filter { $0.kind.params == nil }.flatMap { $0.kind.fields.pairs.map(\.parameter) }
        return names.reduce(into: JSONObject()) { $0[$1] = Schema.text() }
    }

    /// Parameters that hold the fields of a task.
    private static var params: JSONObject {
        kinds.reduce(into: JSONObject()) { all, kind in
            guard let name = kind.kind.params else { return }
            var fields = all[name]?["properties"]?.object ?? [:]
            for field in kind.kind.fields.pairs { fields[field.parameter] = schema(of: field.field, kind.kind) }
            all[name] = .object([
                "type": "object", "properties": .object(fields),
                "description": .string(
                    "A JSON object, in forms its text, of "
                        + fields.members.map { "`\($0.name)`" }.joined(separator: ", ") + "."),
            ])
        }
    }

    /// What has to be there for one `type`.
    private static func variant(_ number: Int, _ kind: DeathByCaptchaKind) -> JSONValue {
        var properties: JSONObject = ["type": ["const": .number(JSONNumber(number))]]
        guard let params = kind.params else {
            let needed = DeathByCaptchaFile.needed(by: number).map(\.rawValue) ?? kind.fields.pairs[0].parameter
            return ["properties": .object(properties), "required": ["type", .string(needed)]]
        }
        let required = kind.fields.pairs.filter { form(of: kind)?.requires($0.field) ?? false }.map(\.parameter)
        properties[params] = ["required": .array(required.map { .string($0) })]
        return ["properties": .object(properties), "required": ["type", .string(params)]]
    }

    private static func schema(of field: String, _ kind: DeathByCaptchaKind) -> JSONValue {
        let known = form(of: kind).flatMap { form in
            OpenAPIDocument.tasks[TaskSchemas.name(of: form)]?["properties"]?[field]
        }
        guard var schema = known?.object else { return Schema.text() }
        // Those are createTask's other names.
        schema["x-aliases"] = nil
        return .object(schema)
    }

    /// The form of the task that a `type` means.
    private static func form(of kind: DeathByCaptchaKind) -> TaskForm? {
        TaskForm.all.first { $0.names.contains { $0.spellings.contains(kind.type) } }
    }
}

extension TaskForm {
    fileprivate func requires(_ name: String) -> Bool { fields.contains { $0.name == name && $0.isRequired } }
}

extension DeathByCaptchaFile {
    fileprivate var schema: JSONValue {
        switch self {
        case .captchafile, .captcha: DeathByCaptchaFile.file("The picture")
        case .banner: DeathByCaptchaFile.file("The picture of an instruction")
        case .audio: DeathByCaptchaFile.file("The recording of type 13")
        }
    }

    private static func file(_ what: String) -> JSONValue {
        ["type": "string", "contentEncoding": "base64", "description": .string("\(what): a file, or base64.")]
    }
}
