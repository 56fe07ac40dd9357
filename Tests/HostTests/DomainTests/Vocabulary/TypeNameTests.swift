import Domain
import ProviderKit
import Testing

@Suite("The names of task types")
struct TypeNameTests {
    /// The names that the vendors' documents have, and the hosted product's, beside the family that each means. Written
    /// down here once more, so that a name that is lost in the forms is missed.
    static let names: [(TaskFamily, [String])] = [
        (
            .recaptchaV2,
            [
                "RecaptchaV2Task", "RecaptchaV2TaskProxyless", "ReCaptchaV2Task", "ReCaptchaV2TaskProxyLess",
                "ReCaptchaV2Token", "ReCaptchaV2TokenProxyLess", "NoCaptchaTask", "NoCaptchaTaskProxyless",
                "NoCaptchaTaskProxyLess",
            ]
        ),
        (
            .recaptchaV2Enterprise,
            [
                "RecaptchaV2EnterpriseTask", "RecaptchaV2EnterpriseTaskProxyless",
                "ReCaptchaV2EnterpriseTaskProxyLess", "ReCaptchaV2EnterpriseTokenProxyLess",
            ]
        ),
        (
            .recaptchaV3,
            ["RecaptchaV3Task", "RecaptchaV3TaskProxyless", "ReCaptchaV3TaskProxyLess", "ReCaptchaV3TokenProxyLess"]
        ),
        (
            .recaptchaV3Enterprise,
            ["RecaptchaV3EnterpriseTask", "RecaptchaV3EnterpriseTaskProxyless", "ReCaptchaV3EnterpriseTaskProxyLess"]
        ),
        (
            .hcaptcha,
            [
                "HCaptchaTask", "HCaptchaTaskProxyless", "HCaptchaTaskProxyLess", "HardCaptchaTokenProxyLess",
                "HardCaptchaToken", "HCaptchaEnterpriseTask", "HCaptchaEnterpriseTaskProxyLess", "HCaptchaTurboTask",
            ]
        ),
        (
            .turnstile,
            [
                "TurnstileTask", "TurnstileTaskProxyless", "TurnstileTokenProxyLess", "TurnstileToken",
                "AntiTurnstileTask", "AntiTurnstileTaskProxyLess",
            ]
        ),
        (.cloudflareClearance, ["AntiCloudflareTask"]),
        (.funcaptcha, ["FunCaptchaTask", "FunCaptchaTaskProxyless", "FunCaptchaTaskProxyLess"]),
        (.geetestV3, ["GeeTestTask", "GeeTestTaskProxyless", "GeeTestTaskProxyLess"]),
        (.amazonWaf, ["AmazonTask", "AmazonTaskProxyless", "AntiAwsWafTask", "AntiAwsWafTaskProxyLess"]),
        (.datadome, ["DataDomeSliderTask", "DatadomeSliderTask"]),
        (.mtcaptcha, ["MtCaptchaTask", "MtCaptchaTaskProxyless", "MtCaptchaTaskProxyLess", "MTCaptchaTask"]),
        (.lemin, ["LeminTask", "LeminTaskProxyless"]),
        (.cutcaptcha, ["CutCaptchaTask", "CutCaptchaTaskProxyless"]),
        (.keycaptcha, ["KeyCaptchaTask", "KeyCaptchaTaskProxyless"]),
        (.cyberSiara, ["AntiCyberSiAraTask", "AntiCyberSiAraTaskProxyless"]),
        (.tencent, ["TencentTask", "TencentTaskProxyless"]),
        (.yandex, ["YandexSmartCaptchaTask", "YandexSmartCaptchaTaskProxyless", "YandexCaptchaTaskProxyLess"]),
        (.friendlyCaptcha, ["FriendlyCaptchaTask", "FriendlyCaptchaTaskProxyless"]),
        (.altcha, ["AltchaTask", "AltchaTaskProxyless"]),
        (.prosopo, ["ProsopoTask", "ProsopoTaskProxyless"]),
        (.capy, ["CapyTask", "CapyTaskProxyless"]),
        (.vkCaptcha, ["VKCaptchaTask"]),
        (.captchaFox, ["CaptchaFoxTask"]),
        (.atbCaptcha, ["AtbCaptchaTask", "AtbCaptchaTaskProxyless"]),
        (.authkong, ["AuthkongTask", "AuthkongTaskProxyless"]),
        (.imperva, ["IncapsulaTask", "AntiImpervaTask"]),
        (.yidun, ["YidunTask", "YidunTaskProxyless"]),
        (.binance, ["BinanceTask", "BinanceTaskProxyless"]),
        (.basilisk, ["BasiliskTask", "BasiliskTaskProxyless"]),
        (.alibaba, ["AlibabaTask", "AlibabaTaskProxyless"]),
        (.tspd, ["tspdtask", "TspdTask"]),
        (.hunt, ["HuntTask"]),
        (.antiBotCookie, ["AntiBotCookieTask"]),
        (.antiGate, ["AntiGateTask"]),
        (.imageToText, ["ImageToTextTask"]),
        (.textQuestion, ["TextCaptchaTask"]),
        (.audio, ["AudioTask"]),
        (.vkImage, ["VKCaptchaImageTask"]),
        (.temu, ["TemuCaptchaTask"]),
        (.coordinates, ["CoordinatesTask", "ImageToCoordinatesTask", "ImageCoordinatesTask"]),
        (.grid, ["GridTask", "ReCaptchaV2Classification"]),
        (.rotate, ["RotateTask"]),
        (.boundingBox, ["BoundingBoxTask"]),
        (.drawAround, ["DrawAroundTask"]),
        (.visionEngine, ["VisionEngine"]),
        (.awsWafClassification, ["AwsWafClassification"]),
        (.complexImage, ["ComplexImageTask"]),
    ]

    /// Families that a field of the task chooses, not its type alone.
    static let chosenByFields: [TaskFamily] = [.cloudflareToken, .geetestV4]

    @Test("Every name means its family, in any case of letters and with blanks around it", arguments: names)
    func everyName(family: TaskFamily, names: [String]) throws {
        for name in names {
            for spelling in [name, name.lowercased(), name.uppercased(), " \(name)\n"] {
                // A name without a proxy can mean no family that needs one.
                let task = try VocabularyFixture.task(spelling, family)
                #expect(try TaskVocabulary.understand(task).family == family, "\(spelling)")
            }
        }
    }

    @Test("The table above has every family")
    func everyFamily() {
        let known = Set(TypeNameTests.names.map(\.0) + TypeNameTests.chosenByFields)
        #expect(known == Set(TaskFamily.all))
    }

    @Test("Every name that a form lists is understood, and no two families share one but GeeTest's")
    func everyFormsName() throws {
        var owners: [String: TaskFamily] = [:]
        for form in TaskForm.all where form.family != .geetestV4 {
            for name in form.names.flatMap(\.spellings) {
                #expect(owners.updateValue(form.family, forKey: name.lowercased()) == nil, "\(name)")
                let isProxyless = name.hasSuffix("Proxyless")
                if isProxyless && form.proxy == .needed { continue }
                let task = try VocabularyFixture.task(name, form.family)
                #expect(try TaskVocabulary.understand(task).family == form.family, "\(name)")
            }
        }
    }

    @Test(
        "What is no type is refused",
        arguments: [
            (JSONObject(), ErrorCode.badParameters), (["type": 1], .badParameters), (["type": nil], .badParameters),
            (["type": "NoSuchTask"], .taskNotSupported), (["type": ""], .taskNotSupported),
            (["type": "AntiKasadaTask"], .taskNotSupported), (["type": "RecaptchaV2"], .taskNotSupported),
            (["type": .string(String(repeating: "x", count: 5000))], .taskNotSupported),
        ] as [(JSONObject, ErrorCode)])
    func noType(task: JSONObject, code: ErrorCode) {
        VocabularyFixture.expectRefusal(task, code, "task.type")
    }

    @Test("A name that implies an enterprise account says so in a field")
    func implied() throws {
        let task = VocabularyFixture.site("HCaptchaEnterpriseTaskProxyless")
        #expect(try TaskVocabulary.understand(task).fields["isEnterprise"] == true)
        let plain = VocabularyFixture.site("HCaptchaTaskProxyless")
        #expect(try TaskVocabulary.understand(plain).fields["isEnterprise"] == nil)
    }
}
