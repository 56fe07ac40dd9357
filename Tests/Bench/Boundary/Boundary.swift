import Dispatch
import Foundation
import Logging
import Plugins
import ProviderKit

/// What one call over the plug-in boundary costs when the adapter costs nothing: in the host's process and in a process
/// of its own. One call at a time.
///
///     bench-boundary FOLDER PROGRAM CALLS
///
/// FOLDER has `instant.so`, PROGRAM is `ucaptcha`.
@main
struct Boundary {
    static func main() throws {
        let words = CommandLine.arguments
        guard words.count == 4, let calls = Int(words[3]), calls > 0 else {
            throw Failure(description: "bench-boundary FOLDER PROGRAM CALLS")
        }
        let notes = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: notes) }
        let loader = PluginLoader(
            directory: words[1], markers: LoadMarkers(directory: notes),
            program: AdapterProgram(path: words[2], subcommand: AdapterProgram.own.subcommand),
            sha256OfFile: { _ in [] })
        let environment = HostEnvironment(http: NoHTTP(), logger: Logger(label: "bench"))
        for isIsolated in [false, true] {
            let instance = try loader.makeInstance(
                AdapterConfiguration(name: "bench", plugin: "instant", isIsolated: isIsolated),
                environment: environment)
            _ = samples(instance, calls / 10)
            let sorted = samples(instance, calls).sorted()
            let (middle, late) = (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
            let line = "\(isIsolated ? "process" : "none") \(text(middle)) \(text(late))\n"
            FileHandle.standardOutput.write(Data(line.utf8))
        }
    }

    /// Microseconds of so many calls, one after the other.
    private static func samples(_ instance: PluginInstance, _ count: Int) -> [Double] {
        let task = TaskRequest(
            family: .altcha, fields: ["websiteURL": "https://example.com/", "challengeJSON": "{}"], credential: nil,
            secondsLeft: 60)
        let answered = DispatchSemaphore(value: 0)
        return (0..<count).map { _ in
            let began = DispatchTime.now().uptimeNanoseconds
            instance.call(.submit(task), deadlineSeconds: 60) { _ in answered.signal() }
            answered.wait()
            return Double(DispatchTime.now().uptimeNanoseconds - began) / 1000
        }
    }

    private static func text(_ microseconds: Double) -> String { String(format: "%.1f", microseconds) }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}

/// HTTP for an adapter that sends nothing.
private struct NoHTTP: LentHTTP {
    func send(
        _ request: HTTPRequest, over transport: LentTransport,
        completion: @escaping @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void
    ) -> @Sendable () -> Void {
        completion(.failure(HTTPFailure(.refused, sent: .no, "Nothing is sent here.")))
        return {}
    }
}
