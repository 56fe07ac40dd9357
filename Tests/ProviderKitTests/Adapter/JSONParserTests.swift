@testable import ProviderKit
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
    private static let values: [(String, JSONValue)] = [
        ("null", .null), (" true\t", .bool(true)), ("\r\nfalse ", .bool(false)), ("\"\"", ""), ("[]", []), ("{}", [:]),
        ("[ 1 , \"a\" ]", [1, "a"]), ("{ \"a\" : [ { } ] }", ["a": [[:]]]), ("[[[]]]", [[[]]]),
        ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"), ("\"\\u0041\\u00e9\\u20AC\"", "Aé€"),
        ("\"\\u0000\"", "\u{0}"), ("\"é\u{1F600}\"", "é\u{1F600}"), ("\"a\\u00e9é\"", "aéé"),
        ("\"\u{7F}\u{2028}\"", "\u{7F}\u{2028}"), ("\"e\u{301}\"", "e\u{301}"),
    ]

    @Test("Every kind of value, with white space around it")
    func kinds() throws {
        for (text, value) in Self.values {
            #expect(try JSONValue(parsing: text) == value, "\(text)")
        }
    }

    @Test(
        "Numbers of JSON's grammar keep their text",
        arguments: [
            "0", "-0", "1", "-1", "10", "1234567890", "0.0", "-0.10", "1.50", "1e5", "1E5", "1e+5", "1e-5", "0e0",
            "123456789012345678901234567890", "0.00145000000000000000001", "1e400", "-12.5E-07",
        ])
    func numbers(_ text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.numberText == text)
        #expect(value.text == text)
        #expect(try JSONValue(parsing: "[\(text)]").array == [value])
    }

    @Test(
        "What is no number of the grammar is refused",
        arguments: [
            "+1", "01", "-01", "00", "-", "1.", ".5", "1.e5", "1e", "1e+", "1e+-5", "1e-+5", "--1", "1_000", "0x10",
            "1,5", "NaN", "Infinity", "-Infinity", "1 2", "١",
        ])
    func badNumbers(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test(
        "Texts that are no JSON value are refused where they go wrong",
        arguments: [
            ("", 0, "the value is missing"), ("  ", 2, "the value is missing"), ("nul", 0, "an unexpected word"),
            ("nulL", 0, "an unexpected word"), ("True", 0, "an unexpected character"),
            ("nullx", 4, "text after the end of the value"), ("[1]]", 3, "text after the end of the value"),
            ("{} {}", 3, "text after the end of the value"), ("[1,]", 3, "an unexpected character"),
            ("[,1]", 1, "an unexpected character"), ("[1 2]", 3, "a comma or closing bracket is missing"),
            ("[", 1, "the value is missing"), ("[1", 2, "a comma or closing bracket is missing"),
            ("{\"a\":1,}", 7, "a member's name is missing"), ("{a:1}", 1, "a member's name is missing"),
            ("{1:1}", 1, "a member's name is missing"), ("{\"a\" 1}", 5, "a colon is missing"),
            ("{\"a\":}", 5, "an unexpected character"), ("{\"a\":1", 6, "a comma or closing brace is missing"),
            ("{\"a\":1;\"b\":2}", 6, "a comma or closing brace is missing"), ("{", 1, "a member's name is missing"),
            ("\"a", 2, "a string without end"), ("\"a\\", 2, "a string without end"),
            ("\"\\x\"", 3, "an unknown escape"), ("\"\\u12\"", 3, "an escape without its four digits"),
            ("\"\\u12g4\"", 5, "an escape without its four digits"),
            ("\"\\u 123\"", 3, "an escape without its four digits"), ("'a'", 0, "an unexpected character"),
            ("// x\n1", 0, "an unexpected character"), ("\u{FEFF}1", 0, "an unexpected character"),
            ("\u{A0}1", 0, "an unexpected character"), ("\"\\\u{E9}\"", 3, "an unknown escape"),
        ])
    func malformed(_ text: String, _ offset: Int, _ what: String) {
        #expect(throws: JSONError(reason: .malformed(what), offset: offset)) { try JSONValue(parsing: text) }
    }

    @Test("Control characters must be escaped in strings", arguments: 0..<0x20 as Range<UInt8>)
    func controlCharacters(_ byte: UInt8) {
        for start in ["\"ab", "\"a\\n"] {
            let bytes = Array(start.utf8) + [byte, UInt8(ascii: "\"")]
            #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        }
    }

    @Test("Pairs of surrogates make one scalar, and a surrogate alone becomes the replacement character")
    func surrogates() throws {
        let cases: [(String, JSONValue)] = [
            (#""\uD83D\uDE00""#, "\u{1F600}"), (#""\ud800\udc00""#, "\u{10000}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
            (#""\uD83D""#, "\u{FFFD}"), (#""\uDE00""#, "\u{FFFD}"), (#""\uD83Dx""#, "\u{FFFD}x"),
            (#""\uD83D\n""#, "\u{FFFD}\n"), (#""\uD83D\u0041""#, "\u{FFFD}A"),
            (#""\uD83D\uD83D\uDE00""#, "\u{FFFD}\u{1F600}"), (#""\uDE00\uD83D""#, "\u{FFFD}\u{FFFD}"),
            (#""\uDE00\uDE00""#, "\u{FFFD}\u{FFFD}"),
            (#""\uD7FF\uE000""#, "\u{D7FF}\u{E000}"),
        ]
        for (text, value) in cases { #expect(try JSONValue(parsing: text) == value, "\(text)") }
        #expect(throws: JSONError.self) { try JSONValue(parsing: #""\uD83D\uZZZZ""#) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: #""\uD83D\u""#) }
    }

    @Test(
        "Bytes that are not UTF-8 are refused in strings, also after an escape, and outside of them",
        arguments: [
            [0x80], [0xC3], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
            [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE0, 0x80, 0x80],
        ] as [[UInt8]])
    func badUTF8(_ bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(throws: JSONError.self) { try JSONValue(parsing: [quote] + bytes + [quote]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [quote] + Array("\\n".utf8) + bytes + [quote]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [quote] + bytes + Array("\\n\"".utf8)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array("{\"".utf8) + bytes + Array("\":1}".utf8)) }
    }

    @Test("Depth counts arrays and objects that are open at once, and the limit is exact", arguments: [1, 2, 64, 200])
    func depth(_ limit: Int) throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            func nested(_ levels: Int) -> String {
                String(repeating: open, count: levels) + (open == "[" ? "" : "1")
                    + String(repeating: close, count: levels)
            }
            _ = try JSONValue(parsing: nested(limit), maximumDepth: limit)
            let error = #expect(throws: JSONError.self) {
                try JSONValue(parsing: nested(limit + 1), maximumDepth: limit)
            }
            #expect(error?.reason == .tooDeep(limit: limit))
        }
        let wide = "[" + Array(repeating: "{}", count: 300).joined(separator: ",") + "]"
        _ = try JSONValue(parsing: wide, maximumDepth: 2)
    }

    @Test("A hostile depth is refused without using up the stack")
    func hostileDepth() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 2_000_000)
        #expect(throws: JSONError(reason: .tooDeep(limit: 64), offset: 64)) { try JSONValue(parsing: bytes) }
    }

    @Test("Bytes that lie scattered are read as well as those in one piece")
    func scattered() throws {
        let bytes = Array("{\"a\":[1,2]}".utf8)
        #expect(try JSONValue(parsing: bytes.lazy.map { $0 }) == ["a": [1, 2]])
        #expect(try JSONValue(parsing: bytes[0...]) == ["a": [1, 2]])
    }

    @Test("Errors read as a part of a sentence")
    func descriptions() {
        #expect(
            JSONError(reason: .malformed("a colon is missing"), offset: 5).description
                == "a colon is missing at byte 5")
        #expect(
            JSONError(reason: .tooDeep(limit: 3), offset: 9).description == "nested deeper than 3 levels at byte 9")
    }
}
