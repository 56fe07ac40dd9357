import ProviderKit
import Synchronization

/// An adapter that does what the task tells it to.
struct TestAdapter: KeyValidating, BalanceReading, TaskSolving {
    static let manifest = Manifest(
        id: "test", displayName: "Test", version: "1", key: nil, offers: [Manifest.Offer(.altcha, listPrice: "0.001")])

    /// How many submits have begun, by the task's mark.
    static let begun = Mutex<[String: Int]>([:])

    struct Oddity: Error, CustomStringConvertible {
        var description: String { "an oddity" }
    }

    let settings: AdapterSettings

    init(settings: AdapterSettings) throws {
        switch settings.name {
        case "refused": throw Oddity()
        case "faulty": throw Fault(.unsupportedTask, "This endpoint cannot be.")
        case "mute": throw Fault(.unsupportedTask)
        default: self.settings = settings
        }
    }

    func validate(_ credential: Credential, call: any Call) async throws -> ValidKey {
        ValidKey(balance: Balance(amount: "1.5", otherMeans: credential.placeholder == "K"))
    }

    func balance(of credential: Credential, call: any Call) async throws -> Balance {
        call.log(.warning, "reading \(credential.placeholder)")
        return Balance(amount: "\(call.monotonicSeconds) \(call.unixMilliseconds)")
    }

    func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult {
        if let mark = task.fields["mark"]?.string { Self.begun.withLock { $0[mark, default: 0] += 1 } }
        switch task.fields["do"]?.string {
        case "fault": throw Fault(.unsolvable(charged: true), "gave up")
        case "httpFailure": throw HTTPFailure(.tls, sent: .no, "a bad certificate")
        case "cancellation": throw CancellationError()
        case "oddity": throw Oddity()
        case "settings":
            return .solved(Solution(["name": .string(settings.name), "endpoint": .string(settings.endpoint ?? "-")]))
        case "http":
            let request = HTTPRequest.post("https://vendor.example/x", json: .object(task.fields))
            let response = try await call.http(request)
            return .solved(
                Solution(["status": .number(JSONNumber(response.status)), "body": .string(response.header("x") ?? "-")])
            )
        case "sleep":
            await call.sleep(seconds: task.fields["seconds"]?.double ?? .nan)
            return .pending(id: "slept")
        case "wait":
            let (stream, ending) = AsyncStream.makeStream(of: Void.self)
            for await _ in stream {}
            ending.finish()
            throw CancellationError()
        default:
            return .pending(id: "\(task.family) \(task.secondsLeft) \(task.credential?.placeholder ?? "-")")
        }
    }
}
