import ProviderKit

/// What a field of a task holds. A value that says the same in another way, such as a number that arrives as text, is
/// turned into the kind that adapters are given; anything else is refused.
public enum FieldKind: Sendable, Hashable, CustomStringConvertible {
    /// Text; a number becomes its digits, and false is none.
    case text
    /// Text with `http://` or `https://` and a host.
    case address
    /// A boolean, or 0, 1, "true" or "false".
    case flag
    /// A whole number within the range, or its digits as text.
    case whole(ClosedRange<Int64>)
    /// A decimal number within the range, or its digits as text.
    case number(ClosedRange<Double>)
    /// A JSON object, or the text of one.
    case object
    /// A JSON array, or the text of one.
    case array
    /// Text; an object or an array becomes its JSON.
    case json
    /// `a=b; c=d`; an object, or an array of objects with `name` and `value`, becomes that.
    case cookies
    /// A picture in base64; a prefix `data:...;base64,` and blanks are taken away.
    case picture
    /// An array of pictures, or one picture.
    case pictures
    /// A recording in base64.
    case sound
    /// An ALTCHA challenge: an object with members, or the text of one.
    case challenge

    /// The kind in the words of the documentation.
    public var description: String {
        switch self {
        case .text: "text"
        case .address: "address with http:// or https://"
        case .flag: "boolean"
        case .whole(let range) where range.upperBound == .max: "whole number, at least \(range.lowerBound)"
        case .whole(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "number, \(range.lowerBound) to \(range.upperBound)"
        case .object: "object"
        case .array: "array"
        case .json: "text, or an object that becomes its JSON"
        case .cookies: "text `a=b; c=d`, an object, or an array of names and values"
        case .picture: "picture in base64"
        case .pictures: "array of pictures in base64"
        case .sound: "recording in base64"
        case .challenge: "object, or its text"
        }
    }
}

extension FieldKind {
    /// The value as adapters are given it; nil for an empty one, which counts as missing.
    ///
    /// - Throws: `badParameters` or a code for pictures, with the field.
    func read(_ value: JSONValue, at place: FieldPlace) throws(ClientError) -> JSONValue? {
        switch value {
        case .null: return nil
        case .string(let text) where text.isBlank: return nil
        default: break
        }
        switch self {
        case .text:
            // A client library sends false for a comment that there is none of.
            if value == false { return nil }
            return try text(value, place)
        case .address: return try address(value, place)
        case .flag: return try flag(value, place)
        case .whole(let range): return try whole(value, range, place)
        case .number(let range): return try number(value, range, place)
        case .object:
            let object = try members(value, place)
            return object.members.isEmpty ? nil : .object(object)
        case .array:
            let elements = try elements(value, place)
            return elements.isEmpty ? nil : .array(elements)
        case .json:
            if value.object != nil || value.array != nil { return .string(value.text) }
            return try text(value, place)
        case .cookies: return try CookieText.read(value, place)
        case .picture: return .string(try Base64Text.picture(value, place))
        case .sound: return .string(try Base64Text.sound(value, place))
        case .pictures: return try pictures(value, place)
        case .challenge: return try challenge(value, place)
        }
    }

    private func text(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> JSONValue {
        switch value {
        case .string: return value
        case .number(let number): return .string(number.text)
        default: throw place.refusal("It has to be text, not \(value.kind).")
        }
    }

    private func address(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> JSONValue {
        guard case .string(let given) = value else { throw place.refusal("It has to be text, not \(value.kind).") }
        let text = given.trimmed
        guard text.utf8.count <= Limits.taskAddressBytes else {
            throw place.refusal("It is longer than \(Limits.taskAddressBytes) bytes.")
        }
        let schemeBytes = text.startsIgnoringCase("https://") ? 8 : text.startsIgnoringCase("http://") ? 7 : 0
        guard schemeBytes > 0 else { throw place.refusal("It has to be an address with http:// or https://.") }
        guard let first = text.utf8.dropFirst(schemeBytes).first, !"/?#:".utf8.contains(first) else {
            throw place.refusal("It names no host.")
        }
        guard !text.hasControlCharacters else { throw place.refusal("It holds control characters.") }
        return .string(text)
    }

    private func flag(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> JSONValue {
        switch value {
        case .bool: return value
        case .number, .string:
            switch (value.string ?? value.numberText ?? "").asciiLowercasedTrimmed {
            case "1", "true": return true
            case "0", "false": return false
            default: throw place.refusal("It has to be true or false.")
            }
        default: throw place.refusal("It has to be true or false, not \(value.kind).")
        }
    }

    private func whole(
        _ value: JSONValue, _ range: ClosedRange<Int64>, _ place: FieldPlace
    ) throws(ClientError) -> JSONValue {
        guard let number = FieldKind.integer(value) else {
            throw place.refusal("It has to be a whole number, not \(value.kind).")
        }
        guard range.contains(number) else {
            throw place.refusal(
                range.upperBound == .max
                    ? "It has to be at least \(range.lowerBound)."
                    : "It has to be from \(range.lowerBound) to \(range.upperBound).")
        }
        return .number(JSONNumber(number))
    }

    /// A whole number as a number or as digits; 80.0 is one.
    static func integer(_ value: JSONValue) -> Int64? {
        switch value {
        case .number(let number): number.integer ?? number.double.flatMap(Int64.init(exactly:))
        case .string(let text): Int64(text.trimmed)
        default: nil
        }
    }

    private func number(
        _ value: JSONValue, _ range: ClosedRange<Double>, _ place: FieldPlace
    ) throws(ClientError) -> JSONValue {
        var number = value
        if let text = value.string, let parsed = try? JSONValue(parsing: text, maximumDepth: 1) { number = parsed }
        guard let double = number.double else { throw place.refusal("It has to be a number, not \(value.kind).") }
        guard range.contains(double) else {
            throw place.refusal("It has to be from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    private func members(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> JSONObject {
        guard let object = FieldKind.parsed(value).object else {
            throw place.refusal("It has to be an object, not \(value.kind).")
        }
        return object
    }

    private func elements(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> [JSONValue] {
        guard let elements = FieldKind.parsed(value).array else {
            throw place.refusal("It has to be an array, not \(value.kind).")
        }
        return elements
    }

    private func pictures(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> JSONValue? {
        let isOne = value.string.map { $0.trimmed.utf8.first != UInt8(ascii: "[") } ?? false
        var pictures: [JSONValue] = []
        for element in isOne ? [value] : try elements(value, place) {
            pictures.append(.string(try Base64Text.picture(element, place)))
        }
        return pictures.isEmpty ? nil : .array(pictures)
    }

    private func challenge(_ value: JSONValue, _ place: FieldPlace) throws(ClientError) -> JSONValue {
        guard value.object != nil || value.string != nil else {
            throw place.refusal("It has to be an object or text, not \(value.kind).")
        }
        guard let object = FieldKind.parsed(value).object else { throw place.refusal("Its text is no JSON object.") }
        guard !object.members.isEmpty else {
            throw place.refusal("It is an empty object. Send the challenge as the site gave it.")
        }
        return value
    }

    /// What a text says in JSON; any other value, and text that is no JSON, as it is.
    private static func parsed(_ value: JSONValue) -> JSONValue {
        guard let text = value.string else { return value }
        return (try? JSONValue(parsing: text, maximumDepth: Limits.jsonDepth)) ?? value
    }
}
