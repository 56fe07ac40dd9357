import CreateTaskAPI
import CreateTaskTestSupport
import Domain
import ProviderKit
import ProviderSimulator
import TestSupport
import Testing

@Suite("Each adapter, held against the vendor that the simulator plays")
struct SimulatorAgreementTests {
    /// Codes that an adapter knows and the simulator does not answer.
    static let unanswered: [String: [String: String]] = [
        "capsolver": [
            "ERROR_SERVICE_UNAVAILABLE": "the right spelling of a code that the vendor documents misspelt"
        ]
    ]

    @Test("The adapter's table of faults and the simulator's table of errors have the same rows", arguments: all)
    func sameCodes(_ vendor: ComparedVendor) {
        let known = vendor.data.faults.rows
        let answered = vendor.simulated.errors
        let exceptions = Self.unanswered[vendor.description] ?? [:]
        #expect(known.count == answered.count + exceptions.count)
        #expect(Set(known.map(\.code)) == Set(answered.map(\.code)).union(exceptions.keys))
        #expect(Set(answered.map(\.code)).isDisjoint(with: exceptions.keys))
        for row in known where row.number != nil {
            #expect(answered.first { $0.code == row.code }?.id == row.number.map(Int.init), "\(row.code)")
        }
    }

    @Test("Every code that the simulator answers becomes the fault of its row, at submit and at poll", arguments: all)
    func everyCodeIsKnown(_ vendor: ComparedVendor) async throws {
        let adapter = try vendor.adapter.init(settings: AdapterSettings(name: vendor.description))
        for row in vendor.simulated.errors {
            let verdict = try #require(vendor.data.faults.verdict(code: row.code, number: nil), "\(row.code)")
            let answer = ScriptedCall.Reply.json(
                #"{"errorId":\#(row.id),"errorCode":"\#(row.code)","errorDescription":"\#(row.text)"}"#,
                status: row.status)
            let ticket = Ticket(id: "73243152973", family: .recaptchaV2, credential: GoldenRun.credential)
            if verdict == .pending {
                #expect(try await adapter.poll(ticket, call: ScriptedCall(answer)) == .pending, "\(row.code)")
                continue
            }
            let atPoll = await fault { _ = try await adapter.poll(ticket, call: ScriptedCall(answer)) }
            let task = TaskRequest(
                family: .recaptchaV2, fields: ["websiteURL": "https://a.example/", "websiteKey": "6L"],
                credential: GoldenRun.credential, secondsLeft: 120)
            let atSubmit = await fault { _ = try await adapter.submit(task, call: ScriptedCall(answer)) }
            // A code that nobody knows is one fault at submit and another one at poll.
            #expect(atPoll?.kind == atSubmit?.kind && atPoll != nil, "\(row.code)")
            let expected = fault(of: verdict)
            #expect(atPoll?.label == expected.label && atPoll?.blame == expected.blame, "\(row.code)")
        }
    }

    /// The fault of a row. Which field is wrong and when a ban ends is found out from the answer.
    private func fault(of verdict: Verdict) -> Fault {
        switch verdict {
        case .fault(let kind): Fault(kind, "")
        case .banned(let scope, _): Fault(.banned(scope, untilUnixSeconds: nil), "")
        case .pending: Fault(.protocolError, "")
        }
    }

    private func fault(_ operation: () async throws -> Void) async -> Fault? {
        do {
            try await operation()
            return nil
        } catch {
            return error as? Fault
        }
    }

    /// Families that an adapter offers and that are no kind of their own at the vendor: the same as those that the
    /// vendor's library has no words for.
    static let unsimulated = SDKComparisonTests.unrecorded

    @Test("The adapter offers what the simulated vendor sells, and nothing else", arguments: all)
    func sameFamilies(_ vendor: ComparedVendor) {
        let sold = Set(vendor.simulated.families)
        let unsimulated = Set(Self.unsimulated[vendor.description, default: [:]].keys)
        #expect(vendor.families.subtracting(sold) == unsimulated)
        #expect(sold.subtracting(vendor.families) == [])
    }

    @Test("What the adapter sends for a recorded task is taken without a word by the simulator", arguments: all)
    func taken(_ vendor: ComparedVendor) async throws {
        let key = GoldenRun.credential.placeholder
        for recorded in try vendor.recorded() {
            let (family, fields) = try Way.canonical.task(recorded)
            let body = try await vendor.request(family, fields)
            var simulated = SimulatedVendor(vendor.simulated, accounts: [key: Money(decimal: "10") ?? .zero])
            let answer = simulated.handle(.post("/createTask", .object(body)), at: Timestamp(milliseconds: 0))
            #expect(answer.json["errorId"] == 0, "\(recorded): \(answer.text)")
            #expect(simulated.requests.flatMap(\.notes) == [], "\(recorded)")
        }
    }

    private static let all = ComparedVendor.all
}
