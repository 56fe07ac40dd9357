import Domain
import ProviderKit
@testable import Tasks
import Testing

@Suite("The request of a callback")
struct CallbackRequestTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_999)

    private func request(_ url: String, code: String?, id: String = "7") -> HTTPRequest {
        // The message itself in the place of its code, to be seen in the header.
        CallbackRequest(id: id, code: code).http(to: url, at: now, sign: { message, key in message + key }, key: [255])
    }

    @Test(
        "has what it tells behind the query that is there",
        arguments: [
            ("https://a.example", "https://a.example?captcha_id=7&status=1&code=t"),
            ("https://a.example/x", "https://a.example/x?captcha_id=7&status=1&code=t"),
            ("https://a.example/x?", "https://a.example/x?captcha_id=7&status=1&code=t"),
            ("https://a.example/x?k=%20v", "https://a.example/x?k=%20v&captcha_id=7&status=1&code=t"),
            ("https://a.example/x?k=v&", "https://a.example/x?k=v&captcha_id=7&status=1&code=t"),
            ("https://a.example/x?k#f?g", "https://a.example/x?k&captcha_id=7&status=1&code=t"),
        ])
    func addresses(url: String, expected: String) {
        let made = request(url, code: "t")
        #expect(made.url == expected)
        #expect(made.method == "GET" && made.body.isEmpty && made.timeoutSeconds == 10)
    }

    @Test("escapes what has a meaning in a query, and tells nothing but the failure of a task that failed")
    func escaping() {
        #expect(
            request("http://a/", code: "a b+c&d=e%é\n~-._").url.hasSuffix("&code=a%20b%2Bc%26d%3De%25%C3%A9%0A~-._"))
        #expect(request("http://a/", code: nil).url == "http://a/?captcha_id=7&status=0")
        #expect(request("http://a/", code: "").url == "http://a/?captcha_id=7&status=1&code=")
    }

    @Test("is signed over the time and the values, however they are written in the address")
    func signature() throws {
        func signed(_ code: String?) throws -> String {
            let header = try #require(request("http://a/", code: code).headers.first)
            #expect(header.name == "Ucaptcha-Signature")
            return header.value
        }
        let hex = { (text: String) in text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        #expect(try signed("a b") == "t=1700000000,v1=" + hex("1700000000\n7\n1\na b") + "ff")
        #expect(try signed(nil) == "t=1700000000,v1=" + hex("1700000000\n7\n0\n") + "ff")
    }

    @Test("leaves out a code with which the address would be too long to be sent")
    func tooLong() {
        let room = Limits.outboundURLBytes - "http://a/?captcha_id=7&status=1&code=".utf8.count
        #expect(
            request("http://a/", code: String(repeating: "x", count: room)).url.utf8.count == Limits.outboundURLBytes)
        let without = request("http://a/", code: String(repeating: "x", count: room + 1))
        #expect(without.url == "http://a/?captcha_id=7&status=1")
        // A space takes three bytes.
        #expect(request("http://a/", code: String(repeating: " ", count: room / 3 + 1)).url == without.url)
        #expect(without.headers.first?.value.hasSuffix("0a31" + "0a" + "ff") == true)
    }
}
