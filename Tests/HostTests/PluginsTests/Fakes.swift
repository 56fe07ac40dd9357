import Domain
import Foundation
import Logging
import ProviderKit
import Synchronization
import TestSupport
import Testing

@testable import Plugins

/// HTTP that a test answers itself.
final class FakeHTTP: LentHTTP {
    typealias Completion = @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void

    struct Sent: Sendable {
        let request: HTTPRequest
        let transport: LentTransport
        let completion: Completion
    }

    private let state = Mutex((sent: [Sent](), cancels: 0))
    private let answer: (@Sendable (HTTPRequest) -> Result<HTTPResponse, HTTPFailure>)?

    /// - Parameter answer: answers at once, before `send` returns; nil leaves every exchange open.
    init(_ answer: (@Sendable (HTTPRequest) -> Result<HTTPResponse, HTTPFailure>)? = nil) {
        self.answer = answer
    }

    var sent: [Sent] { state.withLock { $0.sent } }
    var cancels: Int { state.withLock { $0.cancels } }

    func send(
        _ request: HTTPRequest, over transport: LentTransport, completion: @escaping Completion
    ) -> @Sendable () -> Void {
        state.withLock { $0.sent.append(Sent(request: request, transport: transport, completion: completion)) }
        if let answer { completion(answer(request)) }
        return { [self] in state.withLock { $0.cancels += 1 } }
    }
}

/// Collects what is written to a logger and which events are counted.
final class Witness: Sendable {
    private let state = Mutex((lines: [String](), events: [PluginEvent: Int]()))

    var lines: [String] { state.withLock { $0.lines } }
    func add(_ line: String) { state.withLock { $0.lines.append(line) } }
    func count(_ event: PluginEvent) -> Int { state.withLock { $0.events[event] ?? 0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(witness: self) }
        logger.logLevel = .trace
        return logger
    }

    func environment(http: any LentHTTP = FakeHTTP()) -> HostEnvironment {
        HostEnvironment(http: http, logger: logger) { event, _ in
            self.state.withLock { $0.events[event, default: 0] += 1 }
        }
    }

    private struct Handler: LogHandler {
        let witness: Witness
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            witness.add("\(event.level) \(metadata["adapter"].map { "\($0)" } ?? "-"): \(event.message)")
        }
    }
}

/// Keys by their placeholders.
struct FakeCredentials: CredentialSource {
    var known: [String: String]

    func withKey<Value, Failure: Error>(
        for placeholder: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value? {
        guard let key = known[placeholder] else { return nil }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: key.utf8.count, alignment: 1)
        defer { bytes.deallocate() }
        bytes.copyBytes(from: key.utf8)
        return try body(UnsafeRawBufferPointer(bytes))
    }

    var traces: KeyTraces {
        KeyTraces(known.values.map { key in Array(key.utf8).withUnsafeBytes { KeyTrace(of: $0) } })
    }
}

/// Waits for something that other threads bring about, by looking.
func eventually(
    _ what: Comment, within seconds: Double = patience, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () -> Bool
) {
    let end = Clocks.monotonicNanoseconds + UInt64(nanosecondsIn: seconds)
    while !condition() {
        guard Clocks.monotonicNanoseconds < end else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        sched_yield()
    }
}

/// A place of its own for the notes of a test.
func temporaryDirectory() -> String {
    let path = "\(PluginBuilder.directory)/\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
}

/// The sum of the bytes, as a stand-in for SHA-256: 32 bytes too, and cheap.
@Sendable func fakeDigest(_ descriptor: Int32) throws -> [UInt8] {
    let data = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).everything()
    var digest = [UInt8](repeating: 0, count: 32)
    for (index, byte) in data.enumerated() { digest[index % 32] &+= byte }
    return digest
}

extension PluginLoader {
    /// A loader of test plug-ins; `directory` as `PluginBuilder` returned it.
    static func test(_ directory: String, limits: PluginLimits = .quick) -> PluginLoader {
        PluginLoader(
            directory: directory, markers: LoadMarkers(directory: temporaryDirectory()), limits: limits,
            sha256OfFile: fakeDigest)
    }
}

extension PluginLimits {
    /// So that a test of something that hangs does not take long.
    static var quick: PluginLimits {
        var limits = PluginLimits()
        limits.loadSeconds = 5
        limits.returnMilliseconds = 60
        return limits
    }
}

/// An instance of a test plug-in, with a loader of its own.
func instance(
    _ plugin: String, _ witness: Witness = Witness(), http: any LentHTTP = FakeHTTP(), endpoint: String? = nil,
    credentials: any CredentialSource = NoCredentials(), limits: PluginLimits = .quick
) throws -> PluginInstance {
    let loader = PluginLoader.test(try PluginBuilder.build(plugin), limits: limits)
    return try loader.makeInstance(
        AdapterConfiguration(name: "test", plugin: plugin, endpoint: endpoint, credentials: credentials),
        environment: witness.environment(http: http))
}

/// A submit with these fields.
func submit(_ fields: JSONObject = [:], credential: String? = nil) -> OperationRequest {
    .submit(
        TaskRequest(
            family: .altcha, fields: fields, credential: credential.map(Credential.init(placeholder:)),
            secondsLeft: 60))
}

extension PluginInstance {
    /// Calls and waits for the result.
    func result(
        _ request: OperationRequest, deadlineSeconds: Double = patience,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> CallResult? {
        let outcome = Outcome<CallResult>()
        call(request, deadlineSeconds: deadlineSeconds) { outcome.set($0) }
        let result = outcome.wait(seconds: 30)
        if result == nil { Issue.record("The call was never completed.", sourceLocation: sourceLocation) }
        return result
    }

    /// The fields of the solution of a submit; nil when there is none.
    func solution(_ request: OperationRequest) -> JSONObject? {
        guard case .reply(.submitted(.solved(let solution))) = result(request)?.outcome else { return nil }
        return solution.fields
    }
}
