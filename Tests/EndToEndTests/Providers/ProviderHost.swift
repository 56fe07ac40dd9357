import Foundation
import ProviderKit
import TestSupport

/// A host whose providers are the simulator's vendors, with the bundled plug-ins and an account.
final class ProviderHost {
    let host: HostProcess
    let account: Int64
    let calls: LoopbackHTTP
    let key: String
    private let folder: TemporaryFolder

    /// An instance of a bundled plug-in.
    struct Instance {
        var name: String
        var plugin: String
        var key = SimulatorProcess.key
        /// The value of `prices`.
        var prices: String
    }

    /// Starts it and waits until it takes requests.
    ///
    /// - Parameter prepare: what has to be done before the start.
    init(
        _ simulator: SimulatorProcess, _ instances: [Instance], deadlineSeconds: Int = 120, extra: String = "",
        prepare: (HostProcess) throws -> Void = { _ in }
    ) async throws {
        folder = try TemporaryFolder()
        let lines = instances.map { instance in
            """
              \(instance.name):
                enabled: true
                plugin: \(instance.plugin)
                endpoint: \(simulator.address(of: instance.plugin))
                keys: ["file:key-\(instance.name)"]
                prices: \(instance.prices)
            """ + (instance.plugin == "multibot" ? "\n    unitValue: 0.001" : "")
        }
        host = try HostProcess(
            in: folder.url, adapters: lines.joined(separator: "\n"),
            extra: "tasks:\n  deadlineSeconds: \(deadlineSeconds)\n\(extra)")
        for instance in instances { try folder.write(instance.key + "\n", to: "key-\(instance.name)") }
        for plugin in Set(instances.map(\.plugin)) {
            try FileManager.default.copyItem(
                at: Repository.build.appending(path: "lib\(plugin).so"),
                to: host.plugins.appending(path: "\(plugin).so"))
        }
        (account, key) = try host.makeAccount(deposit: "50")
        try prepare(host)
        try await host.start()
        calls = try LoopbackHTTP(port: host.port)
    }

    /// Asks for a task, of one provider or of any.
    ///
    /// - Returns: what createTask answered.
    func create(_ task: JSONObject, at provider: String?) throws -> JSONValue {
        var body: JSONObject = ["clientKey": .string(key), "task": .object(task)]
        if let provider { body["provider"] = .string(provider) }
        return try calls.post("/ucaptcha/createTask", .object(body)).json
    }

    /// What has become of a task.
    func result(_ id: JSONValue) throws -> JSONValue {
        try calls.post("/ucaptcha/getTaskResult", ["clientKey": .string(key), "taskId": id]).json
    }

    /// Has a task solved and waits for what becomes of it.
    func outcome(_ task: JSONObject, at provider: String?) async throws -> JSONValue {
        try await outcomes([(task, provider)])[0]
    }

    /// Has tasks solved side by side and waits for what becomes of each, in order.
    func outcomes(_ wanted: [(task: JSONObject, provider: String?)]) async throws -> [JSONValue] {
        let taken = try wanted.map { try create($0.task, at: $0.provider) }
        // By place. A task that was refused has no ID, and its refusal is what became of it.
        var outcomes: [Int: JSONValue] = [:]
        for (place, answer) in taken.enumerated() where answer["taskId"] == nil { outcomes[place] = answer }
        try await eventually("all \(wanted.count) tasks have ended") {
            for (place, answer) in taken.enumerated() where !outcomes.keys.contains(place) {
                let result = try result(answer["taskId"] ?? 0)
                if result["status"] != "processing" { outcomes[place] = result }
            }
            return outcomes.count == taken.count
        }
        return taken.indices.compactMap { outcomes[$0] }
    }

    /// What is left on the account, in USD.
    var balance: String? { get throws { try host.account(account)["balance"]?.string } }
}
