import Domain
import ProviderKit
import Testing

/// What clients write in a way of their own, and what adapters are given for it.
@Suite("The vocabulary of tasks")
struct SynonymTests {
    private func fields(_ task: JSONObject) throws -> JSONObject {
        try TaskVocabulary.understand(task).fields
    }

    private static let site: JSONObject = ["websiteURL": "https://site.example/", "websiteKey": "k"]

    @Test("Unknown fields are kept as they are, in their place; the type is not a field")
    func unknownFields() throws {
        let fields = try fields([
            "nocache": true, "type": "TurnstileTask", "websiteURL": "https://site.example/", "soft": nil, "note": "",
            "websiteKey": "k", "metadata": ["mine": [1]],
        ])
        #expect(
            fields == [
                "nocache": true, "websiteURL": "https://site.example/", "soft": nil, "note": "", "websiteKey": "k",
                "metadata": ["mine": [1]],
            ])
    }

    @Test("An empty text or null counts as missing")
    func empty() throws {
        let task: JSONObject = [
            "type": "AltchaTask", "challengeURL": "https://example.com/c", "challengeJSON": "", "counterMode": nil,
            "userAgent": " ", "proxy": "", "proxyAddress": nil, "proxyType": "http",
        ]
        #expect(try fields(task) == ["challengeURL": "https://example.com/c"])
    }

    @Test("A text that is false counts as missing: so a client library says that there is no comment")
    func falseText() throws {
        var task: JSONObject = [
            "type": "ImageToTextTask", "body": .string(VocabularyFixture.picture), "comment": false,
        ]
        #expect(try fields(task) == ["body": .string(VocabularyFixture.picture)])
        task["comment"] = true
        VocabularyFixture.expectRefusal(task, .badParameters, "task.comment")
        let keyless: JSONObject = ["type": "TurnstileTask", "websiteURL": "https://a.b", "websiteKey": false]
        VocabularyFixture.expectRefusal(keyless, .badParameters, "task.websiteKey")
    }

    @Test("The canonical name wins over a synonym, whichever comes first")
    func canonicalWins() throws {
        for task: JSONObject in [
            ["type": "TurnstileTask", "websiteURL": "https://a.b", "websiteKey": "k", "data": "1", "cData": "2"],
            ["type": "TurnstileTask", "websiteURL": "https://a.b", "websiteKey": "k", "cData": "2", "data": "1"],
            [
                "type": "TurnstileTask", "metadata": ["cData": "1"], "cData": "2", "websiteURL": "https://a.b",
                "websiteKey": "k",
            ],
        ] {
            #expect(try fields(task)["cData"] == "2")
        }
        let twice = JSONObject([
            .init("type", "TurnstileTask"), .init("websiteURL", "https://a.b"), .init("websiteKey", "1"),
            .init("websiteKey", "2"),
        ])
        #expect(try fields(twice) == ["websiteURL": "https://a.b", "websiteKey": "2"])
    }

    @Test(
        "Turnstile's action and data are found in all their places",
        arguments: [
            ["action": "a", "cData": "d"], ["pageAction": "a", "data": "d"], ["action": "a", "cdata": "d"],
            ["metadata": ["action": "a", "cdata": "d"]],
            ["metadata": ["type": "turnstile", "action": "a", "cData": "d"]],
        ] as [JSONObject])
    func turnstile(more: JSONObject) throws {
        let fields = try fields(VocabularyFixture.site("AntiTurnstileTaskProxyLess", more))
        #expect(fields == ["websiteURL": "https://site.example/", "websiteKey": "k", "action": "a", "cData": "d"])
    }

    @Test(
        "Amazon's fields are understood as CapSolver names them",
        arguments: [
            ("awsKey", "websiteKey"), ("awsIv", "iv"), ("awsContext", "context"),
            ("awsChallengeJS", "challengeScript"), ("awsApiJs", "jsapiScript"), ("awsExistingToken", "existingToken"),
            ("awsProblemUrl", "awsProblemUrl"), ("awsApiKey", "awsApiKey"),
        ])
    func amazon(name: String, canonical: String) throws {
        let task: JSONObject = JSONObject([
            .init("type", "AntiAwsWafTaskProxyLess"), .init("websiteURL", "https://a.b"), .init(name, "v"),
        ])
        #expect(try fields(task) == JSONObject([.init("websiteURL", "https://a.b"), .init(canonical, "v")]))
    }

    /// Other names of fields, written down here once more, so that one that is lost in the forms is missed.
    static let otherNames: [(String, TaskFamily, String, String)] = [
        ("RecaptchaV2Task", .recaptchaV2, "sitekey", "websiteKey"),
        ("RecaptchaV2Task", .recaptchaV2, "pageurl", "websiteURL"),
        ("RecaptchaV2Task", .recaptchaV2, "websiteUrl", "websiteURL"),
        ("RecaptchaV2Task", .recaptchaV2, "websiteSToken", "recaptchaDataSValue"),
        ("RecaptchaV2Task", .recaptchaV2, "invisible", "isInvisible"),
        ("RecaptchaV3Task", .recaptchaV3, "action", "pageAction"),
        ("RecaptchaV3Task", .recaptchaV3, "min_score", "minScore"),
        ("HCaptchaTask", .hcaptcha, "websitePublicKey", "websiteKey"),
        ("HCaptchaTask", .hcaptcha, "enterprise", "isEnterprise"),
        ("FunCaptchaTask", .funcaptcha, "publicKey", "websitePublicKey"),
        ("FunCaptchaTask", .funcaptcha, "websiteKey", "websitePublicKey"),
        ("FunCaptchaTask", .funcaptcha, "surl", "funcaptchaApiJSSubdomain"),
        ("GeeTestTask", .geetestV3, "api_server", "geetestApiServerSubdomain"),
        ("AmazonTask", .amazonWaf, "challenge_script", "challengeScript"),
        ("AmazonTask", .amazonWaf, "captcha_script", "captchaScript"), ("LeminTask", .lemin, "captcha_id", "captchaId"),
        ("LeminTask", .lemin, "div_id", "divId"), ("CutCaptchaTask", .cutcaptcha, "misery_key", "miseryKey"),
        ("CutCaptchaTask", .cutcaptcha, "api_key", "apiKey"),
        ("AntiCyberSiAraTask", .cyberSiara, "SlideMasterUrlId", "slideMasterUrlId"),
        ("TencentTask", .tencent, "app_id", "appId"), ("AltchaTask", .altcha, "challenge_url", "challengeURL"),
        ("BinanceTask", .binance, "validate_id", "validateId"), ("tspdtask", .tspd, "tspdcookie", "tspdCookie"),
        ("HuntTask", .hunt, "api_get_lib", "apiGetLib"), ("ImageToTextTask", .imageToText, "image", "body"),
        ("VKCaptchaTask", .vkCaptcha, "redirect_uri", "redirectUri"), ("AlibabaTask", .alibaba, "scene_id", "sceneId"),
        ("IncapsulaTask", .imperva, "incapsula_cookies", "incapsulaCookies"), ("GridTask", .grid, "image", "body"),
    ]

    @Test("A field is understood by its other names", arguments: otherNames)
    func everyName(type: String, family: TaskFamily, name: String, canonical: String) throws {
        let kind = try #require(VocabularyFixture.form(family).fields.first { $0.name == canonical }?.kind)
        let value = VocabularyFixture.value(of: kind)
        let task = try VocabularyFixture.task(type, family, JSONObject([.init(canonical, nil), .init(name, value)]))
        let fields = try fields(task)
        #expect(fields[canonical] == value)
        #expect(fields[name] == nil)
    }

    @Test("DataDome's address is found whatever the case of its last letters", arguments: ["captchaUrl", "captchaURL"])
    func captchaURL(name: String) throws {
        let task = try VocabularyFixture.task(
            "DatadomeSliderTask", .datadome,
            ["captchaUrl": nil, name: "https://geo.captcha-delivery.com/captcha/?t=fe"])
        #expect(try fields(task)["captchaUrl"] == "https://geo.captcha-delivery.com/captcha/?t=fe")
    }

    @Test(
        "Values that say the same in another way become the kind of the field",
        arguments: [
            ("RecaptchaV2Task", "isInvisible", 1, "isInvisible", true),
            ("RecaptchaV2Task", "invisible", 0, "isInvisible", false),
            ("RecaptchaV2Task", "isInvisible", "true", "isInvisible", true),
            ("RecaptchaV2Task", "isInvisible", "FALSE", "isInvisible", false),
            ("RecaptchaV2Task", "isInvisible", "1", "isInvisible", true),
            ("RecaptchaV2Task", "websiteKey", 12, "websiteKey", "12"),
            ("RecaptchaV2Task", "websiteURL", " HTTPS://site.example ", "websiteURL", "HTTPS://site.example"),
            ("RecaptchaV2Task", "cookies", ["a": "b", "c": 1], "cookies", "a=b; c=1"),
            ("RecaptchaV2Task", "cookies", [["name": "a", "value": "b"], "c=d"], "cookies", "a=b; c=d"),
            ("RecaptchaV3Task", "minScore", "1", "minScore", 1),
            ("RecaptchaV2EnterpriseTask", "enterprisePayload", #"{"s":"x"}"#, "enterprisePayload", ["s": "x"]),
            ("FunCaptchaTask", "data", ["blob": "x"], "data", #"{"blob":"x"}"#),
            ("FunCaptchaTask", "data", #"{"blob":"x"}"#, "data", #"{"blob":"x"}"#),
            ("GeeTestTask", "geetestGetLib", ["a": 1], "geetestGetLib", #"{"a":1}"#),
            ("AntiGateTask", "domainsOfInterest", #"["a"]"#, "domainsOfInterest", ["a"]),
        ] as [(String, String, JSONValue, String, JSONValue)])
    func kinds(type: String, name: String, value: JSONValue, canonical: String, wanted: JSONValue) throws {
        let family = try #require(TypeNameTests.names.first { $0.1.contains(type) }?.0)
        let task = try VocabularyFixture.task(type, family, JSONObject([.init(name, value)]))
        #expect(try fields(task)[canonical] == wanted)
    }

    @Test("A score keeps its digits, whether it comes as a number or as text", arguments: ["0.3", #""0.3""#])
    func score(text: String) throws {
        let task = VocabularyFixture.site("RecaptchaV3Task", ["minScore": try JSONValue(parsing: text)])
        #expect(try fields(task)["minScore"]?.numberText == "0.3")
    }

    @Test("Numbers of pictures' texts arrive as text, too")
    func numbers() throws {
        let fields = try fields([
            "type": "ImageToTextTask", "body": .string(VocabularyFixture.picture), "numeric": "4", "minLength": "2",
            "maxLength": 8, "Case": 1, "math": "false", "CapMonsterModule": "amazon", "languagePool": "en",
        ])
        #expect(
            fields == [
                "body": .string(VocabularyFixture.picture), "numeric": 4, "minLength": 2, "maxLength": 8, "case": true,
                "math": false, "capMonsterModule": "amazon", "languagePool": "en",
            ])
    }

    @Test("The language is dropped where no words are")
    func language() throws {
        let task = VocabularyFixture.site("RecaptchaV2TaskProxyless", ["languagePool": "en"])
        #expect(try fields(task) == SynonymTests.site)
    }

    @Test("A picture may have a prefix, line breaks and no padding")
    func pictures() throws {
        let bare = String(repeating: "QUJD", count: 40)
        let cases = [
            ("data:image/png;base64,\(bare)", bare), (" \(bare)\n", bare),
            ("\(bare.prefix(76))\r\n\(bare.dropFirst(76))", bare),
            ("\(bare)QQ", "\(bare)QQ=="), ("DATA:;BASE64,\(bare)QUI", "\(bare)QUI="), ("\(bare)QUI=", "\(bare)QUI="),
        ]
        for (given, wanted) in cases {
            let task: JSONObject = ["type": "ImageToTextTask", "body": .string(given)]
            #expect(try fields(task) == ["body": .string(wanted)], "\(given)")
        }
        let one: JSONObject = ["type": "AwsWafClassification", "images": .string(bare), "question": "q"]
        #expect(try fields(one)["images"] == [.string(bare)])
    }
}
