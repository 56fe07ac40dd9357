@testable import CapSolver
@testable import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import Testing

@Suite("What is sent to CapSolver, and what its answers become")
struct CapSolverGoldenTests {
    private let run: GoldenRun

    init() throws {
        run = GoldenRun(
            try CapSolverAdapter(settings: AdapterSettings(name: "test")),
            taskID: #""61138bb6-19fb-11ec-a9c8-0242ac110006""#,
            proxyFields: #"{"proxy":"socks5:192.0.2.7:1080:me:secret"}"#)
    }

    @Test("There is a pair for each family that is sold, and hCaptcha is not")
    func complete() {
        let sold = CapSolverAdapter.vendor.families.map(\.family)
        #expect(sold.sorted() == CapSolverGoldens.all.map(\.family).sorted())
        #expect(Set(sold).count == sold.count)
        #expect(!sold.contains(.hcaptcha))
        #expect(sold.count == 17)
    }

    @Test("A task is written as documented", arguments: CapSolverGoldens.all)
    func request(_ golden: Golden) async throws {
        let (sent, expected) = try await run.submitted(golden, withProxy: false)
        #expect(sent == expected)
    }

    @Test("A client's proxy is passed on, left out or refused as the vendor has it", arguments: CapSolverGoldens.all)
    func proxy(_ golden: Golden) async throws {
        let (outcome, expected) = try await run.proxied(golden)
        #expect(outcome == expected)
    }

    @Test("A solution is told in canonical fields", arguments: CapSolverGoldens.all)
    func solution(_ golden: Golden) async throws {
        let (solution, expected) = try await run.polled(golden)
        #expect(solution == expected)
    }

    @Test("Without one of its required fields a task is refused unsent", arguments: CapSolverAdapter.vendor.families)
    func required(_ mapping: FamilyMapping) async throws {
        let golden = try #require(CapSolverGoldens.all.first { $0.family == mapping.family })
        #expect(try await run.unmissed(mapping, golden) == [])
    }
}
