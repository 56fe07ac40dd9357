import Dispatch
import Foundation
@testable import Native
import ProviderKit
import Testing

/// What the host would lend: an HTTP answer that the test wrote, a clock that it set.
struct FakeCall: Call {
    var unixMilliseconds = Int64(Date().timeIntervalSince1970 * 1000)
    var answer: @Sendable (HTTPRequest) throws -> HTTPResponse = { _ in
        throw HTTPFailure(.refused, sent: .no, "no request was expected")
    }

    func http(_ request: HTTPRequest) async throws -> HTTPResponse { try answer(request) }
    func sleep(seconds: Double) async {}
    var monotonicSeconds: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
    func log(_ level: LogLevel, _ message: String) {}
}

/// What this build was asked to leave out.
enum Build {
    /// Built without the optional libraries. Where they are not installed, and this is not set, tests fail.
    static let isMinimal = ProcessInfo.processInfo.environment["UCAPTCHA_NATIVE_MINIMAL"] == "1"
}

extension WorkJob {
    convenience init(_ search: some Search, seconds: Double) {
        self.init(KeepingSearch(search), seconds: seconds)
    }
}

extension NativeAdapter {
    /// Solves a task with these fields and returns the solution.
    func solve(
        _ fields: JSONObject, family: TaskFamily = .altcha, call: FakeCall = FakeCall(), secondsLeft: Double = 60
    ) async throws -> Solution {
        let task = TaskRequest(family: family, fields: fields, credential: nil, secondsLeft: secondsLeft)
        guard case .solved(let solution) = try await submit(task, call: call) else {
            throw Fault(.protocolError, "left pending")
        }
        return solution
    }

    /// The fault that solving a task with these fields throws.
    func fault(
        _ fields: JSONObject, family: TaskFamily = .altcha, call: FakeCall = FakeCall(), secondsLeft: Double = 60,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> Fault? {
        await #expect(throws: Fault.self, sourceLocation: sourceLocation) {
            try await solve(fields, family: family, call: call, secondsLeft: secondsLeft)
        }
    }
}

/// A pool for one test, so that tests do not wait for each other's work.
func adapter(threads: Int = 2, openTasks: Int = 16) -> NativeAdapter {
    NativeAdapter(pool: WorkPool(threads: threads, openTasks: openTasks))
}

/// The JSON inside a solution's token.
func payload(_ solution: Solution) throws -> JSONValue {
    let token = try #require(solution.fields["token"]?.string)
    return try JSONValue(parsing: [UInt8](try #require(Data(base64Encoded: token))))
}
