import ProviderKit
import Testing

@testable import Tasks

private struct NoCalls: ProviderCalling {
    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 { 0 }
    func cancel(_ call: UInt64) {}
}

@Suite("The names by which clients call providers")
struct ProviderNamesTests {
    private func names(_ providers: KeyValuePairs<String, String>) -> ProviderNames {
        ProviderNames(
            providers.map { name, shown in
                Provider(
                    name: name,
                    manifest: Manifest(id: "p", displayName: shown, version: "1", key: nil, offers: [.init(.altcha)]),
                    credentials: [:], caller: NoCalls())
            })
    }

    @Test(
        "An adapter's name in any case, or with its marks left out, and the name that people write",
        arguments: [
            ("2captcha", "2captcha"), ("2Captcha", "2captcha"), ("CAPSOLVER", "capsolver"),
            ("CapSolver", "capsolver"), ("Anti-Captcha", "anticaptcha"), ("anti_captcha", "anticaptcha"),
            ("CapMonster", "capmonster"), ("CapMonster Cloud", "capmonster"), ("capmonstercloud", "capmonster"),
            ("captcha", nil), ("", nil), ("-", nil), ("2captcha2", nil),
        ] as [(String, String?)])
    func known(text: String, name: String?) {
        let names = names([
            "2captcha": "2Captcha", "capsolver": "CapSolver", "anticaptcha": "Anti-Captcha",
            "capmonster": "CapMonster Cloud",
        ])
        #expect(names.adapter(text) == name)
    }

    @Test("The name that people write is the instance's that is called so, and nobody's when two could be meant")
    func instances() {
        let three = names(["native": "Native", "native-far": "Native", "other": "Native"])
        #expect(three.adapter("Native") == "native")
        #expect(three.adapter("Native-Far") == "native-far")
        let two = names(["near": "Native", "far": "Native"])
        #expect(two.adapter("native") == nil)
        #expect(two.adapter("FAR") == "far")
        let alike = names(["a-b": "X", "ab": "Y"])
        #expect(alike.adapter("a-b") == "a-b")
        #expect(alike.adapter("ab") == "ab")
        #expect(alike.adapter("a_b") == nil)
    }
}
