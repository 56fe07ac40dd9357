public import CProviderABI
import Glibc
import ProviderKit

/// Puts a plug-in through every check. It runs the plug-in's code in this process: use a process that may die.
public struct ConformanceRun: Sendable {
    /// Seconds that a call may take until it is completed, when the vendor answers at once.
    public var callSeconds = 10.0
    /// Seconds within which a function of the plug-in has to return.
    public var returnSeconds = 2.0
    /// Calls that are made to see whether memory grows, and bytes that each may leave behind.
    public var memoryCalls = 3_000
    public var bytesPerCall = 4_096

    public init() {}

    /// Makes all checks, in order.
    ///
    /// - Parameters:
    ///   - table: what the plug-in's entry returned.
    ///   - emit: is told how it goes on, on this thread.
    /// - Returns: whether the plug-in passed.
    public func run(
        _ table: UnsafePointer<ucaptcha_plugin>, _ emit: @escaping (ConformanceEvent) -> Void
    ) -> Bool {
        let session = ConformanceSession(self, emit)
        session.check(.manifest) { session.manifest(table) }
        session.check(.abilities) { session.abilities(table) }
        session.check(.creation) { session.creation(table) }
        session.check(.faults) { session.faults() }
        session.check(.junk) { session.junk() }
        session.check(.size) { session.size() }
        session.check(.tasks) { session.tasks() }
        session.check(.cancellation) { session.cancellation() }
        session.check(.concurrency) { session.concurrency() }
        session.check(.memory) { session.memory() }
        session.check(.requests) { session.requests() }
        session.check(.once) { session.once() }
        session.check(.returning) { session.returning() }
        emit(.finished)
        return session.passed
    }
}

/// One run: what the checks share.
final class ConformanceSession {
    let limits: ConformanceRun
    private let emit: (ConformanceEvent) -> Void
    private(set) var passed = true
    private var problems: [String] = []
    private var skipped: String?
    /// Set by the first checks; without them the rest does not apply.
    var known: Manifest?
    var subject: Subject?
    private(set) var isStuck = false

    init(_ limits: ConformanceRun, _ emit: @escaping (ConformanceEvent) -> Void) {
        self.limits = limits
        self.emit = emit
    }

    func check(_ check: ConformanceCheck, _ body: () -> Void) {
        problems = []
        skipped = nil
        emit(.began(check))
        body()
        if check == .manifest, let known { emit(.plugin(id: known.id, version: known.version)) }
        // The same thing said of a hundred scripts helps nobody.
        let shown = problems.count > 8 ? problems.prefix(8) + ["... and \(problems.count - 8) more."] : problems[...]
        emit(.ended(ConformanceResult(check, problems: Array(shown), skipped: skipped)))
        if !problems.isEmpty { passed = false }
    }

    func fail(_ sentence: String) { problems.append(sentence) }
    func skip(_ sentence: String) { skipped = sentence }
    func step(_ text: String) { emit(.step(text)) }

    /// The plug-in under test, for checks that need one which completes its calls.
    func working() -> Subject? {
        if isStuck {
            skip("An earlier check has shown that calls are not completed.")
        } else if subject == nil {
            skip("There is no instance.")
        } else if subject?.starts.isEmpty == true {
            skip("The plug-in has no operation.")
        } else {
            return subject
        }
        return nil
    }

    /// A call is not completed. To wait for more of them would take hours.
    func notCompleted(_ subject: Subject, _ what: String) {
        isStuck = true
        if let function = subject.host.blocked(seconds: limits.returnSeconds) {
            fail("\(what): \(function) does not return.")
        } else {
            fail("\(what): the call is not completed within \(limits.callSeconds) seconds.")
        }
    }

    /// Makes a call with one script and returns its reply, read by the contract. What is wrong with it is noted.
    func reply(
        _ subject: Subject, _ request: OperationRequest, _ vendor: String, _ script: @escaping ScriptedHost.Script
    ) -> (reply: OperationReply, record: ScriptedHost.Record)? {
        let what = "\(request.operation.rawValue), when the vendor \(vendor)"
        guard !isStuck else { return nil }
        step(what)
        guard let record = subject.begin(request, script) else { return nil }
        guard let bytes = subject.host.waitForReply(record, seconds: limits.callSeconds) else {
            notCompleted(subject, what)
            return nil
        }
        guard subject.host.gate.locked({ record.tooLarge }) == 0 else {
            fail("\(what): the reply is larger than \(ScriptedHost.largestMessage) bytes.")
            return nil
        }
        do {
            return (try OperationReply(to: request.operation, parsing: bytes), record)
        } catch {
            fail("\(what): the reply is not of the contract: \(error).")
            return nil
        }
    }
}
