import FoundationEssentials
public import ProviderKit

/// The form in which a vendor wants a field's value.
public struct ValueForm: Sendable {
    /// What the value has to be, in the words of a refusal.
    let expected: String
    /// The value in the vendor's form; nil for one that cannot be brought into it.
    public let convert: @Sendable (JSONValue) -> JSONValue?

    public init(_ expected: String, _ convert: @escaping @Sendable (JSONValue) -> JSONValue?) {
        self.expected = expected
        self.convert = convert
    }

    /// Untouched.
    public static let asItIs = ValueForm("a value") { $0 }

    /// Text; a number or a boolean is written out, an object or array becomes JSON text.
    public static let text = ValueForm("text") { value in
        switch value {
        case .string: value
        case .null: nil
        default: .string(value.text)
        }
    }

    /// An object; text that holds one is read.
    public static let object = ValueForm("an object") { value in
        if value.object != nil { return value }
        guard let text = value.string, let read = try? JSONValue(parsing: text), read.object != nil else { return nil }
        return read
    }

    /// A number; text that holds one is read, with all its digits.
    public static let number = ValueForm("a number") { Lenient.number($0).map { .number($0) } }

    /// A boolean; the words and the numbers for one are read.
    public static let flag = ValueForm("true or false") { value in
        if value.bool != nil { return value }
        switch (value.string ?? value.numberText ?? "").lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default: return nil
        }
    }

    /// Text that is sent in base64.
    public static let inBase64 = ValueForm("text") { value in
        value.string.map { .string(Data($0.utf8).base64EncodedString()) }
    }

    /// A list; a single value becomes a list of one.
    public static let list = ValueForm("a list") { value in
        value.array != nil ? value : .array([value])
    }
}

extension JSONNumber {
    /// So many tenths, from 0 to 9: the scores of reCAPTCHA.
    public static func tenths(_ count: Int) -> JSONNumber {
        Lenient.number(.string("0.\(min(max(count, 0), 9))")) ?? JSONNumber(0)
    }
}
