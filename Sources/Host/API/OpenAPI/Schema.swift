import Domain
import ProviderKit

/// Pieces of JSON Schema, as OpenAPI 3.1 has them.
enum Schema {
    /// The description of a value under `components`.
    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    static func text(_ description: String = "") -> JSONValue { described(["type": "string"], description) }

    static func text(or other: String, _ description: String = "") -> JSONValue {
        described(["type": ["string", .string(other)]], description)
    }

    /// One of these texts.
    static func word(_ words: some Sequence<String>, _ description: String = "") -> JSONValue {
        described(["type": "string", "enum": .array(words.map { .string($0) })], description)
    }

    /// One of these texts, or null.
    static func wordOrNull(_ words: some Sequence<String>, _ description: String = "") -> JSONValue {
        described(["enum": .array(words.map { .string($0) } + [.null])], description)
    }

    static func flag(_ description: String = "") -> JSONValue { described(["type": "boolean"], description) }

    /// A whole number.
    static func whole(_ range: ClosedRange<Int64>, _ description: String = "") -> JSONValue {
        var schema: JSONObject = ["type": "integer", "format": "int64"]
        if range.lowerBound != .min { schema["minimum"] = .number(JSONNumber(range.lowerBound)) }
        if range.upperBound != .max { schema["maximum"] = .number(JSONNumber(range.upperBound)) }
        return described(schema, description)
    }

    static func number(_ description: String = "", least: Int64? = nil) -> JSONValue {
        var schema: JSONObject = ["type": "number"]
        if let least { schema["minimum"] = .number(JSONNumber(least)) }
        return described(schema, description)
    }

    /// A time as `2026-01-31T12:00:00.250Z`.
    static func time(_ description: String = "", orNull: Bool = false) -> JSONValue {
        let type: JSONValue = orNull ? ["string", "null"] : "string"
        return described(["type": type, "format": "date-time"], description)
    }

    /// The same, or null as well.
    static func orNull(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

    static func list(of element: JSONValue, _ description: String = "") -> JSONValue {
        described(["type": "array", "items": element], description)
    }

    /// An object with exactly these members, or some of them.
    ///
    /// - Parameter optional: the names of those that may be missing.
    static func object(
        _ members: JSONObject, optional: Set<String> = [], _ description: String = "", closed: Bool = true
    ) -> JSONValue {
        let required = members.members.map(\.name).filter { !optional.contains($0) }
        var schema: JSONObject = ["type": "object", "properties": .object(members)]
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0) }) }
        if closed { schema["additionalProperties"] = false }
        return described(schema, description)
    }

    static func described(_ schema: JSONObject, _ description: String) -> JSONValue {
        guard !description.isEmpty else { return .object(schema) }
        var schema = schema
        schema["description"] = .string(description)
        return .object(schema)
    }
}

extension JSONObject {
    /// The members of all of them, in order.
    static func joining(_ parts: JSONObject...) -> JSONObject {
        parts.reduce(JSONObject()) { $0.adding($1) }
    }

    /// These members and then those.
    func adding(_ others: JSONObject) -> JSONObject {
        var all = self
        for member in others.members { all[member.name] = member.value }
        return all
    }
}
