import ProviderKit

/// Cookies as one text: `a=b; c=d`.
enum CookieText {
    /// The cookies of a task, which clients send as such a text, as an object of names and values, or as an array of
    /// objects with `name` and `value` or of texts `a=b`. Nil when there are none.
    static func read(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> JSONValue? {
        switch value {
        case .string: return value
        case .object(let object):
            var pairs: [String] = []
            for member in object.members { pairs.append("\(member.name)=\(try text(member.value, place))") }
            return pairs.isEmpty ? nil : .string(pairs.joined(separator: "; "))
        case .array(let elements):
            var pairs: [String] = []
            for element in elements {
                if let text = element.string {
                    pairs.append(text)
                } else {
                    guard let name = element["name"]?.string, let value = element["value"] else {
                        throw place.refusal("Each of its cookies has to be an object with name and value.")
                    }
                    pairs.append("\(name)=\(try text(value, place))")
                }
            }
            return pairs.isEmpty ? nil : .string(pairs.joined(separator: "; "))
        default: throw place.refusal("It has to be text such as `a=b; c=d`, not \(value.kind).")
        }
    }

    private static func text(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> String {
        guard let text = value.string ?? value.numberText else {
            throw place.refusal("A cookie's value has to be text, not \(value.kind).")
        }
        return text
    }
}
