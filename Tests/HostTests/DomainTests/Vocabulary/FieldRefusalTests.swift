import Domain
import ProviderKit
import Testing

@Suite("Fields that cannot be used")
struct FieldRefusalTests {
    @Test(
        "An ALTCHA challenge",
        arguments: [
            ([:], "task.challengeJSON"), (["challengeJSON": nil], "task.challengeJSON"),
            (["challengeJSON": " \n", "challengeURL": ""], "task.challengeJSON"),
            (["challengeJSON": 5], "task.challengeJSON"), (["challengeJSON": ["x"]], "task.challengeJSON"),
            (["challengeJSON": "{"], "task.challengeJSON"), (["challengeJSON": "[1]"], "task.challengeJSON"),
            (["challengeJSON": [:]], "task.challengeJSON"), (["challengeJSON": "{}"], "task.challengeJSON"),
            (["challengeJSON": " { } "], "task.challengeJSON"),
            (["challengeURL": ["x"]], "task.challengeURL"),
            (["challengeURL": "file:///etc/passwd"], "task.challengeURL"),
        ] as [(JSONObject, String)])
    func altcha(more: JSONObject, field: String) {
        let task = JSONObject([.init("type", "AltchaTask")] + more.members)
        VocabularyFixture.expectRefusal(task, .badParameters, field)
    }

    @Test("An ALTCHA challenge is handed on as it came, object or text")
    func challenge() throws {
        for challenge in [["challenge": "c"], #"{"challenge": "c"}"#] as [JSONValue] {
            let task: JSONObject = ["type": "AltchaTask", "challengeJSON": challenge, "extra": 1]
            #expect(try TaskVocabulary.understand(task).fields == ["challengeJSON": challenge, "extra": 1])
        }
    }

    @Test(
        "An address",
        arguments: [
            "site.example", "ftp://site.example", "javascript:alert(1)", "http:/site", "https://", "https:///path",
            "http://?x", "https://#", "http://:80", "https://a\u{0}b", "https://a\nb", 5, true, ["https://a.b"],
            .string("https://a.b/" + String(repeating: "x", count: 9000)),
        ] as [JSONValue])
    func address(value: JSONValue) {
        let task: JSONObject = ["type": "TurnstileTask", "websiteURL": value, "websiteKey": "k"]
        VocabularyFixture.expectRefusal(task, .badParameters, "task.websiteURL")
    }

    @Test(
        "A value of another kind",
        arguments: [
            ("RecaptchaV2Task", TaskFamily.recaptchaV2, "isInvisible", "yes"),
            ("RecaptchaV2Task", .recaptchaV2, "isInvisible", 2), ("RecaptchaV2Task", .recaptchaV2, "isInvisible", []),
            ("RecaptchaV2Task", .recaptchaV2, "websiteKey", true),
            ("RecaptchaV2Task", .recaptchaV2, "websiteKey", ["k"]),
            ("RecaptchaV2Task", .recaptchaV2, "cookies", 5), ("RecaptchaV2Task", .recaptchaV2, "cookies", [1]),
            ("RecaptchaV2Task", .recaptchaV2, "cookies", [["name": "a"]]),
            ("RecaptchaV2Task", .recaptchaV2, "cookies", ["a": ["b"]]),
            ("RecaptchaV3Task", .recaptchaV3, "minScore", "high"), ("RecaptchaV3Task", .recaptchaV3, "minScore", 2),
            ("RecaptchaV3Task", .recaptchaV3, "minScore", -1), ("RecaptchaV3Task", .recaptchaV3, "minScore", true),
            ("RecaptchaV3EnterpriseTask", .recaptchaV3Enterprise, "enterprisePayload", "text"),
            ("RecaptchaV3EnterpriseTask", .recaptchaV3Enterprise, "enterprisePayload", [1]),
            ("ImageToTextTask", .imageToText, "numeric", 5), ("ImageToTextTask", .imageToText, "numeric", "1.5"),
            ("ImageToTextTask", .imageToText, "minLength", -1), ("ImageToTextTask", .imageToText, "maxLength", "long"),
            ("ImageToTextTask", .imageToText, "maxLength", "99999999999999999999"),
            ("VKCaptchaImageTask", .vkImage, "steps", "no array"), ("VKCaptchaImageTask", .vkImage, "steps", ["a": 1]),
            ("GridTask", .grid, "rows", 0), ("AntiGateTask", .antiGate, "variables", ["a"]),
        ] as [(String, TaskFamily, String, JSONValue)])
    func kind(type: String, family: TaskFamily, name: String, value: JSONValue) throws {
        let task = try VocabularyFixture.task(type, family, JSONObject([.init(name, value)]))
        VocabularyFixture.expectRefusal(task, .badParameters, "task.\(name)")
    }

    @Test("An object or array that is empty counts as missing")
    func emptyContainers() throws {
        let gate = try VocabularyFixture.task("AntiGateTask", .antiGate, ["variables": [:]])
        VocabularyFixture.expectRefusal(gate, .badParameters, "task.variables")
        let temu = try VocabularyFixture.task("TemuCaptchaTask", .temu, ["parts": []])
        VocabularyFixture.expectRefusal(temu, .badParameters, "task.parts")
    }

    @Test(
        "A picture that is not base64",
        arguments: [
            "not base64!", "QUJD*", "Q", "QUJDR", "QQ=Q", "QUI==", "Q===", "data:image/png,QUJD", "data:base64",
            "https://site.example/picture.png", "-_-_", 5, ["QUJD"], "====",
        ] as [JSONValue])
    func base64(value: JSONValue) {
        VocabularyFixture.expectRefusal(["type": "ImageToTextTask", "body": value], .badParameters, "task.body")
    }

    @Test("A picture or recording that is too small or too large, to the byte")
    func sizes() throws {
        func text(_ bytes: Int) -> JSONValue {
            let rest = ["", "QQ==", "QUI="][bytes % 3]
            return .string(String(repeating: "QUJD", count: bytes / 3) + rest)
        }
        func task(_ bytes: Int) -> JSONObject { ["type": "ImageToTextTask", "body": text(bytes)] }
        for bytes in [100, 101, 102, 614_398, 614_399, 614_400] {
            #expect(throws: Never.self) { try TaskVocabulary.understand(task(bytes)) }
        }
        for bytes in [1, 2, 3, 98, 99] { VocabularyFixture.expectRefusal(task(bytes), .emptyImage, "task.body") }
        for bytes in [614_401, 614_402, 614_403, 1_000_000] {
            VocabularyFixture.expectRefusal(task(bytes), .imageTooBig, "task.body")
        }
        #expect(throws: Never.self) {
            try TaskVocabulary.understand(["type": "AudioTask", "lang": "en", "body": text(1_048_576)])
        }
        VocabularyFixture.expectRefusal(
            ["type": "AudioTask", "lang": "en", "body": text(1_048_577)], .imageTooBig, "task.body")
        VocabularyFixture.expectRefusal(
            ["type": "TemuCaptchaTask", "image": text(100), "parts": [text(100), text(99)]], .emptyImage, "task.parts")
    }
}
