@testable import ProviderKit
import TestSupport
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test("Written compactly, with the escapes that JSON demands and no others")
    func writing() {
        let cases: [(JSONValue, String)] = [
            (nil, "null"), (true, "true"), (false, "false"), (-7, "-7"), ("", "\"\""), ([], "[]"), ([:], "{}"),
            ([1, [nil], ["a": []]], #"[1,[null],{"a":[]}]"#), (["b": 1, "a": 2], #"{"b":1,"a":2}"#),
            (
                "\"\\/\n\r\t\u{8}\u{C}\u{0}\u{1F}\u{7F}é\u{1F600}",
                "\"\\\"\\\\/\\n\\r\\t\\u0008\\u000c\\u0000\\u001f\u{7F}é\u{1F600}\""
            ),
            (.number(JSONNumber(UInt64.max)), "18446744073709551615"), (["\"": 1], #"{"\"":1}"#),
        ]
        for (value, text) in cases {
            #expect(value.text == text)
            #expect(value.bytes == Array(text.utf8))
        }
    }

    @Test("Random values survive being written and read", arguments: 0..<40 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let value = JSONValue.random(depth: 5, &random)
            #expect(try JSONValue(parsing: value.bytes) == value)
            let spaced = value.text.replacing(",", with: " , ").replacing("{", with: "{\n")
            if !value.text.contains("\"") { #expect(try JSONValue(parsing: spaced) == value) }
        }
    }

    @Test("Of members with one name the last holds, and all are written back in their order")
    func duplicates() throws {
        let text = #"{"a":1,"b":2,"a":3}"#
        var value = try #require(try JSONValue(parsing: text).object)
        #expect(value["a"] == 3)
        #expect(JSONValue.object(value).text == text)
        value["a"] = 4
        #expect(JSONValue.object(value).text == #"{"a":1,"b":2,"a":4}"#)
        value["c"] = nil
        value["d"] = [:]
        #expect(JSONValue.object(value).text == #"{"a":1,"b":2,"a":4,"d":{}}"#)
        value["a"] = nil
        #expect(JSONValue.object(value).text == #"{"b":2,"d":{}}"#)
    }

    @Test("A value answers as its own kind only")
    func accessors() {
        let all: [JSONValue] = [nil, true, 5, "s", [1], ["a": 1]]
        #expect(all.map(\.isNull) == [true, false, false, false, false, false])
        #expect(all.map(\.bool) == [nil, true, nil, nil, nil, nil])
        #expect(all.map(\.integer) == [nil, nil, 5, nil, nil, nil])
        #expect(all.map(\.double) == [nil, nil, 5, nil, nil, nil])
        #expect(all.map(\.numberText) == [nil, nil, "5", nil, nil, nil])
        #expect(all.map(\.string) == [nil, nil, nil, "s", nil, nil])
        #expect(all.map { $0.array?.count } == [nil, nil, nil, nil, 1, nil])
        #expect(all.map { $0["a"] } == [nil, nil, nil, nil, nil, 1])
        #expect(all.map(\.kind) == ["null", "a boolean", "a number", "a string", "an array", "an object"])
    }

    @Test(
        "Integers are numbers without fraction or exponent that fit 64 bits",
        arguments: [
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min), ("9223372036854775808", nil),
            ("-0", 0), ("1.0", nil), ("1e2", nil), ("0.5", nil),
        ] as [(String, Int64?)])
    func integers(_ text: String, _ integer: Int64?) throws {
        #expect(try JSONValue(parsing: text).integer == integer)
    }

    @Test("Durations are finite and not negative")
    func durations() throws {
        for (text, seconds) in [("0", 0), ("2.5", 2.5), ("-1", nil), ("1e400", nil), ("-1e400", nil), ("\"2\"", nil)]
            as [(String, Double?)]
        {
            #expect(try JSONValue(parsing: text).duration == seconds, "\(text)")
        }
        for (seconds, text) in [
            (0.0, "0"), (2, "2"), (0.05, "0.050"), (1.2344, "1.234"), (1.9996, "2"), (-3, "0"), (.nan, "0"),
            (.infinity, "1000000000000"), (-.infinity, "0"), (1e-9, "0"),
        ] as [(Double, String)] {
            #expect(JSONValue(seconds: seconds).text == text, "\(seconds)")
        }
    }

    @Test("Family names are a lower-case letter, then letters and digits, 40 at most")
    func families() {
        for name in ["a", "altcha", "recaptchaV2", "x9", String(repeating: "a", count: 40)] {
            #expect(TaskFamily(rawValue: name)?.rawValue == name)
        }
        for name in ["", "A", "9a", "a-b", "a_b", "a b", "é", "aé", String(repeating: "a", count: 41)] {
            #expect(TaskFamily(rawValue: name) == nil, "\(name)")
        }
    }
}

extension JSONValue {
    static func random(depth: Int, _ random: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .number(JSONNumber(Int64.random(in: .min ... .max, using: &random)))
        case 3:
            let fraction = UInt32.random(in: 0...999_999, using: &random)
            return .number(JSONNumber(uncheckedText: "-\(UInt8.random(in: 0...9, using: &random)).\(fraction)e-7"))
        case 4, 5: return .string(randomText(&random))
        case 6:
            return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in .random(depth: depth - 1, &random) })
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        JSONObject.Member(randomText(&random), .random(depth: depth - 1, &random))
                    }))
        }
    }

    private static func randomText(_ random: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let limit = [0x20, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF].randomElement(using: &random) ?? 0x20
            if let scalar = Unicode.Scalar(UInt32.random(in: 0...UInt32(limit), using: &random)) { text.append(scalar) }
        }
        return String(text)
    }
}
