import ProviderKit

/// The members of an object, one a row.
struct MemberTable {
    let document: JSONValue
    let schema: JSONValue
    let without: [String]

    var html: String {
        let required = schema["required"]?.array?.compactMap(\.string) ?? []
        let members = (schema["properties"]?.object?.members ?? []).filter { !without.contains($0.name) }
        return MemberTable.table(
            members.map {
                MemberTable.row($0.name, in: nil, $0.value, isRequired: required.contains($0.name), nil, document)
            })
    }

    static func table(_ rows: [String]) -> String {
        guard !rows.isEmpty else { return "" }
        return "<table class=\"stack\"><tr><th>name</th><th>holds</th><th></th></tr>"
            + "\(rows.joined(separator: "\n"))</table>"
    }

    static func row(
        _ name: String, in place: String?, _ schema: JSONValue, isRequired: Bool, _ description: String?,
        _ document: JSONValue
    ) -> String {
        let isTask = schema["$ref"] == "#/components/schemas/Task"
        let schema = document.resolved(schema)
        let aliases = (schema["x-aliases"]?.array ?? []).compactMap(\.string).map { "`\($0)`" }
        let said = isTask ? "What has to be solved." : description ?? schema["description"]?.string ?? ""
        let also = aliases.isEmpty ? "" : "Also \(aliases.joined(separator: ", "))."
        let words = [said, also].filter { !$0.isEmpty }.joined(separator: " ")
        let holds = isTask ? Markup.link(to: "tasks", "a task") : Markup.text(kind(of: schema))
        return "<tr><td><code>\(Markup.escaped(name))</code>\(isRequired ? " <b>required</b>" : "")</td>"
            + "<td>\(holds)\(place.map { ", in the \($0)" } ?? "")</td><td>\(Markup.text(words))</td></tr>"
    }

    /// The kind of a value in words.
    private static func kind(of schema: JSONValue) -> String {
        if let words = schema["enum"]?.array { return words.map { "`\($0.string ?? $0.text)`" }.joined(separator: " ") }
        if schema["type"] == "array", let element = schema["items"], element["enum"] != nil {
            return "several of \(kind(of: element))"
        }
        let types = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string].compactMap(\.self)
        if let kinds = schema["anyOf"]?.array { return kinds.map(kind(of:)).joined(separator: " or ") }
        if let format = schema["format"]?.string, format.hasPrefix("date") {
            return format == "date" ? "day" : "time"
        }
        if schema["contentEncoding"] == "base64" { return "base64" }
        let bounds = [
            ("minimum", "from ", ""), ("maximum", "to ", ""), ("maxLength", "of ", " characters at most"),
        ].compactMap { key, before, behind in schema[key]?.numberText.map { "\(before)\($0)\(behind)" } }
        let names = types.isEmpty ? "anything" : types.map { words[$0] ?? $0 }.joined(separator: " or ")
        return ([names] + bounds).joined(separator: " ")
    }

    private static let words = ["string": "text", "integer": "whole number", "boolean": "true or false"]
}

extension JSONValue {
    /// A value of this document, or what it refers to.
    func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string else { return value }
        return reference.split(separator: "/").dropFirst().reduce(self) { $0[String($1)] ?? .null }
    }
}
