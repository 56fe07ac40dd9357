import Domain
import OutboundHTTP
import ProviderKit
import Testing

@Suite("Which requests may be sent")
struct RequestCheckTests {
    /// What a transport that would connect to nothing says about a request.
    private func refusal(_ request: OutboundRequest) throws -> HTTPFailure? {
        let failure = try #require(try ClientAddressTransport(policy: AddressPolicy { _ in false }).failure(request))
        #expect(failure.sent == .no)
        // A request that is in order gets as far as the policy.
        return failure.message.contains("has no address") ? nil : failure
    }

    private func refusal(header name: String, _ value: String) throws -> HTTPFailure? {
        try refusal(OutboundRequest(url: "http://127.0.0.1/", headers: [HTTPRequest.Header(name, value)]))
    }

    @Test("Headers can't carry a line of their own")
    func injection() throws {
        for value in ["a\r\nX-Other: b", "a\nb", "a\rb", "a\0b", "a\u{7F}", "\u{1B}[0m"] {
            let failure = try #require(try refusal(header: "X-Key", value))
            #expect(failure.kind == .refused)
            #expect(failure.message == "The value of the header x-key has a control character in it.")
        }
        for name in ["", "X Key", "X-Key:", "X\r\nY", "X\0", "Größe", "(x)"] {
            #expect(try refusal(header: name, "1")?.kind == .refused, "\(name)")
        }
        #expect(try refusal(header: "X-Key", "a\tb ü") == nil)
        #expect(try refusal(header: "x!#$%&'*+-.^_`|~09", "") == nil)
    }

    @Test(
        "Headers that belong to the connection are refused by name",
        arguments: [
            "Host", "content-length", "Transfer-Encoding", "CONNECTION", "Expect", "Accept-Encoding", "Upgrade",
        ])
    func reserved(name: String) throws {
        #expect(
            try refusal(header: name, "1")?.message
                == "The header \(name.lowercased()) is set by the host; leave it out.")
    }

    @Test("Only six methods are sent, and a body only with those that take one")
    func methods() throws {
        for method in ["", "get", "TRACE", "CONNECT", "OPTIONS", "GET /x HTTP/1.1\r\nX: y", "POST\0"] {
            #expect(try refusal(OutboundRequest(method: method, url: "http://127.0.0.1/"))?.kind == .refused)
        }
        for method in ["GET", "HEAD"] {
            let request = OutboundRequest(method: method, url: "http://127.0.0.1/", body: [1])
            #expect(try refusal(request)?.message == "A \(method) request can't have a body.")
        }
    }

    @Test("Sizes have bounds")
    func sizes() throws {
        let url = "http://127.0.0.1/"
        let body = [UInt8](repeating: 0, count: Limits.outboundBodyBytes)
        #expect(try refusal(OutboundRequest(method: "POST", url: url, body: body)) == nil)
        #expect(try refusal(OutboundRequest(method: "POST", url: url, body: body + [0])) != nil)
        let path = String(repeating: "p", count: Limits.outboundURLBytes - url.count)
        #expect(try refusal(OutboundRequest(url: url + path)) == nil)
        #expect(try refusal(OutboundRequest(url: url + path + "p")) != nil)
        #expect(try refusal(header: "X", String(repeating: "v", count: Limits.outboundHeaderBytes - 1)) == nil)
        #expect(try refusal(header: "X", String(repeating: "v", count: Limits.outboundHeaderBytes)) != nil)
        let headers = [HTTPRequest.Header](repeating: HTTPRequest.Header("X", "y"), count: Limits.outboundHeaderCount)
        #expect(try refusal(OutboundRequest(url: url, headers: headers)) == nil)
        #expect(try refusal(OutboundRequest(url: url, headers: headers + headers)) != nil)
    }

    @Test("An origin is scheme, host and port, in one form")
    func origins() throws {
        for (url, origin) in [
            ("HTTP://Example.COM/a?b#c", "http://example.com"), ("https://example.com:443", "https://example.com"),
            ("https://example.com:80/", "https://example.com:80"), ("http://2130706433:81/", "http://127.0.0.1:81"),
            ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080"), ("http://a.b:443/", "http://a.b:443"),
        ] {
            #expect(try Origin(of: url).description == origin)
        }
        #expect(try Origin(of: "https://a.example") == Origin(of: "https://A.example:443/path"))
        #expect(try Origin(of: "https://a.example") != Origin(of: "http://a.example:443"))
        for url in [
            "https://a.example@b.example/", "https://a.example\\@b.example/", "http:/a.example", "http:///a.example",
            "https://a.example%00.b.example/", "https://größe.example/", "a.example", "javascript:1",
        ] {
            #expect(throws: HTTPFailure.self, "\(url)") { try Origin(of: url) }
        }
    }
}
