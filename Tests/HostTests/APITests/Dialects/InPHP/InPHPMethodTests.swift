import Domain
import ProviderKit
import Testing

@testable import API

/// A method with what it needs, and the family that it means.
private struct MethodCase: Sendable, CustomTestStringConvertible {
    let query: String
    let family: TaskFamily
    let fields: JSONObject

    init(_ query: String, _ family: TaskFamily, _ fields: JSONObject = [:]) {
        self.query = query
        self.family = family
        self.fields = fields
    }

    var testDescription: String { query }
}

/// A picture of 120 bytes in base64, and a page.
private let picture = String(repeating: "QUJD", count: 40)
private let page = "pageurl=https://e.com/"
private let proxy = "proxy=u:p@1.2.3.4:80&proxytype=SOCKS5&useragent=U"

@Suite("A method of in.php")
struct InPHPMethodTests {
    private static let tokens: [MethodCase] = [
        MethodCase(
            "userrecaptcha&googlekey=K&invisible=1&data-s=S&domain=recaptcha.net", .recaptchaV2,
            ["websiteKey": "K", "isInvisible": true, "recaptchaDataSValue": "S", "apiDomain": "recaptcha.net"]),
        MethodCase("userrecaptcha&googlekey=K&version=v2&enterprise=0&action=a", .recaptchaV2, ["pageAction": .null]),
        MethodCase("userrecaptcha&sitekey=K&enterprise=1&action=a", .recaptchaV2Enterprise, ["pageAction": "a"]),
        MethodCase(
            "userrecaptcha&googlekey=K&version=V3&min_score=0.3&action=a", .recaptchaV3,
            ["minScore": "0.3", "pageAction": "a"]),
        MethodCase("userrecaptcha&googlekey=K&version=v3&enterprise=1", .recaptchaV3Enterprise),
        MethodCase(
            "userrecaptcha&googlekey=K&cookies=a:b;c:d&\(proxy)", .recaptchaV2,
            [
                "cookies": "a=b; c=d", "userAgent": "U", "proxyType": "socks5", "proxyAddress": "1.2.3.4",
                "proxyPort": 80, "proxyLogin": "u", "proxyPassword": "p",
            ]),
        MethodCase(
            #"userrecaptcha&googlekey=K&json_cookies=[{"name":"a","value":"b"}]"#, .recaptchaV2, ["cookies": "a=b"]),
        MethodCase("userrecaptcha&googlekey=K&json_cookies=1", .recaptchaV2, ["cookies": .null]),
        MethodCase(
            "hcaptcha&sitekey=K&data=R&invisible=1", .hcaptcha,
            ["isInvisible": true, "enterprisePayload": ["rqdata": "R"]]),
        MethodCase("turnstile&sitekey=K&action=a&data=D", .turnstile, ["action": "a", "cData": "D"]),
        MethodCase("turnstile&sitekey=K&pagedata=P", .cloudflareToken, ["chlPageData": "P"]),
        MethodCase(
            "funcaptcha&publickey=K&surl=https://s&data[blob]=B", .funcaptcha,
            ["websitePublicKey": "K", "funcaptchaApiJSSubdomain": "https://s", "data": #"{"blob":"B"}"#]),
        MethodCase("geetest&gt=G&challenge=C&api_server=A", .geetestV3, ["geetestApiServerSubdomain": "A"]),
        MethodCase("geetest_v4&captcha_id=I&risk_type=R", .geetestV4, ["captchaId": "I", "riskType": "R"]),
        MethodCase(
            "amazon_waf&sitekey=K&iv=I&context=C&challenge_script=S", .amazonWaf,
            ["websiteKey": "K", "challengeScript": "S"]),
        MethodCase("capy&captchakey=K&version=avatar&api_server=A", .capy, ["websiteKey": "K", "apiServer": "A"]),
        MethodCase("lemin&captcha_id=I&div_id=D", .lemin, ["captchaId": "I", "divId": "D"]),
        MethodCase(
            "keycaptcha&s_s_c_user_id=1&s_s_c_session_id=2&s_s_c_web_server_sign=3&s_s_c_web_server_sign2=4",
            .keycaptcha, ["s_s_c_web_server_sign2": "4"]),
        MethodCase("mt_captcha&sitekey=K", .mtcaptcha), MethodCase("friendly_captcha&sitekey=K", .friendlyCaptcha),
        MethodCase("cutcaptcha&misery_key=M&api_key=A", .cutcaptcha, ["miseryKey": "M", "apiKey": "A"]),
        MethodCase("tencent&app_id=A", .tencent, ["appId": "A"]),
        MethodCase("atb_captcha&app_id=A&api_server=S", .atbCaptcha),
        MethodCase("cybersiara&master_url_id=M&userAgent=U", .cyberSiara, ["slideMasterUrlId": "M"]),
        MethodCase("yandex&sitekey=K", .yandex), MethodCase("prosopo&sitekey=K", .prosopo),
        MethodCase("altcha&challenge_url=https://e.com/c", .altcha, ["challengeURL": "https://e.com/c"]),
        MethodCase(#"altcha&challenge_json={"challenge":"x"}"#, .altcha),
        MethodCase("binance&sitekey=K&validate_id=V", .binance), MethodCase("yidun&sitekey=K&hcg=H", .yidun),
        MethodCase("basilisk&sitekey=K", .basilisk), MethodCase("alibaba&scene_id=S&prefix=P", .alibaba),
        MethodCase("hunt&api_get_lib=L&\(proxy)", .hunt), MethodCase("authkong&sitekey=K", .authkong),
        MethodCase("datadome&captcha_url=https://c.com/&\(proxy)", .datadome, ["captchaUrl": "https://c.com/"]),
        MethodCase("captchafox&sitekey=K&\(proxy)", .captchaFox),
        MethodCase("vkcaptcha&redirect_uri=https://r.com/&\(proxy)", .vkCaptcha),
        MethodCase("tspd&tspd_cookie=a%3Db&html_page_base64=QQ&\(proxy)", .tspd),
        MethodCase("incapsula&incapsula_script_url=S&incapsula_cookies=a%3Db&\(proxy)", .imperva),
    ]

    private static let pictures: [MethodCase] = [
        MethodCase(
            "base64&body=\(picture)&phrase=1&regsense=0&calc=1&numeric=4&min_len=2&maxLen=9&lang=ru", .imageToText,
            [
                "body": .string(picture), "phrase": true, "case": false, "math": true, "numeric": 4, "minLength": 2,
                "maxLength": 9, "languagePool": "rn",
            ]),
        MethodCase("&body=\(picture)&language=2", .imageToText, ["languagePool": "en"]),
        MethodCase("post&textcaptcha=2%2B2", .textQuestion, ["comment": "2+2"]),
        MethodCase("&textcaptcha=Q", .textQuestion), MethodCase("textcaptcha&textcaptcha=Q", .textQuestion),
        MethodCase(
            "base64&body=\(picture)&imginstructions=\(picture)+ab/", .imageToText,
            ["imgInstructions": .string("\(picture)+ab/")]),
        MethodCase("audio&body=\(picture)&lang=en", .audio),
        MethodCase(
            "post&body=\(picture)&coordinatescaptcha=1&textinstructions=T&min_clicks=2", .coordinates,
            ["comment": "T", "minClicks": 2]),
        MethodCase("base64&body=\(picture)&canvas=1&textinstructions=T", .drawAround),
        MethodCase(
            "base64&body=\(picture)&recaptcha=1&recaptcharows=3&recaptchacols=4", .grid, ["rows": 3, "columns": 4]),
        MethodCase("rotatecaptcha&body=\(picture)&angle=40", .rotate, ["angle": .string("40")]),
        MethodCase("bounding_box&image=\(picture)&textinstructions=T", .boundingBox),
        MethodCase("vkimage&body=\(picture)&steps=[1,2]", .vkImage, ["steps": [1, 2]]),
        MethodCase(
            "temuimage&body=\(picture)&part1=\(picture)&part2=\(picture)", .temu,
            ["parts": [.string(picture), .string(picture)]]),
        MethodCase("universal&body=\(picture)", .imageToText),
    ]

    @Test("is the task of createTask that it means, with its fields", arguments: tokens + pictures)
    private func meaning(_ given: MethodCase) throws {
        let asked = Asked("GET", "/in.php?\(page)&method=\(given.query)")
        let task = try InPHPTask(RequestForm(asked.request)).task
        let understood = try TaskVocabulary.understand(task)
        #expect(understood.family == given.family)
        for member in given.fields.members {
            let value = understood.fields[member.name] ?? .null
            #expect(value == member.value || value.numberText == member.value.string, "\(member.name): \(value)")
        }
        #expect(understood.fields["method"] == nil && understood.fields["pageurl"] == nil)
    }

    @Test("exists for every family that in.php can name, and its fields are fields of that family")
    func fieldsExist() throws {
        for (name, method) in InPHPMethod.byName {
            let families = TaskForm.all.filter { form in
                form.names.contains { $0.spellings.contains(method.type) }
                    // With the data of a challenge page it is another family.
                    || (name == "turnstile" && form.family == .cloudflareToken)
            }
            #expect(!families.isEmpty, "\(name): \(method.type)")
            let known = Set(families.flatMap(\.fields).map(\.name) + ["proxy", "proxyType", "websiteURL"])
            for field in method.fields.pairs.map(\.field) where !["userAgent", "cookies"].contains(field) {
                #expect(known.contains(field), "\(name): \(field)")
            }
        }
    }

    @Test("that nobody sells, or that is none, is refused", arguments: ["drag_drop", "antibot", "upside", "nonsense"])
    func unknown(_ name: String) {
        let asked = Asked("GET", "/in.php?method=\(name)")
        let error = #expect(throws: ClientError.self) { try InPHPTask(RequestForm(asked.request)) }
        #expect(error?.code == .taskNotSupported)
    }

    @Test("takes files in the place of parameters, one for each task")
    func files() throws {
        func body(_ names: [String]) -> String {
            names.map {
                "--b\r\nContent-Disposition: form-data; name=\"\($0)\"; filename=\"x.jpg\"\r\n\r\nABC\r\n"
            }.joined() + "--b\r\nContent-Disposition: form-data; name=\"method\"\r\n\r\nrotatecaptcha\r\n--b--"
        }
        func task(_ names: [String]) throws -> JSONObject {
            let asked = Asked("POST", "/in.php", body: body(names), type: "multipart/form-data; boundary=b")
            return try InPHPTask(RequestForm(asked.request)).task
        }
        #expect(try task(["file"])["body"] == "QUJD")
        #expect(try task(["file_1", "imginstructions"])["imgInstructions"] == "QUJD")
        #expect(throws: ClientError.self) { try task(["file_1", "file_2"]) }
    }
}
