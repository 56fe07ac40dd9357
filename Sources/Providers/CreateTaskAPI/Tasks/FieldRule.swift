public import ProviderKit

/// One field of a task: what it is called in the host's vocabulary, where the vendor wants it and in which form.
///
/// A place is a name, or names with slashes between them for a member of a member: `metadata/action`.
public struct FieldRule: Sendable {
    enum Presence: Sendable {
        case required, optional
        /// This value where the client gave none.
        case otherwise(JSONValue)
        /// This value whatever the client gave.
        case always(JSONValue)
    }

    /// The canonical name; nil for a value that no field gives.
    let field: String?
    /// Where it goes; empty for nowhere.
    let path: [String]
    let presence: Presence
    let form: ValueForm
    /// Whether it goes beside the task instead of into it.
    let besideTask: Bool

    init(
        _ field: String?, _ place: String?, _ presence: Presence, _ form: ValueForm = .asItIs, besideTask: Bool = false
    ) {
        self.field = field
        self.path = (place ?? "").split(separator: "/").map(String.init)
        self.presence = presence
        self.form = form
        self.besideTask = besideTask
    }

    /// A field without which the vendor takes no task: missing, null and empty text are refused.
    public static func required(_ field: String, as place: String? = nil, _ form: ValueForm = .asItIs) -> FieldRule {
        FieldRule(field, place ?? field, .required, form)
    }

    /// A field that may be left out.
    public static func optional(_ field: String, as place: String? = nil, _ form: ValueForm = .asItIs) -> FieldRule {
        FieldRule(field, place ?? field, .optional, form)
    }

    /// A field that the vendor requires and the client need not give: `value` stands in.
    public static func optional(
        _ field: String, as place: String? = nil, _ form: ValueForm = .asItIs, otherwise value: JSONValue
    ) -> FieldRule {
        FieldRule(field, place ?? field, .otherwise(value), form)
    }

    /// A value that is always the same.
    public static func constant(_ place: String, _ value: JSONValue) -> FieldRule {
        FieldRule(nil, place, .always(value))
    }

    /// A value that is the same unless the client's task has another one in that very place.
    public static func usual(_ place: String, _ value: JSONValue) -> FieldRule {
        FieldRule(nil, place, .otherwise(value))
    }

    /// A field that the vendor does not take, or does not take here.
    public static func dropped(_ field: String) -> FieldRule {
        FieldRule(field, nil, .optional)
    }

    /// A field that goes beside the task, next to `clientKey`.
    public static func besideTask(_ field: String) -> FieldRule {
        FieldRule(field, field, .optional, besideTask: true)
    }
}

extension [FieldRule] {
    /// What a task with a picture says of the text in it, in the types that vendors document.
    public static let imageHints: [FieldRule] =
        ["phrase", "case", "math"].map { .optional($0, .flag) }
        + ["numeric", "minLength", "maxLength"].map { .optional($0, .number) }
}

extension JSONObject {
    /// The value of a field that says something: nil for a missing one, null and empty text.
    public func said(_ field: String) -> JSONValue? {
        guard let value = self[field], !value.isNull, value != "" else { return nil }
        return value
    }

    /// The value at a place.
    func value(at path: [String]) -> JSONValue? {
        guard let name = path.first, let value = self[name] else { return nil }
        return path.count == 1 ? value : value.object?.value(at: Array(path.dropFirst()))
    }

    /// Puts a value in its place and makes the objects around it.
    mutating func put(_ value: JSONValue, at path: [String]) {
        guard let name = path.first else { return }
        guard path.count > 1 else {
            self[name] = value
            return
        }
        var inner = self[name]?.object ?? [:]
        inner.put(value, at: Array(path.dropFirst()))
        self[name] = .object(inner)
    }
}
