public import ProviderKit

/// The canonical form of a part of a solution.
public struct SolutionForm: Sendable {
    /// The value in the canonical form; nil for one that has none, and then the next place is looked at.
    let convert: @Sendable (JSONValue) -> JSONValue?

    public init(_ convert: @escaping @Sendable (JSONValue) -> JSONValue?) {
        self.convert = convert
    }

    /// Untouched.
    public static let asItIs = SolutionForm { $0 }

    /// Text that is nothing else: no number, no list.
    public static let plainText = SolutionForm { $0.string != nil ? $0 : nil }

    /// Text; an object or a list becomes JSON text.
    public static let jsonText = SolutionForm { value in
        value.string != nil ? value : .string(value.text)
    }

    /// Text; numbers are written out, and the elements of a list one behind the other.
    public static let text = SolutionForm { value in
        if let word = value.string ?? value.numberText { return .string(word) }
        guard let parts = value.array?.map({ $0.string ?? $0.numberText }), !parts.isEmpty, !parts.contains(nil) else {
            return nil
        }
        return .string(parts.compactMap { $0 }.joined())
    }

    /// A number; text that holds one is read, and of a list the first element.
    public static let number = SolutionForm { value in
        Lenient.number(value.array?.first ?? value).map { .number($0) }
    }

    /// Points as `{x, y}`, from objects in any case or from pairs.
    public static let points = SolutionForm { value in
        list(value) { SolutionForm.point($0) }
    }

    /// Boxes as `{xMin, yMin, xMax, yMax}`, from such objects or from four numbers.
    public static let boxes = SolutionForm { value in
        list(value) { element in
            if element["xMin"] != nil { return element }
            guard let sides = element.array?.map({ Lenient.number($0) }), sides.count == 4, !sides.contains(nil) else {
                return nil
            }
            var box = JSONObject()
            for (name, side) in zip(["xMin", "yMin", "xMax", "yMax"], sides) {
                box[name] = side.map { .number($0) }
            }
            return .object(box)
        }
    }

    /// Cells of a grid as numbers from 1 on, from such numbers or from one boolean for each cell.
    public static let cells = SolutionForm { value in
        guard let elements = value.array else { return nil }
        if let flags = Optional(elements.map(\.bool)), !flags.isEmpty, !flags.contains(nil) {
            return .array(flags.indices.filter { flags[$0] == true }.map { .number(JSONNumber($0 + 1)) })
        }
        return list(value) { Lenient.integer($0).map { .number(JSONNumber($0)) } }
    }

    /// Cells of a grid as numbers from 1 on, from a vendor that counts them from 0.
    public static let cellsFromZero = SolutionForm { value in
        list(value) { element in
            Lenient.integer(element).flatMap { $0 < Int64.max ? .number(JSONNumber($0 + 1)) : nil }
        }
    }

    /// Cookies as an object by their names, from such an object or from `name=value; name=value`.
    public static let cookies = SolutionForm { value in
        if let object = value.object { return object.members.isEmpty ? nil : value }
        guard let text = value.string else { return nil }
        let cookies = CookieText.pairs(text)
        return cookies.isEmpty ? nil : .object(JSONObject(cookies.map { .init($0.name, .string($0.value)) }))
    }

    /// The same list with every element brought into a form; nil when one of them has none.
    private static func list(_ value: JSONValue, _ element: (JSONValue) -> JSONValue?) -> JSONValue? {
        guard let elements = value.array else { return nil }
        let converted = elements.compactMap(element)
        return converted.count == elements.count ? .array(converted) : nil
    }

    private static func point(_ value: JSONValue) -> JSONValue? {
        let x: JSONNumber?
        let y: JSONNumber?
        if let pair = value.array {
            guard pair.count == 2 else { return nil }
            (x, y) = (Lenient.number(pair[0]), Lenient.number(pair[1]))
        } else {
            (x, y) = (Lenient.number(value["x"] ?? value["X"]), Lenient.number(value["y"] ?? value["Y"]))
        }
        guard let x, let y else { return nil }
        return ["x": .number(x), "y": .number(y)]
    }
}

/// Reads and writes `name=value; name=value`.
public enum CookieText {
    private static let attributes: Set<String> = ["path", "domain", "expires", "max-age", "samesite"]

    /// The cookies of a text without the attributes that a `Set-Cookie` has behind them.
    public static func pairs(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: ";").compactMap { part in
            let trimmed = part.drop { $0 == " " }
            guard let sign = trimmed.firstIndex(of: "="), sign > trimmed.startIndex else { return nil }
            let name = String(trimmed[..<sign])
            guard !attributes.contains(name.lowercased()) else { return nil }
            let value = trimmed[trimmed.index(after: sign)...]
            return (name, String(value.reversed().drop { $0 == " " }.reversed()))
        }
    }
}
