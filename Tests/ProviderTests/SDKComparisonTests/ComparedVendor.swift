import AntiCaptcha
import CapMonster
import CapSolver
import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit
import ProviderSimulator
import TestSupport
import TwoCaptcha

/// A vendor whose adapter is held against its own client library and against the simulator.
struct ComparedVendor: Sendable, CustomStringConvertible {
    /// The vendor in the simulator; its raw value is also the folder of the recorded requests.
    let simulated: ProviderSimulator.Vendor
    let adapter: any CreateTaskAdapter.Type
    /// Where its library is known to say something else.
    let quirks: [Quirk]

    var description: String { simulated.rawValue }
    /// The adapter's data.
    var data: CreateTaskAPI.Vendor { adapter.vendor }
    /// The families that the adapter offers, by their canonical names.
    var families: Set<String> { Set(data.families.map(\.family.rawValue)) }

    static let all = [
        ComparedVendor(simulated: .twoCaptcha, adapter: TwoCaptchaAdapter.self, quirks: Quirk.twoCaptcha),
        ComparedVendor(simulated: .antiCaptcha, adapter: AntiCaptchaAdapter.self, quirks: Quirk.antiCaptcha),
        ComparedVendor(simulated: .capMonster, adapter: CapMonsterAdapter.self, quirks: Quirk.capMonster),
        ComparedVendor(simulated: .capSolver, adapter: CapSolverAdapter.self, quirks: Quirk.capSolver),
    ]

    /// The recorded requests for families that the adapter offers.
    func recorded() throws -> [SDKRequest] {
        try SDKRequest.all(of: simulated.rawValue).filter { families.contains($0.family) }
    }

    /// The body that the adapter sends for a task in canonical fields.
    ///
    /// - Throws: the adapter's fault when it refuses the task.
    func request(_ family: TaskFamily, _ fields: JSONObject) async throws -> JSONObject {
        let adapter = try adapter.init(settings: AdapterSettings(name: simulated.rawValue))
        let call = ScriptedCall(.json(#"{"errorId":0,"taskId":73243152973}"#))
        let task = TaskRequest(family: family, fields: fields, credential: GoldenRun.credential, secondsLeft: 120)
        _ = try await adapter.submit(task, call: call)
        guard let sent = call.requests.first, call.requests.count == 1, sent.path == "/createTask",
            let body = try JSONValue(parsing: sent.body).object
        else { throw TestFailure("\(self) was sent \(call.requests.count) requests, or no JSON.") }
        return body
    }
}
