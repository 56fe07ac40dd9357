import CreateTaskAPI
import CreateTaskTestSupport
import ProviderKit

/// A vendor that nobody has: the whole of what a further one needs, and what the tests of the dialect speak to.
struct ExampleAdapter: CreateTaskAdapter {
    static let vendor = Vendor(
        id: "example", displayName: "Example", version: "1.0", baseURL: "https://api.example.com",
        key: Manifest.KeyFormat(description: "16 characters", length: 16...16), taskID: .number,
        pollPlan: Manifest.PollPlan(first: 1, interval: 2, most: 50), resultLifetimeSeconds: 60, reportsCost: true,
        faults: FaultTable([
            .init("ERROR_NO_KEY", 1, .invalidKey), .init("ERROR_GIVEN_UP", 12, .unsolvable(charged: false)),
            .init("ERROR_PAUSE", 40, .banned(.key, seconds: 60)), .init("ERROR_WRONG", 50, .badTask),
        ]),
        families: [
            FamilyMapping(
                .turnstile, .pair("TurnstileTask"), price: "0.001", requires: ["websiteURL", "websiteKey"],
                fields: [.optional("cData", as: "metadata/cdata"), .dropped("userAgent")]),
            FamilyMapping(.imageToText, .unproxied("ImageToTextTask"), requires: ["body"]),
            FamilyMapping(.coordinates, .unproxied("CoordinatesTask"), requires: ["body"]),
        ],
        reports: [ReportCall("/reportBad", accepted: false, families: [.turnstile])],
        pollStatusesThatMeanPending: [500])

    let client: VendorClient

    init(settings: AdapterSettings) throws {
        client = try VendorClient(Self.vendor, settings: settings)
    }

    /// An instance as the configuration would make it.
    static func make(endpoint: String? = nil) throws -> ExampleAdapter {
        try ExampleAdapter(settings: AdapterSettings(name: "example", endpoint: endpoint))
    }

    static let fields: JSONObject = ["websiteURL": "https://a.test/", "websiteKey": "0x4A"]

    func submit(_ fields: JSONObject = fields, _ call: ScriptedCall) async throws -> SubmitResult {
        let task = TaskRequest(
            family: .turnstile, fields: fields, credential: GoldenRun.credential, secondsLeft: 60)
        return try await submit(task, call: call)
    }

    func poll(_ id: String = "17", _ family: TaskFamily = .turnstile, _ call: ScriptedCall) async throws -> PollResult {
        try await poll(Ticket(id: id, family: family, credential: GoldenRun.credential), call: call)
    }

    func report(_ family: TaskFamily, accepted: Bool, _ call: ScriptedCall) async throws {
        let ticket = Ticket(id: "17", family: family, credential: GoldenRun.credential)
        try await report(ticket, accepted: accepted, call: call)
    }
}

/// The kind of the fault that an operation throws; nil when it throws none.
func kind(_ operation: () async throws -> Void) async -> Fault.Kind? {
    do {
        try await operation()
        return nil
    } catch {
        return (error as? Fault)?.kind
    }
}
