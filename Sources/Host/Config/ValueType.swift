import Domain
import ProviderKit

/// What the value of a setting has to be: in words, and as the function that reads it.
struct ValueType<Value: Sendable>: Sendable {
    let description: String
    let read: @Sendable (Place) -> Result<Value, ValueRefusal>

    /// The same, for settings that have no value by default.
    var optional: ValueType<Value?> {
        let read = read
        return ValueType<Value?>(description: description) { place in read(place).map(Optional.some) }
    }

    /// A type whose values are read from the text of a scalar; `parse` returns nil for what cannot be used.
    static func scalar(
        _ description: String, hint: String = "", parse: @escaping @Sendable (_ text: String, Place) -> Value?
    ) -> ValueType {
        ValueType(description: description) { place in
            if let scalar = place.scalar, !place.isEmpty, let value = parse(scalar.text, place) {
                return .success(value)
            }
            let action = place.isEmpty ? "Give it a value or remove the line." : hint
            let sentence = "Expected \(description), found \(place.kind == "text" ? "other text" : place.kind)."
            return .failure(ValueRefusal(place, action.isEmpty ? sentence : "\(sentence) \(action)"))
        }
    }
}

/// Why a value cannot be used.
struct ValueRefusal: Error {
    var problems: [ConfigurationError.Problem]

    init(problems: [ConfigurationError.Problem]) {
        self.problems = problems
    }

    init(_ place: Place, _ sentence: String) {
        problems = [place.problem(sentence)]
    }
}

extension ValueType<Int> {
    static func integer(_ range: ClosedRange<Int>) -> ValueType {
        scalar("a whole number from \(range.lowerBound) to \(range.upperBound), without quotes") {
            text, place in
            guard place.scalar?.plain == true, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueType<Bool> {
    static var boolean: ValueType {
        scalar("true or false, without quotes") { text, place in
            place.scalar?.plain == true ? Bool(text) : nil
        }
    }
}

extension ValueType where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of a few words. `off` is one too, whatever YAML makes of it.
    static func choice() -> ValueType {
        scalar(Value.allCases.map(\.rawValue).joined(separator: " or ")) { text, _ in Value(rawValue: text) }
    }
}

extension ValueType<String> {
    static var host: ValueType {
        scalar("an IP address or a name of this machine", hint: "Such as 127.0.0.1.") { text, place in
            let allowed = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") }
            return allowed && !place.isNumberOrTruthValue && text.utf8.count <= 253 && !text.isEmpty ? text : nil
        }
    }

    static var path: ValueType {
        scalar(
            "a path, relative to the folder of this file or absolute",
            hint: "Put it in quotes when it looks like a number; `~` is not expanded."
        ) { text, place in
            guard !text.isEmpty, !place.isNumberOrTruthValue, !text.hasPrefix("~"), !text.utf8.contains(0) else {
                return nil
            }
            return SmallFile.join(place.folder, text)
        }
    }

    static var adapterName: ValueType {
        scalar(
            "a plug-in's name: 1 to 32 lower-case letters, digits and hyphens", hint: "Leave out the path and `.so`."
        ) { text, _ in
            isAdapterName(text) ? text : nil
        }
    }

    static var endpoint: ValueType {
        scalar(
            "an address that starts with https:// or http:// and has no `?`, `#` or `@`",
            hint: "Such as https://api.example.com."
        ) { text, _ in
            guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return nil }
            let rest = text.dropFirst(scheme.count)
            let printable = rest.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard printable, !rest.contains(where: { "?#@\\".contains($0) }) else { return nil }
            guard let first = rest.first, first != "/", first != ":", text.utf8.count <= 2048 else { return nil }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }

    static var sha256: ValueType {
        scalar("64 hexadecimal digits", hint: "Take what sha256sum prints for the file.") { text, _ in
            let digits = text.lowercased()
            let hexadecimal = digits.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            return digits.utf8.count == 64 && hexadecimal ? digits : nil
        }
    }

    static func isAdapterName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            }
    }
}
