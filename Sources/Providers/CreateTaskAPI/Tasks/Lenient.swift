import ProviderKit

/// Reads what vendors write in more than one way: numbers as text, amounts of money, ids.
enum Lenient {
    /// A number, or text that holds one and nothing else but white space.
    static func number(_ value: JSONValue?) -> JSONNumber? {
        switch value {
        case .number(let number): return number
        case .string(let text):
            guard case .number(let number)? = try? JSONValue(parsing: text) else { return nil }
            return number
        default: return nil
        }
    }

    /// A number without fraction.
    static func integer(_ value: JSONValue?) -> Int64? {
        guard let number = number(value) else { return nil }
        return number.integer ?? number.double.flatMap { Int64(exactly: $0) }
    }

    /// A word: text, or a number written out. Nil for anything else and for nothing but white space.
    static func word(_ value: JSONValue?) -> String? {
        guard let text = value?.string ?? value?.numberText else { return nil }
        return text.contains { !$0.isWhitespace } ? text : nil
    }

    /// An amount of money, digit by digit as the vendor wrote it; nil for what is none, or is not a decimal number.
    static func amount(_ value: JSONValue?) -> String? {
        guard let number = number(value), number.text.utf8.count <= CreateTaskLimits.amountCharacters else {
            return nil
        }
        return number.text
    }
}
