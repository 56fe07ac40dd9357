import Domain
import Testing

@Suite("Dialects")
struct DialectTests {
    @Test(
        "A header Host names a host without port, case, brackets' content or a dot at its end",
        arguments: [
            ("API.2captcha.com", "api.2captcha.com"), ("api.2captcha.com:8080", "api.2captcha.com"),
            ("api.2captcha.com.", "api.2captcha.com"), (" a \t", "a"), ("[::1]:80", "[::1]"), ("[::1", "[::1"),
            ("", ""), (":", ""), (".", ""),
        ])
    func hostNames(header: String, name: String) {
        #expect(DialectRules.name(inHost: header) == name)
    }

    @Test("A host's dialect comes before that of all; without either each task shows it")
    func rules() {
        let rules = DialectRules(root: .capsolver, hosts: ["a": .ucaptcha])
        #expect(rules.dialect(ofHost: "A:1") == .ucaptcha)
        #expect(rules.dialect(ofHost: "b") == .capsolver)
        #expect(rules.dialect(ofHost: nil) == .capsolver)
        #expect(DialectRules().dialect(ofHost: "a") == nil)
    }

    @Test("A setting is auto or one of the dialects")
    func settings() {
        #expect(
            DialectSetting.allCases.map(\.rawValue) == [
                "auto", "ucaptcha", "anticaptcha", "capsolver", "capmonster", "2captcha",
            ])
        for setting in DialectSetting.allCases { #expect(DialectSetting(rawValue: setting.rawValue) == setting) }
        #expect(DialectSetting(rawValue: "Auto") == nil)
        #expect(DialectSetting(rawValue: "") == nil)
    }

    @Test("A dialect's name is read in any case")
    func names() {
        #expect(ClientDialect(anyCase: "CapSolver") == .capsolver)
        #expect(ClientDialect(anyCase: "2CAPTCHA") == .twoCaptcha)
        #expect(ClientDialect(anyCase: "auto") == nil)
    }
}
