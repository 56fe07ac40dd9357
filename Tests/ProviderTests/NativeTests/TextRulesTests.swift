@testable import Native
import ProviderKit
import Testing

@Suite("What a client says about the text in an image")
struct TextRulesTests {
    @Test(
        "numeric, minLength, maxLength and phrase decide what can be the answer",
        arguments: [
            ([:], ["a", "7", "a7", "äß!"], ["", " "]),
            (["numeric": 0], ["a7"], [""]),
            (["numeric": 1], ["0123456789"], ["1a", "1.2", "١"]),
            (["numeric": "2"], ["abcXYZ"], ["ab1", "é", "a-b"]),
            (["numeric": 3], ["123", "abc"], ["a1", "1-2"]),
            (["numeric": 4], ["a1", "1aZ"], ["1", "a", "a1!"]),
            (["minLength": 3], ["abc", "abcd"], ["ab"]),
            (["maxLength": 3], ["abc", "a"], ["abcd"]),
            (["minLength": 2, "maxLength": "2"], ["ab"], ["a", "abc"]),
            (["minLength": 0, "maxLength": 0], ["a", "abcdefghijklmnop"], [""]),
            (["phrase": true], ["ab cd", "a b, c!"], ["abcd"]),
            (["phrase": 1, "numeric": 2, "maxLength": 4], ["ab cd"], ["ab c1", "abc de"]),
            (["phrase": false, "case": true, "math": 0, "comment": "", "module": "common"], ["a"], [""]),
        ] as [(JSONObject, [String], [String])])
    func allowed(_ fields: JSONObject, _ good: [String], _ bad: [String]) throws {
        let rules = try TextRules(fields)
        for text in good { #expect(rules.allow(text), "\(text)") }
        for text in bad { #expect(!rules.allow(text), "\(text)") }
    }

    @Test("Blanks are left out of one word, and are single in a phrase")
    func tidied() throws {
        #expect(try TextRules([:]).tidied(" a b\n c ") == "abc")
        #expect(try TextRules(["phrase": true]).tidied("  a   b\nc \n") == "a b c")
    }

    @Test("Only characters that can be the answer are looked for")
    func alphabet() throws {
        #expect(try TextRules(["numeric": 1]).alphabet == "0123456789 ")
        #expect(try TextRules(["numeric": 2]).alphabet?.count == 53)
        #expect(try TextRules(["numeric": 4]).alphabet?.count == 63)
        #expect(try TextRules([:]).alphabet?.count == 63)
        #expect(try TextRules(["phrase": true]).alphabet == nil)
    }

    @Test(
        "A value that cannot be is refused with its field",
        arguments: [
            ("numeric", 5), ("numeric", "x"), ("numeric", true), ("minLength", -1), ("maxLength", 1001),
            ("minLength", [1]), ("phrase", "yes"), ("case", 2), ("math", "x"),
        ] as [(String, JSONValue)])
    func refused(_ name: String, _ value: JSONValue) {
        #expect { try TextRules([name: value]) } throws: { ($0 as? Fault)?.kind == .badTask(field: name) }
    }

    @Test("Lengths that contradict each other are refused")
    func contradicting() {
        let fields: JSONObject = ["minLength": 4, "maxLength": 3]
        #expect { try TextRules(fields) } throws: { ($0 as? Fault)?.kind == .badTask(field: "maxLength") }
    }

    @Test(
        "What only a person can do is not supported, which sends the task to another provider",
        arguments: [
            ("math", true), ("math", 1), ("comment", "only the red letters"), ("imgInstructions", "R0lG"),
            ("module", "queueit"), ("languagePool", "rn"),
        ] as [(String, JSONValue)])
    func unsupported(_ name: String, _ value: JSONValue) {
        #expect { try TextRules([name: value]) } throws: { ($0 as? Fault)?.kind == .unsupportedTask }
    }

    @Test("The readings vote: agreement counts beside certainty, and what the rules forbid has no vote")
    func votes() throws {
        typealias Reading = ImageReading.Reading
        let any = try TextRules([:])
        let digits = try TextRules(["numeric": 1])
        let split = [Reading(text: "a1", confidence: 60), Reading(text: "al", confidence: 90)]
        #expect(ImageReading.best(of: split, any) == Reading(text: "al", confidence: 90))
        let agreed = split + [Reading(text: "a1", confidence: 65)]
        #expect(ImageReading.best(of: agreed, any) == Reading(text: "a1", confidence: 65))
        #expect(ImageReading.best(of: agreed, digits) == nil)
        #expect(ImageReading.best(of: agreed + [Reading(text: "21", confidence: 41)], digits)?.text == "21")
        #expect(ImageReading.best(of: [Reading(text: "21", confidence: 39)], digits) == nil)
        #expect(ImageReading.best(of: [], any) == nil)
    }
}
