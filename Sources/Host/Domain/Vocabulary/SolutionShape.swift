public import ProviderKit

/// Solutions as clients get them: the canonical fields, and beside them every other name under which clients look for
/// the same thing.
///
/// A canonical field means the same in every family, so that the names follow from the fields that are there.
public enum SolutionShape {
    /// What further names a field of a solution is given.
    public struct Alias: Sendable, Hashable {
        /// The canonical field.
        public let field: String
        /// The name that is added, unless the solution has it already.
        public let name: String
        /// How the value differs from the field's, in words; empty when it doesn't.
        public let difference: String

        let value: @Sendable (JSONValue) -> JSONValue?

        init(
            _ field: String, _ name: String, _ difference: String = "",
            value: @escaping @Sendable (JSONValue) -> JSONValue? = { $0 }
        ) {
            self.field = field
            self.name = name
            self.difference = difference
            self.value = value
        }

        public static func == (left: Alias, right: Alias) -> Bool {
            (left.field, left.name) == (right.field, right.name)
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(field)
            hasher.combine(name)
        }
    }

    /// The further names, by the field that they come from. Of two for one name the first whose field is there holds.
    public static let aliases: [Alias] = [
        Alias("gRecaptchaResponse", "token"),
        Alias("userAgent", "useragent"),
        Alias("text", "answer"),
        Alias("validate", "geetest_validate"),
        Alias("seccode", "geetest_seccode"),
        Alias("cookie", "token", "only a bare value") { CookieValue($0).bare },
        Alias("cookie", "existing_token", "only a bare value") { CookieValue($0).bare },
        Alias("cookie", "cookies", "an object") { CookieValue($0).object },
        Alias("captcha_voucher", "token"),
        Alias("cookies", "cf_clearance", "its member of this name") { $0["cf_clearance"] },
        Alias("cookies", "cookie", "as text, `a=b; c=d`") { CookieValue.text($0) },
        Alias("bounding_boxes", "coordinates", "arrays of `xMin`, `yMin`, `xMax`, `yMax`") { corners($0) },
        Alias("ticket", "data", "an object with `ticket`, and `randstr` beside it") { ["ticket": $0] },
    ]

    private static let byField = Dictionary(grouping: aliases, by: \.field)

    /// The members that a solution is given beside its own.
    public static func additions(to solution: JSONObject) -> JSONObject {
        var additions = JSONObject()
        for member in solution.members {
            for alias in byField[member.name] ?? [] where solution[alias.name] == nil && additions[alias.name] == nil {
                additions[alias.name] = alias.value(member.value)
            }
        }
        if solution["validate"] != nil, let challenge = solution["challenge"], solution["geetest_challenge"] == nil {
            additions["geetest_challenge"] = challenge
        }
        if var data = additions["data"]?.object, let randstr = solution["randstr"] {
            data["randstr"] = randstr
            additions["data"] = .object(data)
        }
        return additions
    }

    /// A stored solution with its further names. What is stored stays as it is, byte for byte, and so does what is no
    /// JSON object.
    public static func presented(_ solution: [UInt8]) -> [UInt8] {
        guard case .object(let object)? = try? JSONValue(parsing: solution),
            let end = solution.lastIndex(of: UInt8(ascii: "}"))
        else { return solution }
        let additions = additions(to: object)
        guard !additions.members.isEmpty else { return solution }
        var presented = Array(solution[..<end])
        presented.append(UInt8(ascii: ","))
        presented.append(contentsOf: JSONValue.object(additions).bytes.dropFirst())
        return presented
    }

    private static func corners(_ boxes: JSONValue) -> JSONValue? {
        guard let boxes = boxes.array else { return nil }
        var corners: [JSONValue] = []
        for box in boxes {
            let values = ["xMin", "yMin", "xMax", "yMax"].compactMap { box[$0] }
            guard values.count == 4 else { return nil }
            corners.append(.array(values))
        }
        return .array(corners)
    }
}

/// The value of a solution's `cookie`: either as in a header, `name=value; Path=/`, or the bare value of Amazon's
/// `aws-waf-token`, which has a colon where a name can have none.
private struct CookieValue {
    let bare: JSONValue?
    let object: JSONValue?

    init(_ value: JSONValue) {
        guard let text = value.string else {
            bare = nil
            object = nil
            return
        }
        let pair = text.prefix { $0 != ";" }
        let name = pair.prefix { $0 != "=" }
        let isNamed =
            name.utf8.count < pair.utf8.count && !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-_.".utf8.contains(byte)
                }
            }
        bare = isNamed ? .none : .some(value)
        object =
            isNamed
            ? .object(JSONObject([.init(String(name), .string(String(pair.dropFirst(name.count + 1))))]))
            : ["aws-waf-token": value]
    }

    /// An object of cookies as one text.
    static func text(_ cookies: JSONValue) -> JSONValue? {
        guard let members = cookies.object?.members, !members.isEmpty else { return nil }
        var pairs: [String] = []
        for member in members {
            guard let value = member.value.string else { return nil }
            pairs.append("\(member.name)=\(value)")
        }
        return .string(pairs.joined(separator: "; "))
    }
}
