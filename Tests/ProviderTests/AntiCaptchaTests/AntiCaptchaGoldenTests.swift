@testable import AntiCaptcha
@testable import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("What is sent to Anti-Captcha, and what its answers become")
struct AntiCaptchaGoldenTests {
    private let run: GoldenRun

    init() throws {
        run = GoldenRun(
            try AntiCaptchaAdapter(settings: AdapterSettings(name: "test")), taskID: #"7654321"#,
            proxyFields:
                #"""
                {"proxyType":"socks5","proxyAddress":"192.0.2.7","proxyPort":1080,"proxyLogin":"me",
                 "proxyPassword":"secret"}
                """#
        )
    }

    @Test("There is a pair for each family that is sold, and hCaptcha is not")
    func complete() {
        let sold = AntiCaptchaAdapter.vendor.families.map(\.family)
        #expect(sold.sorted() == AntiCaptchaGoldens.all.map(\.family).sorted())
        #expect(Set(sold).count == sold.count)
        #expect(!sold.contains(.hcaptcha))
        #expect(sold.count == 20)
    }

    @Test("A task is written as documented", arguments: AntiCaptchaGoldens.all)
    func request(_ golden: Golden) async throws {
        let (sent, expected) = try await run.submitted(golden, withProxy: false)
        #expect(sent == expected)
    }

    @Test("A client's proxy is passed on, left out or refused as the vendor has it", arguments: AntiCaptchaGoldens.all)
    func proxy(_ golden: Golden) async throws {
        let (outcome, expected) = try await run.proxied(golden)
        #expect(outcome == expected)
    }

    @Test("A solution is told in canonical fields", arguments: AntiCaptchaGoldens.all)
    func solution(_ golden: Golden) async throws {
        let (solution, expected) = try await run.polled(golden)
        #expect(solution == expected)
    }

    @Test("Without one of its required fields a task is refused unsent", arguments: AntiCaptchaAdapter.vendor.families)
    func required(_ mapping: FamilyMapping) async throws {
        let golden = try #require(AntiCaptchaGoldens.all.first { $0.family == mapping.family })
        #expect(try await run.unmissed(mapping, golden) == [])
    }
}
