import ProviderKit
import Testing

@testable import Plugins

@Suite("What adapters may send")
struct RequestRulesTests {
    private static let own = Placeholder.text([0xAB, 0xCD])

    /// Requests of the plug-in `asks`, whose task has `challengeURL` = `https://client.example/c`.
    static let refused: [HTTPRequest] = [
        HTTPRequest(url: "https://elsewhere.example/"),
        HTTPRequest(url: "http://api.asks.example/"),
        HTTPRequest(url: "https://api.asks.example:8443/"),
        HTTPRequest(url: "https://api.asks.example.elsewhere.example/"),
        HTTPRequest(url: "https://api.asks.example@elsewhere.example/"),
        HTTPRequest(url: "https://elsewhere.example\\@api.asks.example/"),
        HTTPRequest(url: "https://api.asks.example#@elsewhere.example/"),
        HTTPRequest(url: "https://api.asks.example/?key=\(Placeholder.text([0xEE]))"),
        HTTPRequest(url: "https://\(own).elsewhere.example/"),
        HTTPRequest(url: "//api.asks.example/"),
        HTTPRequest(url: "https:api.asks.example/"),
        HTTPRequest(url: "ftp://api.asks.example/"),
        HTTPRequest(method: "CONNECT", url: "https://api.asks.example/"),
        HTTPRequest(method: "GET /x HTTP/1.1\r\nHost: x\r\n\r\n", url: "https://api.asks.example/"),
        HTTPRequest(url: "https://api.asks.example/", headers: [.init("Host", "elsewhere.example")]),
        HTTPRequest(url: "https://api.asks.example/", headers: [.init("x\r\ny", "z")]),
        HTTPRequest(url: "https://api.asks.example/", headers: [.init("x", "a\r\nb: c")]),
        HTTPRequest(url: "https://api.asks.example/", headers: [.init(own, "z")]),
        HTTPRequest(
            url: "https://api.asks.example/",
            headers: [.init("Content-Type", "text/plain"), .init("content-type", "application/json")]),
        HTTPRequest(url: "https://client.example/c"),
        HTTPRequest(url: "https://client.example/other", addressField: "challengeURL"),
        HTTPRequest(url: "https://client.example/c", addressField: "websiteURL"),
        HTTPRequest(url: "https://client.example/c", headers: [.init("x", own)], addressField: "challengeURL"),
        HTTPRequest(
            method: "POST", url: "https://client.example/c", body: [1], addressField: "challengeURL"),
    ]

    private func rules(_ credentials: any CredentialSource = FakeCredentials(known: [own: "a&b\u{7F}"])) -> RequestRules
    {
        RequestRules(
            origins: Set([Origin(url: "https://v.example")].compactMap(\.self)), addressFields: ["challengeURL"],
            credentials: credentials)
    }

    @Test("A form's body gets the key percent-encoded, another body as it is")
    func bodies() throws {
        let call = submit(credential: Self.own)
        var request = HTTPRequest(
            method: "POST", url: "https://v.example/",
            headers: [.init("Content-Type", "application/x-www-form-urlencoded")],
            body: Array("key=\(Self.own)&x=1".utf8))
        #expect(try rules().prepare(request, for: call).request.body == Array("key=a%26b%7F&x=1".utf8))
        request.headers = [.init("content-type", "multipart/form-data; boundary=x")]
        #expect(try rules().prepare(request, for: call).request.body == Array("key=a&b\u{7F}&x=1".utf8))
    }

    @Test("A key that would break out of a header is not put there")
    func headerKey() {
        let request = HTTPRequest(url: "https://v.example/", headers: [.init("authorization", Self.own)])
        #expect(throws: HTTPFailure.self) { try rules().prepare(request, for: submit(credential: Self.own)) }
    }

    @Test("A key that is gone, and a placeholder in a call without credential, are refused; without either all is well")
    func noKey() throws {
        let with = HTTPRequest(url: "https://v.example/?\(Self.own)")
        let without = HTTPRequest(url: "https://v.example/")
        let none = rules(NoCredentials())
        #expect(throws: HTTPFailure.self) { try none.prepare(with, for: submit(credential: Self.own)) }
        #expect(throws: HTTPFailure.self) { try rules().prepare(with, for: submit()) }
        #expect(try none.prepare(without, for: submit(credential: Self.own)).request == without)
        #expect(try rules().prepare(without, for: submit()).request == without)
    }

    @Test("The address of a task can be fetched while the task is submitted, not later")
    func addressInPoll() {
        let request = HTTPRequest(url: "https://client.example/c", addressField: "challengeURL")
        let poll = OperationRequest.poll(Ticket(id: "https://client.example/c", family: .altcha, credential: nil))
        #expect(throws: HTTPFailure.self) { try rules().prepare(request, for: poll) }
    }

    @Test("Time-outs are brought within bounds", arguments: [(0.0, 0.1), (-1, 0.1), (.nan, 0.1), (5, 5), (1e9, 120)])
    func timeouts(asked: Double, given: Double) throws {
        let request = HTTPRequest(url: "https://v.example/", timeoutSeconds: asked)
        #expect(try rules().prepare(request, for: submit()).request.timeoutSeconds == given)
    }

    @Test(
        "Origins are compared as they are connected to",
        arguments: [
            ("https://a.example", "https://A.Example:443/x?y", true), ("http://a.example:80", "HTTP://a.example", true),
            ("https://a.example", "http://a.example:443", false), ("https://a.example", "https://a.example.", false),
            ("http://[::1]:80", "http://[::1]/", true), ("http://[::1]", "http://[::2]/", false),
        ])
    func origins(left: String, right: String, same: Bool) throws {
        let origin = try #require(Origin(url: left))
        #expect((origin == Origin(url: right)) == same)
    }

    @Test(
        "What two readers could read differently has no origin",
        arguments: [
            "", "https://", "https:///x", "https://a b", "https://a\tb", "https://ä.example", "https://a%2eb",
            "https://u:p@a",
            "https://a:0", "https://a:65536", "https://a:", "https://a:+1", "https://[::1", "https://[]",
            "https://[::1]x",
            "javascript://a", "https:/a", "https://a\\b", " https://a",
        ])
    func noOrigin(url: String) {
        #expect(Origin(url: url) == nil)
    }

    @Test("A declared origin has nothing behind it")
    func declared() {
        #expect(Origin(declared: "https://a.example/") != nil)
        #expect(Origin(declared: "https://a.example/path") == nil)
        #expect(Origin(declared: "https://a.example?x") == nil)
    }

    @Test("Masking finds the key in every form that answers have")
    func mask() {
        let key = Array("a/b\"c d".utf8)
        let mask = KeyMask(key: key, placeholder: Self.own)
        for form in ["a/b\"c d", "a/b\\\"c d", "a\\/b\\\"c d", "a%2Fb%22c%20d", "a%2fb%22c%20d"] {
            #expect(mask.masked("x\(form)y\(form)") == "x\(Self.own)y\(Self.own)", "\(form)")
        }
    }
}
