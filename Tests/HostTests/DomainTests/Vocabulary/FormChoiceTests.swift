import Domain
import ProviderKit
import Testing

@Suite("Types whose family depends on fields")
struct FormChoiceTests {
    private func understand(_ task: JSONObject) throws -> (TaskFamily, JSONObject) {
        let understood = try TaskVocabulary.understand(task)
        return (understood.family, understood.fields)
    }

    private static let site: JSONObject = ["websiteURL": "https://site.example/", "websiteKey": "k"]

    @Test(
        "isEnterprise chooses the enterprise family, and is dropped",
        arguments: [
            ("RecaptchaV3TaskProxyless", true, TaskFamily.recaptchaV3Enterprise),
            ("RecaptchaV3TaskProxyless", "true", .recaptchaV3Enterprise),
            ("RecaptchaV3TaskProxyless", 1, .recaptchaV3Enterprise),
            ("RecaptchaV3TaskProxyless", false, .recaptchaV3), ("RecaptchaV3TaskProxyless", 0, .recaptchaV3),
            ("RecaptchaV3TaskProxyless", "", .recaptchaV3), ("RecaptchaV3TaskProxyless", nil, .recaptchaV3),
            ("RecaptchaV2Task", true, .recaptchaV2Enterprise), ("RecaptchaV2Task", false, .recaptchaV2),
            ("RecaptchaV3EnterpriseTask", false, .recaptchaV3Enterprise),
        ] as [(String, JSONValue, TaskFamily)])
    func enterprise(type: String, flag: JSONValue, family: TaskFamily) throws {
        let (found, fields) = try understand(VocabularyFixture.site(type, ["isEnterprise": flag]))
        #expect(found == family)
        #expect(fields == FormChoiceTests.site)
    }

    @Test("A flag that is none is refused")
    func badFlag() {
        let task = VocabularyFixture.site("RecaptchaV3TaskProxyless", ["isEnterprise": "perhaps"])
        VocabularyFixture.expectRefusal(task, .badParameters, "task.isEnterprise")
    }

    @Test(
        "A page's data makes a Turnstile task a challenge that is answered by a token",
        arguments: [
            ["chlPageData": "p"], ["pagedata": "p"], ["pageData": "p"], ["metadata": ["chlPageData": "p"]],
            ["metadata": ["pagedata": "p", "type": "challenge"]], ["pageData": "p", "cloudflareTaskType": "token"],
        ] as [JSONObject])
    func challengeToken(more: JSONObject) throws {
        let (family, fields) = try understand(VocabularyFixture.site("TurnstileTaskProxyless", more))
        #expect(family == .cloudflareToken)
        #expect(fields == ["websiteURL": "https://site.example/", "websiteKey": "k", "chlPageData": "p"])
    }

    @Test("An empty page's data leaves it a widget")
    func emptyPageData() throws {
        let (family, fields) = try understand(
            VocabularyFixture.site("TurnstileTask", ["pagedata": "", "chlPageData": nil, "cloudflareTaskType": ""]))
        #expect(family == .turnstile)
        #expect(fields == FormChoiceTests.site)
    }

    @Test("A challenge by token without the page's data is refused")
    func missingPageData() {
        let task = VocabularyFixture.site("TurnstileTask", ["cloudflareTaskType": "token"])
        VocabularyFixture.expectRefusal(task, .badParameters, "task.chlPageData")
    }

    @Test("CapMonster's clearance and waiting room are challenges that are answered by a cookie; the page is decoded")
    func clearance() throws {
        let proxy: JSONObject = ["proxyType": "http", "proxyAddress": "192.0.2.1", "proxyPort": 80]
        let more = JSONObject(
            [.init("cloudflareTaskType", "cf_clearance"), .init("htmlPageBase64", "PGh0bWw+")] + proxy.members)
        let (family, fields) = try understand(VocabularyFixture.site("TurnstileTask", more))
        #expect(family == .cloudflareClearance)
        let wanted = JSONObject(
            FormChoiceTests.site.members + [.init("html", "<html>")] + proxy.members)
        #expect(fields == wanted)
        let room = JSONObject([.init("cloudflareTaskType", "wait_room")] + proxy.members)
        let (roomFamily, roomFields) = try understand(VocabularyFixture.site("TurnstileTask", room))
        #expect(roomFamily == .cloudflareClearance)
        #expect(roomFields["cloudflareTaskType"] == "wait_room")
    }

    @Test("A clearance without a proxy, an unknown kind and a page that is not base64 are refused")
    func badClearance() {
        VocabularyFixture.expectRefusal(
            VocabularyFixture.site("TurnstileTask", ["cloudflareTaskType": "cf_clearance"]), .badParameters,
            "task.proxyAddress")
        VocabularyFixture.expectRefusal(
            VocabularyFixture.site("TurnstileTask", ["cloudflareTaskType": "other"]), .badParameters,
            "task.cloudflareTaskType")
        VocabularyFixture.expectRefusal(
            ["type": "AntiCloudflareTask", "websiteURL": "https://a.b", "htmlPageBase64": "<html>"], .badParameters,
            "task.htmlPageBase64")
    }

    @Test(
        "GeeTest's fourth version is known by its number or its ID, which has three places",
        arguments: [
            ["version": 4, "gt": "i"], ["version": "4", "captchaId": "i"], ["captchaId": "i"], ["captcha_id": "i"],
            ["initParameters": ["captcha_id": "i"]], ["version": 4, "initParameters": ["captcha_id": "i"]],
        ] as [JSONObject])
    func geetest4(more: JSONObject) throws {
        var task: JSONObject = ["type": "GeeTestTaskProxyless", "websiteURL": "https://site.example/"]
        for member in more.members { task[member.name] = member.value }
        let (family, fields) = try understand(task)
        #expect(family == .geetestV4)
        #expect(fields == ["websiteURL": "https://site.example/", "captchaId": "i"])
    }

    @Test("What stands beside the ID in initParameters is kept: the risk type as a field, the rest where it was")
    func initParameters() throws {
        let (_, fields) = try understand([
            "type": "GeeTestTask", "websiteURL": "https://a.b",
            "initParameters": ["captcha_id": "i", "riskType": "slide", "more": 1],
        ])
        #expect(
            fields == [
                "websiteURL": "https://a.b", "captchaId": "i", "riskType": "slide", "initParameters": ["more": 1],
            ])
    }

    @Test("GeeTest's third version is all else, and another version is refused")
    func geetest3() throws {
        let task: JSONObject = ["type": "GeeTestTask", "websiteURL": "https://a.b", "gt": "g", "challenge": "c"]
        let wanted: JSONObject = ["websiteURL": "https://a.b", "gt": "g", "challenge": "c"]
        for version in [JSONValue.null, 3, "3", ""] {
            var task = task
            task["version"] = version
            let (family, fields) = try understand(task)
            #expect(family == .geetestV3)
            #expect(fields == wanted)
        }
        var five = task
        five["version"] = 5
        VocabularyFixture.expectRefusal(five, .badParameters, "task.version")
        VocabularyFixture.expectRefusal(
            ["type": "GeeTestTask", "websiteURL": "https://a.b", "version": 4], .badParameters, "task.captchaId")
    }

    @Test("Points that are to be rectangles are rectangles")
    func rectangles() throws {
        let body = JSONValue.string(VocabularyFixture.picture)
        let boxes = try understand(["type": "ImageToCoordinatesTask", "body": body, "mode": "rectangles"])
        #expect(boxes == (.boundingBox, ["body": body]))
        let points = try understand(["type": "ImageToCoordinatesTask", "body": body, "mode": "points"])
        #expect(points == (.coordinates, ["body": body, "mode": "points"]))
    }

    /// Of each class the task and the fields that come of it, without the page, the proxy and the user agent.
    static let classes: [(String, TaskFamily, JSONObject, JSONObject)] = [
        (
            "DataDome", .datadome, ["metadata": ["captchaUrl": "https://c.d/", "datadomeCookie": "datadome=1"]],
            ["captchaUrl": "https://c.d/", "datadomeCookie": "datadome=1"]
        ),
        (
            "Imperva", .imperva,
            ["metadata": ["incapsulaScriptUrl": "s", "incapsulaCookies": "a=b", "reese84UrlEndpoint": "e"]],
            ["incapsulaScriptUrl": "s", "incapsulaCookies": "a=b", "reese84UrlEndpoint": "e"]
        ),
        (
            "TenDI", .tencent, ["websiteKey": "189", "metadata": ["captchaUrl": "https://c.d/t.js"]],
            ["appId": "189", "captchaUrl": "https://c.d/t.js"]
        ),
        (
            "friendly", .friendlyCaptcha, ["websiteKey": "k", "metadata": ["apiGetLib": "l"]],
            ["websiteKey": "k", "apiGetLib": "l"]
        ),
        ("Basilisk", .basilisk, ["websiteKey": "k"], ["websiteKey": "k"]),
        (
            "alibaba", .alibaba, ["metadata": ["sceneId": "s", "prefix": "p", "region": "sgp"]],
            ["sceneId": "s", "prefix": "p", "region": "sgp"]
        ),
        ("HUNT", .hunt, ["metadata": ["apiGetLib": "l", "data": "d"]], ["apiGetLib": "l", "data": "d"]),
        (
            "tspd", .tspd, ["metadata": ["tspdCookie": "a=b", "htmlPageBase64": "PGE+"]],
            ["tspdCookie": "a=b", "htmlPageBase64": "PGE+"]
        ),
        (
            "altcha", .altcha,
            [
                "websiteKey": "",
                "metadata": ["challenge": "c", "iterations": "5000", "salt": "s", "signature": "g"],
            ],
            [
                "challengeJSON": [
                    "algorithm": "SHA-256", "challenge": "c", "salt": "s", "signature": "g", "maxnumber": 5000,
                ]
            ]
        ),
    ]

    @Test(
        "CapMonster's CustomTask is the family of its class, in any case, with its metadata as fields",
        arguments: classes)
    func custom(name: String, family: TaskFamily, more: JSONObject, wanted: JSONObject) throws {
        let common: JSONObject = [
            "websiteURL": "https://site.example/", "userAgent": "U", "proxyType": "http", "proxyAddress": "192.0.2.1",
            "proxyPort": 8080,
        ]
        for spelling in [name, name.uppercased()] {
            let task = JSONObject(
                [.init("type", "CustomTask"), .init("class", .string(spelling))] + common.members + more.members)
            let (found, fields) = try understand(task)
            #expect(found == family)
            for member in (common.members + wanted.members) {
                #expect(fields[member.name] == member.value, "\(member.name)")
            }
            #expect(fields.members.count == common.members.count + wanted.members.count, "\(fields)")
        }
    }

    @Test("Every class that a form lists is among those tried here")
    func everyClass() {
        var listed: Set<String> = []
        for form in TaskForm.all { for case .custom(let name) in form.names { listed.insert(name) } }
        #expect(listed == Set(FormChoiceTests.classes.map(\.0)))
    }

    @Test("Metadata that the host does not know stays in metadata")
    func restOfMetadata() throws {
        let (_, fields) = try understand([
            "type": "CustomTask", "class": "friendly", "websiteURL": "https://a.b", "websiteKey": "k",
            "metadata": ["apiGetLib": "l", "mine": 1],
        ])
        #expect(
            fields == ["websiteURL": "https://a.b", "websiteKey": "k", "apiGetLib": "l", "metadata": ["mine": 1]])
    }

    @Test("A class that is missing, unknown or no text is refused, and so is metadata that is no object")
    func badClass() {
        VocabularyFixture.expectRefusal(["type": "CustomTask"], .badParameters, "task.class")
        VocabularyFixture.expectRefusal(["type": "CustomTask", "class": 1], .badParameters, "task.class")
        VocabularyFixture.expectRefusal(["type": "CustomTask", "class": "Castle"], .taskNotSupported, "task.class")
        VocabularyFixture.expectRefusal(
            ["type": "CustomTask", "class": "altcha", "metadata": "x"], .badParameters, "task.metadata")
        VocabularyFixture.expectRefusal(
            ["type": "CustomTask", "class": "altcha", "metadata": ["challenge": "c", "salt": "s"]], .badParameters,
            "task.metadata.signature")
        VocabularyFixture.expectRefusal(
            VocabularyFixture.site("TurnstileTask", ["metadata": ["action": [1]]]), .badParameters,
            "task.metadata.action")
    }

    @Test("CapMonster's pictures of a class keep their class and metadata")
    func complexImage() throws {
        let picture = JSONValue.string(VocabularyFixture.picture)
        let (family, fields) = try understand([
            "type": "ComplexImageTask", "class": "recognition", "imagesBase64": [picture],
            "metadata": ["Task": "shein"],
        ])
        #expect(family == .complexImage)
        #expect(fields == ["class": "recognition", "imagesBase64": [picture], "metadata": ["Task": "shein"]])
    }
}
