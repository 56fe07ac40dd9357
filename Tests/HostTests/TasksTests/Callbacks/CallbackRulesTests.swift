import Domain
import OutboundHTTP
import ProviderKit
@testable import Tasks
import Testing

@Suite("Which addresses clients may name for callbacks")
struct CallbackRulesTests {
    /// As a host has them.
    private func rules(_ ranges: [IPRange] = []) -> CallbackRules {
        CallbackRules(
            isEnabled: true, host: { url throws(HTTPFailure) in try Origin(of: url).host },
            allows: AddressPolicy.publicOr(ranges).allows)
    }

    private func refusal(_ url: String, _ rules: CallbackRules) -> ClientError? {
        do throws(ClientError) {
            _ = try rules.target(of: Callback(url: url, field: "pingback"))
            return nil
        } catch { return error }
    }

    @Test(
        "An address that isn't public is refused at once, however it is written",
        arguments: [
            "http://127.0.0.1/", "http://localhost", "http://LOCALHOST.", "http://a.localhost/", "http://127.1",
            "http://2130706433", "http://0x7f000001", "http://0177.0.0.1", "http://127.0.0.1.", "http://[::1]",
            "http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]", "http://[64:ff9b::7f00:1]", "http://0.0.0.0",
            "http://[::]", "http://10.0.0.1", "http://172.16.0.1", "http://192.168.1.1", "http://169.254.169.254",
            "http://100.100.100.200", "http://224.0.0.1", "http://255.255.255.255", "http://[fd00::1]",
            "http://[fe80::1]", "http://[ff02::1]", "http://[2002:7f00:1::]", "https://127.0.0.1:8443/x?y",
            "http://192.0.2.1", "http://198.18.0.1", "http://240.0.0.1", "http://127。0。0。1",
        ])
    func special(url: String) {
        let error = refusal(url, rules())
        #expect(error?.code == .badParameters && error?.field == "pingback", "\(url)")
    }

    @Test(
        "What is no address that can be sent to is refused with what is wrong with it",
        arguments: [
            ("", "http"), ("x", "http"), ("//a.example/", "http"), ("ftp://a.example/", "http"),
            ("file:///etc/passwd", "http"), ("gopher://a.example/", "http"), ("http://", "http"),
            ("http://u@a.example/", "user name"), ("http://u:p@a.example/", "user name"),
            ("http://a.example:0/", "port"), ("http://a.example:65536/", "URL"), ("http://a b/", "percent-encoded"),
            ("http://a.example/ä", "percent-encoded"), ("http://a.example/\r\nX: y", "percent-encoded"),
            ("http://[fe80::1%25eth0]/", "zone"), ("http://.", "host"),
            ("http://a.example/" + String(repeating: "x", count: 2_048), "2048"),
        ])
    func unusable(url: String, word: String) {
        let error = refusal(url, rules())
        #expect(error?.code == .badParameters && error?.detail.contains(word) == true, "\(url): \(error as Any)")
    }

    @Test("Public addresses and names are taken, with the host by which they share places")
    func taken() throws {
        for (url, host) in [
            ("https://A.Example.:8443/x?y=z#f", "a.example"), ("http://8.8.8.8", "8.8.8.8"),
            ("http://[2606:4700::1111]/", "[2606:4700::1111]"), ("HTTP://a.example", "a.example"),
        ] {
            let target = try rules().target(of: Callback(url: url, taskName: .number))
            #expect(target == CallbackTarget(url: url, host: host, taskName: .number))
        }
    }

    @Test("The operator's own ranges are taken too, and nothing beside them")
    func ranges() throws {
        let own = rules([try IPRange("127.0.0.0/8"), try IPRange("fd00::/8")])
        for url in ["http://127.0.0.1", "http://localhost", "http://[::ffff:127.0.0.1]", "http://[fd00::1]"] {
            #expect(refusal(url, own) == nil, "\(url)")
        }
        for url in ["http://10.0.0.1", "http://[::1]", "http://[fe80::1]", "http://[64:ff9b::7f00:1]"] {
            #expect(refusal(url, own) != nil, "\(url)")
        }
        #expect(refusal("https://a.example", .disabled)?.detail.contains("sends no callbacks") == true)
    }
}
