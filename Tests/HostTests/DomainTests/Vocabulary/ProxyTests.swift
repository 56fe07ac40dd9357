import Domain
import ProviderKit
import Testing

@Suite("Proxies of tasks")
struct ProxyTests {
    /// The proxy's fields of a reCAPTCHA task with these members.
    private func proxy(_ more: JSONObject, type: String = "RecaptchaV2Task") throws -> JSONObject {
        let fields = try TaskVocabulary.understand(VocabularyFixture.site(type, more)).fields
        #expect(fields["websiteKey"] == "k")
        #expect(fields["proxy"] == nil)
        return JSONObject(fields.members.filter { $0.name.hasPrefix("proxy") })
    }

    private static let bare: JSONObject = ["proxyType": "http", "proxyAddress": "192.0.2.1", "proxyPort": 8080]
    private static let full: JSONObject = [
        "proxyType": "socks5", "proxyAddress": "proxy.example", "proxyPort": 1080, "proxyLogin": "user",
        "proxyPassword": "pa:ss",
    ]

    @Test(
        "One text is understood in every form",
        arguments: [
            ("192.0.2.1:8080", bare), ("http:192.0.2.1:8080", bare), ("http://192.0.2.1:8080", bare),
            ("http://192.0.2.1:8080/", bare), ("HTTP://192.0.2.1:8080", bare), (" 192.0.2.1:8080\n", bare),
            ("socks5:proxy.example:1080:user:pa:ss", full), ("socks5://user:pa:ss@proxy.example:1080", full),
            ("socks5://proxy.example:1080:user:pa:ss", full), ("socks5h://user:pa%3Ass@proxy.example:1080", full),
            ("socks5:user:pa:ss@proxy.example:1080", full),
            (
                "https://u@v:p%@[2001:db8::1]:1",
                [
                    "proxyType": "https", "proxyAddress": "2001:db8::1", "proxyPort": 1, "proxyLogin": "u@v",
                    "proxyPassword": "p%",
                ]
            ),
            ("socks4:[::1]:65535", ["proxyType": "socks4", "proxyAddress": "::1", "proxyPort": 65535]),
            (
                "192.0.2.1:8080:only",
                ["proxyType": "http", "proxyAddress": "192.0.2.1", "proxyPort": 8080, "proxyLogin": "only"]
            ),
        ] as [(String, JSONObject)])
    func text(text: String, wanted: JSONObject) throws {
        #expect(try proxy(["proxy": .string(text)]) == wanted)
    }

    @Test("A text without a type takes it from proxyType; a type in the text wins")
    func typeBeside() throws {
        #expect(try proxy(["proxyType": "SOCKS4", "proxy": "192.0.2.1:8080"])["proxyType"] == "socks4")
        #expect(try proxy(["proxyType": "socks4", "proxy": "http://192.0.2.1:8080"])["proxyType"] == "http")
    }

    @Test("Five fields are understood, with a port as text; a missing type is http")
    func fields() throws {
        let task: JSONObject = [
            "proxyType": "SOCKS5", "proxyAddress": "proxy.example", "proxyPort": "1080", "proxyLogin": "user",
            "proxyPassword": "pa:ss",
        ]
        #expect(try proxy(task) == ProxyTests.full)
        #expect(try proxy(["proxyAddress": "192.0.2.1", "proxyPort": 8080]) == ProxyTests.bare)
        #expect(
            try proxy(["proxyAddress": "192.0.2.1", "proxyPort": 8080, "proxyLogin": "", "proxyPassword": nil])
                == ProxyTests.bare)
        #expect(try proxy(["proxyHost": "192.0.2.1", "proxyPort": 8080, "proxyUser": 7])["proxyLogin"] == "7")
    }

    @Test("An object is understood, and the five fields win over proxy")
    func object() throws {
        let object: JSONValue = [
            "type": "socks5", "host": "proxy.example", "port": 1080, "username": "user", "password": "pa:ss",
        ]
        #expect(try proxy(["proxy": object]) == ProxyTests.full)
        let both: JSONObject = ["proxy": object, "proxyAddress": "192.0.2.1", "proxyPort": 8080]
        #expect(try proxy(both) == ProxyTests.bare)
    }

    @Test("A name that says Proxyless has none, whatever is sent with it")
    func proxyless() throws {
        for name in ["RecaptchaV2TaskProxyless", "ReCaptchaV2TaskProxyLess", "ReCaptchaV2TokenProxyLess"] {
            #expect(try proxy(["proxy": "nonsense", "proxyAddress": "h", "proxyPort": 99999], type: name) == [:])
        }
    }

    @Test("A name that does not say so may come without; without address and port the other fields mean nothing")
    func absent() throws {
        #expect(try proxy([:]) == [:])
        #expect(try proxy(["proxyType": "ftp", "proxyPort": 0, "proxyLogin": "u", "proxy": ""]) == [:])
    }

    @Test("A family that has no use for a proxy drops it")
    func pictures() throws {
        let body = JSONValue.string(VocabularyFixture.picture)
        let task: JSONObject = ["type": "ImageToTextTask", "body": body, "proxy": "192.0.2.1:80", "proxyPort": 1]
        #expect(try TaskVocabulary.understand(task).fields == ["body": body])
    }

    @Test(
        "A text that cannot be read is refused, and not repeated",
        arguments: [
            "nonsense", "host:", "host:port", ":8080", "http://", "user:secret@host", "ftp://host:1", "host:1x",
            "host:-1", "[::1:80", "host:80@",
        ])
    func badText(text: String) {
        do {
            _ = try TaskVocabulary.understand(VocabularyFixture.site("RecaptchaV2Task", ["proxy": .string(text)]))
            Issue.record("It is understood.")
        } catch {
            #expect(error.code == .proxyFormat)
            #expect(error.field == "task.proxy")
            #expect(!error.description.contains("secret"))
        }
    }

    @Test(
        "A part that cannot be is refused with its name",
        arguments: [
            (["proxyAddress": "h", "proxyPort": 0], ErrorCode.badProxy, "task.proxyPort"),
            (["proxyAddress": "h", "proxyPort": 65536], .badProxy, "task.proxyPort"),
            (["proxyAddress": "h", "proxyPort": "x"], .badParameters, "task.proxyPort"),
            (["proxyAddress": "h", "proxyPort": [1]], .badParameters, "task.proxyPort"),
            (["proxyAddress": "h"], .badParameters, "task.proxyPort"),
            (["proxyPort": 8080], .badParameters, "task.proxyAddress"),
            (["proxyType": "http", "proxyAdress": "h", "proxyPort": "1"], .badParameters, "task.proxyAddress"),
            (["proxyAddress": "h", "proxyPort": 1, "proxyType": "ftp"], .badProxy, "task.proxyType"),
            (["proxyAddress": "h", "proxyPort": 1, "proxyType": true], .badParameters, "task.proxyType"),
            (["proxyAddress": "http://h", "proxyPort": 1], .badProxy, "task.proxyAddress"),
            (["proxyAddress": "h:1", "proxyPort": 1], .badProxy, "task.proxyAddress"),
            (["proxyAddress": "a b", "proxyPort": 1], .badProxy, "task.proxyAddress"),
            (["proxyAddress": ["h"], "proxyPort": 1], .badParameters, "task.proxyAddress"),
            (["proxyAddress": "h", "proxyPort": 1, "proxyLogin": "a\nb"], .badProxy, "task.proxyLogin"),
            (["proxyAddress": "h", "proxyPort": 1, "proxyPassword": "a\u{7F}b"], .badProxy, "task.proxyPassword"),
            (
                ["proxyAddress": "h", "proxyPort": 1, "proxyPassword": .string(String(repeating: "x", count: 513))],
                .badProxy, "task.proxyPassword"
            ),
            (["proxy": "h:70000"], .badProxy, "task.proxy"), (["proxy": "a/b:1"], .badProxy, "task.proxy"),
            (["proxy": "h:1:a\rb"], .badProxy, "task.proxy"), (["proxy": 5], .badParameters, "task.proxy"),
            (["proxy": ["port": 1]], .badParameters, "task.proxy.address"),
            (["proxy": ["host": "h", "port": 0]], .badProxy, "task.proxy.port"),
        ] as [(JSONObject, ErrorCode, String)])
    func badPart(more: JSONObject, code: ErrorCode, field: String) {
        VocabularyFixture.expectRefusal(VocabularyFixture.site("RecaptchaV2Task", more), code, field)
    }
}
