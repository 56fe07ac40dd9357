@testable import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("A client's proxy")
struct ProxyTests {
    private func written(_ rules: ProxyRules, _ text: String) throws -> JSONObject {
        var task = JSONObject()
        try rules.write(try GoldenRun.object(text), to: &task, vendor: "Example")
        return task
    }

    private func kind(_ rules: ProxyRules, _ text: String) -> Fault.Kind? {
        do {
            _ = try written(rules, text)
            return nil
        } catch {
            return (error as? Fault)?.kind
        }
    }

    @Test("Five fields: the type is HTTP if none is named, the port a number, no login is no field")
    func fiveFields() throws {
        let proxy = try written(ProxyRules(), #"{"proxyAddress":"proxy.test","proxyPort":"8080","proxyLogin":""}"#)
        #expect(proxy == ["proxyType": "http", "proxyAddress": "proxy.test", "proxyPort": 8080])
    }

    @Test("One text, with the type for all but HTTP")
    func oneText() throws {
        let rules = ProxyRules(form: .oneText)
        let plain = try written(rules, #"{"proxyType":"http","proxyAddress":"192.0.2.7","proxyPort":80}"#)
        #expect(plain == ["proxy": "192.0.2.7:80"])
        let full = try written(
            rules,
            #"{"proxyType":"SOCKS5","proxyAddress":"p.test","proxyPort":80,"proxyLogin":"a","proxyPassword":"b"}"#)
        #expect(full == ["proxy": "socks5:p.test:80:a:b"])
    }

    @Test("What would be torn apart in one text goes in five fields")
    func colons() throws {
        let rules = ProxyRules(form: .oneText)
        let proxy = try written(
            rules, #"{"proxyAddress":"192.0.2.7","proxyPort":80,"proxyLogin":"a","proxyPassword":"b:c"}"#)
        #expect(proxy["proxy"] == nil)
        #expect(proxy["proxyPassword"] == "b:c")
        #expect(try written(rules, #"{"proxyAddress":"2001:db8::1","proxyPort":80}"#)["proxyAddress"] != nil)
    }

    @Test("A wrong part is refused by its name")
    func wrong() {
        #expect(kind(ProxyRules(), #"{"proxyAddress":"p","proxyPort":0}"#) == .badTask(field: "proxyPort"))
        #expect(kind(ProxyRules(), #"{"proxyAddress":"p","proxyPort":65536}"#) == .badTask(field: "proxyPort"))
        #expect(kind(ProxyRules(), #"{"proxyAddress":"p"}"#) == .badTask(field: "proxyPort"))
        #expect(kind(ProxyRules(), #"{"proxyAddress":7,"proxyPort":1}"#) == .badTask(field: "proxyAddress"))
        #expect(
            kind(ProxyRules(), #"{"proxyType":"ftp","proxyAddress":"p","proxyPort":1}"#)
                == .badTask(field: "proxyType"))
    }

    @Test("What a vendor refuses is refused unsent")
    func vendorRules() {
        let addresses = ProxyRules(addressesOnly: true)
        #expect(kind(addresses, #"{"proxyAddress":"p.test","proxyPort":1}"#) == .badTask(field: "proxyAddress"))
        #expect(kind(addresses, #"{"proxyAddress":"192.0.2.256","proxyPort":1}"#) == .badTask(field: "proxyAddress"))
        #expect(kind(addresses, #"{"proxyAddress":"192.0.2.7","proxyPort":1}"#) == nil)
        #expect(kind(addresses, #"{"proxyAddress":"2001:db8::1","proxyPort":1}"#) == nil)
        let plain = ProxyRules(forbiddenInCredentials: ["%"])
        #expect(
            kind(plain, #"{"proxyAddress":"p","proxyPort":1,"proxyPassword":"a%b"}"#)
                == .badTask(field: "proxyPassword"))
        let http = ProxyRules(form: .fourFields)
        #expect(
            kind(http, #"{"proxyType":"socks5","proxyAddress":"p","proxyPort":1}"#) == .unsupportedTask)
        #expect(kind(http, #"{"proxyType":"https","proxyAddress":"p","proxyPort":1}"#) == nil)
    }
}
