import Domain
import ProviderKit

/// What can be in `task`, made from the forms of the vocabulary: one description for each family.
enum TaskSchemas {
    /// By name under `components`.
    static var components: JSONObject {
        var all = JSONObject(TaskForm.all.map { JSONObject.Member(name(of: $0), schema(of: $0)) })
        all["Task"] = .object([
            "description": .string(
                "What has to be solved. The case of letters in a type and in the names of fields doesn't matter, and "
                    + "fields are understood by other names as well (`x-aliases`). Null and an empty text count as "
                    + "missing, and numbers and booleans may come as text. Fields that are not listed are handed on to "
                    + "providers whose API takes JSON."),
            "anyOf": .array(TaskForm.all.map { Schema.reference(name(of: $0)) }),
        ])
        return all
    }

    /// `turnstile` is described as `TurnstileTask`.
    static func name(of form: TaskForm) -> String {
        form.family.rawValue.prefix(1).uppercased() + form.family.rawValue.dropFirst() + "Task"
    }

    private static func schema(of form: TaskForm) -> JSONValue {
        var members: JSONObject = ["type": Schema.word(types(of: form))]
        let classes = form.names.compactMap { if case .custom(let name) = $0 { name } else { nil } }
        if !classes.isEmpty { members["class"] = Schema.word(classes, "With the type `CustomTask`.") }
        for field in form.fields { members[field.name] = schema(of: field) }
        let required = ["type"] + form.fields.filter(\.isRequired).map(\.name)
        if form.proxy != .never { members = members.adding(proxy) }
        var schema: JSONObject = [
            "title": .string(form.title), "type": "object", "description": .string(description(of: form)),
            "properties": .object(members), "required": .array(required.map { .string($0) }),
            "x-family": .string(form.family.rawValue),
        ]
        switch form.proxy {
        case .never: break
        case .possible:
            schema["dependentRequired"] = ["proxyAddress": ["proxyPort"], "proxyPort": ["proxyAddress"]]
        case .needed:
            schema["anyOf"] = [["required": ["proxyAddress", "proxyPort"]], ["required": ["proxy"]]]
        }
        if !classes.isEmpty {
            schema["if"] = ["properties": ["type": ["const": "CustomTask"]]]
            schema["then"] = ["required": ["class"]]
        }
        return .object(schema)
    }

    private static func description(of form: TaskForm) -> String {
        let proxy =
            switch form.proxy {
            case .never: "Without a proxy."
            case .possible: "With a proxy or without."
            case .needed: "With a proxy."
            }
        let challenge = form.family == .altcha ? " `challengeJSON` or `challengeURL` is required." : ""
        let names = form.solution.map { "`\($0)`" }.joined(separator: ", ")
        return "\(proxy)\(challenge) Solution: \(names.isEmpty ? "the vendor's own fields" : names)."
    }

    /// The names by which a request asks for it. Families without names of their own are told by their fields.
    private static func types(of form: TaskForm) -> [String] {
        let isCustom = form.names.contains { if case .custom = $0 { true } else { false } }
        let names = form.names.flatMap(\.spellings) + (isCustom ? ["CustomTask"] : [])
        let all = names.isEmpty ? ["TurnstileTask", "TurnstileTaskProxyless"] : names
        return form.proxy == .needed ? all.filter { !$0.lowercased().hasSuffix("proxyless") } : all
    }

    private static func schema(of field: TaskField) -> JSONValue {
        var schema = field.kind.schema
        if field.isRequired, field.kind == .text { schema["minLength"] = 1 }
        let aliases = field.synonyms + field.encodedSynonyms
        if !aliases.isEmpty { schema["x-aliases"] = .array(aliases.map { .string($0) }) }
        return .object(schema)
    }

    private static let proxy: JSONObject = [
        "proxyType": Schema.word(["http", "https", "socks4", "socks5"], "`http` when it is missing."),
        "proxyAddress": [
            "type": "string", "description": "A name or an address.",
            "pattern": "^([A-Za-z0-9._-]{1,253}|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$",
            "x-aliases": ["proxyHost", "proxyIP"],
        ],
        "proxyPort": Schema.whole(1...65535), "proxyLogin": secret(aliases: ["proxyUser", "proxyUsername"]),
        "proxyPassword": secret(aliases: ["proxyPass"]),
        "proxy": [
            "type": "string",
            "description": .string(
                "All in one, instead of these: `type://user:password@host:port`, or without the type or the user. "
                    + "`type:host:port:user:password` and an object of `type`, `address`, `port`, `login` and "
                    + "`password` are understood as well."),
            "pattern": .string(
                "^((https?|socks[45])://)?([^\\s:@/]{1,100}:[^\\s:@/]{1,100}@)?"
                    + "[A-Za-z0-9.-]{1,99}:[1-9][0-9]{0,3}$"),
        ],
    ]

    private static func secret(aliases: [String]) -> JSONValue {
        .object([
            "type": "string", "maxLength": .number(JSONNumber(Limits.proxyTextBytes)),
            "pattern": "^[^\\u0000-\\u001F\\u007F]*$", "x-aliases": .array(aliases.map { .string($0) }),
        ])
    }
}

extension FieldKind {
    /// What a value of the kind looks like as it is best sent.
    fileprivate var schema: JSONObject {
        switch self {
        case .text: ["type": "string"]
        case .address:
            [
                "type": "string", "pattern": "^https?://[^/?#:\\s]",
                "maxLength": .number(JSONNumber(Limits.taskAddressBytes)),
            ]
        case .flag: ["type": "boolean"]
        case .whole(let range): Schema.whole(range).object ?? [:]
        case .number(let range):
            [
                "type": "number", "minimum": JSONNumber(range.lowerBound).map { .number($0) } ?? 0,
                "maximum": JSONNumber(range.upperBound).map { .number($0) } ?? 0,
            ]
        case .object: ["type": "object"]
        case .array: ["type": "array"]
        case .json: ["type": ["string", "object"]]
        case .cookies:
            [
                "type": ["string", "object"], "additionalProperties": ["type": ["string", "number"]],
                "description": "`a=b; c=d`, or an object of names and values.",
            ]
        case .picture: FieldKind.file("A picture", Limits.pictureBytes)
        case .sound: FieldKind.file("A recording", Limits.soundBytes)
        case .pictures:
            ["type": "array", "items": .object(FieldKind.file("A picture", Limits.pictureBytes))]
        case .challenge: ["type": ["object", "string"], "description": "As the site gave it."]
        }
    }

    private static func file(_ what: String, _ most: Int) -> JSONObject {
        [
            "type": "string", "contentEncoding": "base64",
            "description": .string("\(what) of \(Limits.pictureBytesLeast) to \(most) bytes."),
        ]
    }
}
