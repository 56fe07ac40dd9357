import Foundation
import ProviderKit
import Synchronization
import TestSupport

/// The vendor of the example plug-ins on a port of loopback, as the examples suppose it to be.
///
/// A task with the site key `unsolvable` is given up; any other is solved at the second question.
final class ExampleVendor: Sendable {
    private struct State {
        var requests: [(path: String, body: JSONValue)] = []
        /// The site keys and the number of questions of the tasks, by ID.
        var tasks: [String: (siteKey: String, polls: Int)] = [:]
    }

    private let state = Mutex(State())
    private let peer: Mutex<NetworkPeer?> = Mutex(nil)

    /// - Parameter key: the only key that it knows.
    init(key: String) throws {
        let made = try NetworkPeer { [self] connection in
            while let request = connection.request() {
                let path = String(request.line.split(separator: " ").dropFirst().first ?? "")
                let body = (try? JSONValue(parsing: request.body)) ?? .null
                let answer = body["clientKey"]?.string == key ? answer(path, body) : ExampleVendor.unknownKey
                guard connection.respond(answer.bytes, headers: "Content-Type: application/json\r\n") else { return }
            }
        }
        peer.withLock { $0 = made }
    }

    var endpoint: String { peer.withLock { "\($0?.url ?? "")/v1" } }

    /// What was asked, in order.
    var requests: [(path: String, body: JSONValue)] { state.withLock { $0.requests } }

    func close() { peer.withLock { $0?.close() } }

    private static let unknownKey: JSONValue = [
        "errorId": 1, "errorCode": "ERROR_KEY_DOES_NOT_EXIST", "errorDescription": "Who are you?",
    ]

    private func answer(_ path: String, _ body: JSONValue) -> JSONValue {
        state.withLock { state in
            state.requests.append((path, body))
            switch path {
            case "/v1/getBalance": return ["errorId": 0, "balance": "12.5"]
            case "/v1/createTask":
                let id = 900_719_925_474_099_300 + Int64(state.tasks.count)
                state.tasks["\(id)"] = (body["task"]?["websiteKey"]?.string ?? "", 0)
                return ["errorId": 0, "taskId": .number(JSONNumber(id))]
            case "/v1/getTaskResult":
                guard let id = body["taskId"]?.string, let task = state.tasks[id] else {
                    return ["errorId": 1, "errorCode": "ERROR_NO_SUCH_TASK"]
                }
                state.tasks[id]?.polls += 1
                if task.polls == 0 { return ["errorId": 0, "status": "processing"] }
                if task.siteKey == "unsolvable" { return ["errorId": 1, "errorCode": "ERROR_CAPTCHA_UNSOLVABLE"] }
                return [
                    "errorId": 0, "status": "ready", "cost": "0.0012",
                    "solution": ["token": .string("solution of \(task.siteKey) \"é\"")],
                ]
            default: return ["errorId": 1, "errorCode": "ERROR_NO_SUCH_METHOD"]
            }
        }
    }
}
