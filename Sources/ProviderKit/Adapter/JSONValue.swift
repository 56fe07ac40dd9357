/// A JSON value, with numbers as the text they were written in and members in the order they came.
///
/// Amounts of money and identifiers longer than a `Double` can hold pass through it unharmed, which is why ProviderKit
/// does not use Foundation's.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// A JSON number by its text, which is always of JSON's grammar.
public struct JSONNumber: Sendable, Hashable {
    public let text: String

    init(uncheckedText text: String) {
        self.text = text
    }

    public init(_ value: some BinaryInteger) {
        text = String(value)
    }

    /// The shortest text that reads back as the same number; nil for one that JSON cannot have.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }

    /// The number as an integer, or nil when it has a fraction, an exponent or does not fit.
    public var integer: Int64? { Int64(text) }

    /// The nearest binary floating point number; for durations and scores, never for money.
    public var double: Double? { Double(text) }
}

/// The members of a JSON object in their order. Of members with one name the last holds, as with most readers.
public struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    public private(set) var members: [Member]

    public struct Member: Sendable, Hashable {
        public var name: String
        public var value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    public init(_ members: [Member] = []) {
        self.members = members
    }

    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        members = elements.map { Member($0.0, $0.1) }
    }

    /// The value of the last member with this name. Setting replaces it in place, appends it, or with nil removes it.
    public subscript(name: String) -> JSONValue? {
        get { members.last { $0.name == name }?.value }
        set {
            guard let newValue else { return members.removeAll { $0.name == name } }
            if let index = members.lastIndex(where: { $0.name == name }) {
                members[index].value = newValue
            } else {
                members.append(Member(name, newValue))
            }
        }
    }

    mutating func append(_ name: String, _ value: JSONValue) {
        if members.isEmpty { members.reserveCapacity(4) }
        members.append(Member(name, value))
    }
}

extension JSONValue {
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
    /// The text of a number; nil for anything else.
    public var numberText: String? { if case .number(let number) = self { number.text } else { nil } }
    /// A number without fraction that fits 64 bits; nil for anything else.
    public var integer: Int64? { if case .number(let number) = self { number.integer } else { nil } }
    public var double: Double? { if case .number(let number) = self { number.double } else { nil } }
    public var isNull: Bool { self == .null }

    /// A member of an object; nil when this is no object or has no such member.
    public subscript(name: String) -> JSONValue? { object?[name] }

    /// What kind of value this is, in the words of an error message.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member($0.0, $0.1) }))
    }
    public init(nilLiteral: ()) { self = .null }
}
