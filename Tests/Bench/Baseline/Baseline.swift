import Foundation
import Hummingbird
import Logging
import NIOCore

/// What a createTask costs when nothing is done with it: Hummingbird's router, Codable both ways, a fixed answer. The
/// host's figures are given as ratios to this one, measured in the same run.
///
/// The first argument is the port, 0 by default; the port in use is printed once it listens.
@main
struct Baseline {
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 0
        let router = Router()
        router.post("createTask") { request, context -> Created in
            let body = try await request.decode(as: CreateTask.self, context: context)
            return Created(taskId: body.task.type.isEmpty ? "" : "550e8400-e29b-41d4-a716-446655440000")
        }
        var logger = Logger(label: "baseline")
        logger.logLevel = .error
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                FileHandle.standardOutput.write(Data("\(channel.localAddress?.port ?? 0)\n".utf8))
            },
            logger: logger)
        try await application.runService()
    }
}

/// The body of a createTask with an ALTCHA, as typed values.
struct CreateTask: Decodable {
    struct Task: Decodable {
        let type: String
        let websiteURL: String?
        let websiteKey: String?
        let challengeURL: String?
        let challengeJSON: String?
    }

    let clientKey: String
    let task: Task
}

struct Created: ResponseEncodable {
    var errorId = 0
    let taskId: String
    var status = "processing"
}
