import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("Balance, validation and reports")
struct KeyAndReportTests {
    private let adapter: ExampleAdapter

    init() throws { adapter = try ExampleAdapter.make() }

    @Test(
        "A balance is told digit by digit, whether it comes as number or text",
        arguments: [("12.3456789012345678", "12.3456789012345678"), ("\"0.00\"", "0.00"), ("-0.5", "-0.5"), ("7", "7")])
    func balance(_ written: String, _ expected: String) async throws {
        let call = ScriptedCall(.json(#"{"errorId":0,"balance":\#(written)}"#))
        #expect(try await adapter.balance(of: GoldenRun.credential, call: call) == Balance(amount: expected))
    }

    @Test("No balance is no answer", arguments: ["null", "\"much\"", "true", "{}"])
    func noBalance(_ written: String) async {
        let call = ScriptedCall(.json(#"{"errorId":0,"balance":\#(written)}"#))
        #expect(
            await kind { _ = try await adapter.balance(of: GoldenRun.credential, call: call) } == .protocolError)
    }

    @Test("A key is validated by the balance call alone, and the balance is told with it")
    func validation() async throws {
        let call = ScriptedCall(.json(#"{"errorId":0,"balance":3.5}"#))
        let valid = try await adapter.validate(GoldenRun.credential, call: call)
        #expect(valid == ValidKey(balance: Balance(amount: "3.5")))
        #expect(call.requests.map(\.path) == ["/getBalance"])
        #expect(call.requests.first?.json == ["clientKey": .string(GoldenRun.credential.placeholder)])
    }

    @Test("A report goes to the call for its family and verdict, once")
    func report() async throws {
        let call = ScriptedCall(.json(#"{"errorId":0,"status":"success"}"#))
        try await adapter.report(.turnstile, accepted: false, call)
        #expect(call.requests.map(\.path) == ["/reportBad"])
        #expect(
            call.requests.first?.json
                == ["clientKey": .string(GoldenRun.credential.placeholder), "taskId": 17])
    }

    @Test("A report that the vendor does not take is refused unsent")
    func noReport() async {
        for (family, accepted) in [(TaskFamily.turnstile, true), (.imageToText, false)] {
            let call = ScriptedCall()
            #expect(await kind { try await adapter.report(family, accepted: accepted, call) } == .unsupportedTask)
            #expect(call.requests.isEmpty)
        }
    }

    @Test("The manifest follows from the data and is one that a host takes")
    func manifest() throws {
        let manifest = try Manifest(parsing: ExampleAdapter.manifest.bytes)
        #expect(manifest == ExampleAdapter.manifest)
        #expect(manifest.id == "example")
        #expect(manifest.offers.map(\.listPrice) == ["0.001", nil, nil])
        #expect(manifest.origins == ["https://api.example.com"])
        #expect(manifest.balanceUnit == "USD")
        #expect(manifest.reportsCost && !manifest.chargesUnsolvable)
    }
}
