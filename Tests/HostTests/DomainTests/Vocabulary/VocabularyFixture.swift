import Domain
import ProviderKit
import Testing

/// Tasks that are complete and nothing more, made from the forms.
enum VocabularyFixture {
    /// 120 bytes in base64.
    static let picture = String(repeating: "QUJD", count: 40)

    /// The required fields of a family, and a proxy where it needs one.
    static func fields(_ form: TaskForm) -> JSONObject {
        var fields = JSONObject()
        for field in form.fields where field.isRequired { fields[field.name] = value(of: field.kind) }
        if form.family == .altcha { fields["challengeJSON"] = ["challenge": "c"] }
        if form.proxy == .needed {
            fields["proxyType"] = "http"
            fields["proxyAddress"] = "192.0.2.1"
            fields["proxyPort"] = 3128
        }
        return fields
    }

    /// A value of a kind as adapters get it.
    static func value(of kind: FieldKind) -> JSONValue {
        switch kind {
        case .text, .json: "x"
        case .cookies: "a=b"
        case .address: "https://site.example/page"
        case .flag: true
        case .whole(let range): .number(JSONNumber(range.lowerBound))
        case .number: 0
        case .object: ["a": 1]
        case .array: [1]
        case .picture, .sound: .string(picture)
        case .pictures: [.string(picture)]
        case .challenge: ["challenge": "c"]
        }
    }

    static func form(_ family: TaskFamily) throws -> TaskForm {
        try #require(TaskForm.all.first { $0.family == family })
    }

    /// A complete task of a type, with these fields set, or removed where the value is null.
    static func task(_ type: String, _ family: TaskFamily, _ changes: JSONObject = [:]) throws -> JSONObject {
        var task = try fields(form(family))
        for change in changes.members { task[change.name] = change.value.isNull ? nil : change.value }
        task["type"] = .string(type)
        return task
    }

    /// A page with a key, as most tasks have them.
    static func site(_ type: String, _ more: JSONObject = [:]) -> JSONObject {
        JSONObject(
            [
                .init("type", .string(type)), .init("websiteURL", "https://site.example/"), .init("websiteKey", "k"),
            ] + more.members)
    }

    /// Expects an error of this code and field.
    static func expectRefusal(
        _ task: JSONObject, _ code: ErrorCode, _ field: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            let understood = try TaskVocabulary.understand(task)
            Issue.record("It is understood as \(understood).", sourceLocation: sourceLocation)
        } catch {
            #expect(error.code == code, sourceLocation: sourceLocation)
            #expect(error.field == field, sourceLocation: sourceLocation)
        }
    }
}
