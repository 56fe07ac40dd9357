import Domain
import ProviderKit
import Testing

@Suite("The vocabulary of tasks")
struct TaskVocabularyTests {
    @Test(
        "knows ALTCHA by every spelling of its two names",
        arguments: [
            "AltchaTask", "AltchaTaskProxyless", "altchataskproxyless", "ALTCHATASK", "AltchaTaskProxyLess ",
        ])
    func names(type: String) throws {
        let understood = try TaskVocabulary.understand(["type": .string(type), "challengeJSON": "{}", "extra": 1])
        #expect(understood.family == .altcha)
        #expect(understood.fields == ["challengeJSON": "{}", "extra": 1], "unknown fields are kept, the type is not")
    }

    @Test("takes an empty text for a field that is not there, as real clients send it")
    func emptyFields() throws {
        let understood = try TaskVocabulary.understand([
            "type": "AltchaTask", "challengeURL": "https://example.com/c", "challengeJSON": "",
        ])
        #expect(understood.fields == ["challengeURL": "https://example.com/c"])
    }

    @Test(
        "refuses with the field",
        arguments: [
            ([:], ErrorCode.badParameters, "task.type"),
            (["type": 1], .badParameters, "task.type"),
            (["type": "NoSuchTask"], .taskNotSupported, "task.type"),
            (["type": .string(String(repeating: "x", count: 5000))], .taskNotSupported, "task.type"),
            (["type": "AltchaTask"], .badParameters, "task.challengeJSON"),
            (["type": "AltchaTask", "challengeJSON": nil], .badParameters, "task.challengeJSON"),
            (["type": "AltchaTask", "challengeJSON": 5], .badParameters, "task.challengeJSON"),
            (["type": "AltchaTask", "challengeURL": ["x"]], .badParameters, "task.challengeURL"),
            (["type": "AltchaTask", "challengeURL": "file:///etc/passwd"], .badParameters, "task.challengeURL"),
        ] as [(JSONObject, ErrorCode, String)])
    func refusals(task: JSONObject, code: ErrorCode, field: String) {
        #expect {
            try TaskVocabulary.understand(task)
        } throws: { error in
            (error as? ClientError)?.code == code && (error as? ClientError)?.field == field
        }
    }
}
