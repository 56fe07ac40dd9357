import Domain
import Foundation
import TestSupport
import Testing

@Suite("The text of an API key")
struct APIKeyTextTests {
    private func random() throws -> APIKeyText {
        try #require(APIKeyText(random: (0..<64).map { _ in UInt8.random(in: 0...255) }))
    }

    @Test("The 32 random characters alone are the same key")
    func withoutPrefix() throws {
        let key = try random()
        #expect(APIKeyText(String(key.text.dropFirst(5)))?.text == key.text)
        #expect(APIKeyText(key.text)?.text == key.text)
        for wrong in [
            String(key.text.dropFirst(4)), String(key.text.dropFirst(6)), "UCAP_" + key.text.dropFirst(5),
            "x" + key.text.dropFirst(), String(repeating: "é", count: 16), key.text + " ",
            String(key.text.dropLast()) + "-", "",
        ] { #expect(APIKeyText(wrong) == nil, "\(wrong.count) characters") }
    }

    /// The rule that docs/keys.md gives to scanners for secrets.
    private func rule() throws -> NSRegularExpression {
        let page = try ProjectTree.text(of: "docs/keys.md")
        let line = try #require(page.split(separator: "\n").first { $0.hasPrefix("regex = '''") })
        return try NSRegularExpression(pattern: String(line.dropFirst("regex = '''".count).dropLast(3)))
    }

    @Test("The rule for secret scanners finds every key, wherever it stands, and nothing else")
    func scannerRule() throws {
        let rule = try rule()
        func found(_ text: String) -> [String] {
            rule.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
                Range($0.range, in: text).map { String(text[$0]) }
            }
        }
        for _ in 0..<500 {
            let key = try random().text
            for text in [key, "KEY=\(key)\n", "{\"clientKey\":\"\(key)\"}", "?key=\(key)&x=1", "`\(key)`"] {
                #expect(found(text) == [key])
            }
        }
        let key = try random().text
        for text in [
            key + "0", "x" + key, String(key.dropLast()), key.uppercased(), "ucap_" + String(repeating: "-", count: 32),
        ] {
            #expect(found(text).isEmpty, "\(text.count) characters")
        }
    }
}
