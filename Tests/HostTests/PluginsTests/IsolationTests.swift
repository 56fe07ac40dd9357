import Domain
import Foundation
import Glibc
import ProviderKit
import Synchronization
import TestSupport
import Testing

@testable import Plugins

extension PluginLimits {
    /// So that a test of a process that is ended does not take long.
    static var isolated: PluginLimits {
        var limits = PluginLimits()
        limits.memoryBytes = 256 * 1024 * 1024
        limits.watchSeconds = 0.02
        limits.returnMilliseconds = 1_000
        limits.answerSeconds = 1
        limits.restartSeconds = 0.05
        return limits
    }
}

/// An instance of a test plug-in in a process of its own.
func isolated(
    _ plugin: String, _ witness: Witness = Witness(), http: any LentHTTP = FakeHTTP(), endpoint: String? = nil,
    credentials: any CredentialSource = NoCredentials(), limits: PluginLimits = PluginLimits(), name: String = "test"
) throws -> PluginInstance {
    let loader = PluginLoader(
        directory: try PluginBuilder.build(plugin), markers: LoadMarkers(directory: temporaryDirectory()),
        limits: limits,
        program: AdapterProgram(path: Repository.build.path + "/ucaptcha", subcommand: "adapter-process"),
        sha256OfFile: fakeDigest)
    return try loader.makeInstance(
        AdapterConfiguration(
            name: name, plugin: plugin, endpoint: endpoint, credentials: credentials, isIsolated: true),
        environment: witness.environment(http: http))
}

private func task(_ words: String) -> OperationRequest { submit(["mode": .string(words)]) }

@Suite("An adapter in a process of its own")
struct IsolatedCallTests {
    @Test("All operations go to the process and come back")
    func operations() throws {
        let instance = try isolated("good")
        let ticket = Ticket(id: "p-1", family: .altcha, credential: nil)
        let key = Credential(placeholder: Placeholder.text([1]))
        let solution = Solution(["token": "good"], cost: "0.001")
        #expect(instance.manifest.id == "good")
        #expect(instance.result(submit())?.outcome == .reply(.submitted(.solved(solution))))
        #expect(instance.result(submit(["mode": "pending"]))?.outcome == .reply(.submitted(.pending(id: "p-1"))))
        #expect(instance.result(.poll(ticket))?.outcome == .reply(.polled(.solved(Solution(["token": "t"])))))
        #expect(instance.result(.validate(key))?.outcome == .reply(.valid(ValidKey())))
        #expect(instance.result(.balance(key))?.outcome == .reply(.balance(Balance(amount: "12.5"))))
        #expect(instance.result(.report(ticket, accepted: true))?.outcome == .reply(.reported))
        #expect(instance.health.openCalls == 0)
        #expect(instance.health.process?.pid != nil)
    }

    @Test("Operations that the plug-in does not have are known without asking it")
    func noOperation() throws {
        #expect(try !isolated("instant").serves(.balance))
    }

    @Test("The process has another number, no variable that could be a secret, no descriptor of the host, no core")
    func scrubbed() throws {
        setenv("UCAPTCHA_TEST_SECRET", "secret", 1)
        // One that a program would inherit.
        let open = fcntl(0, F_DUPFD, 200)
        defer { close(open) }
        let seen = try #require(try isolated("fragile").solution(task("tell")))
        #expect(seen["pid"]?.integer != Int64(getpid()))
        let variables = Set(seen["variables"]?.array?.compactMap(\.string) ?? ["?"])
        // Written down here once more, so that a name that is added there is noticed.
        let harmless = ["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "SWIFT_BACKTRACE"]
        #expect(variables.isSubset(of: Set(harmless)), "\(variables)")
        #expect(Set(AdapterProgram.inherited + ["SWIFT_BACKTRACE"]) == Set(harmless))
        let descriptors = Set(seen["descriptors"]?.array?.compactMap(\.integer) ?? [])
        #expect(open >= 200 && descriptors.isSuperset(of: [0, 1, 2, 3]), "\(descriptors)")
        // The runtime of the program itself has a few, with the numbers after those that it was given.
        #expect(descriptors.allSatisfy { $0 < 20 }, "\(descriptors)")
        // What a plug-in starts in its turn does not get the connection to the host.
        #expect(seen["inherited"] == [0, 1, 2], "\(seen["inherited"]?.text ?? "")")
        #expect(seen["core"]?.integer == 0)
    }

    @Test("HTTP is lent to it by the host, which fills in the key that the process never sees")
    func lentHTTP() throws {
        let placeholder = Placeholder.text([7])
        let http = FakeHTTP { _ in .success(HTTPResponse(status: 200, body: Array("the key is KEY-KEY".utf8))) }
        let instance = try isolated("asks", http: http, credentials: FakeCredentials(known: [placeholder: "KEY-KEY"]))
        let request: JSONValue = [
            "method": "GET", "url": .string("https://api.asks.example/?key=\(placeholder)"), "headers": [],
        ]
        let solved = instance.solution(submit(["http": request], credential: placeholder))
        #expect(http.sent.first?.request.url == "https://api.asks.example/?key=KEY-KEY")
        #expect(solved?["reply"]?["body"] == .string("the key is \(placeholder)"))
    }

    @Test("A request to an origin that is not declared is refused by the host")
    func undeclared() throws {
        let request: JSONValue = ["method": "GET", "url": "https://elsewhere.example/", "headers": []]
        let solved = try isolated("asks").solution(submit(["http": request]))
        #expect(solved?["reply"]?["failure"]?["kind"] == "refused")
    }

    @Test("Waits are over when they are, and when their call has ended")
    func waits() throws {
        let witness = Witness()
        let instance = try isolated("waits", witness)
        let waited = instance.solution(submit(["milliseconds": 30]))?["waited"]?.integer ?? 0
        #expect(waited >= 30)
        #expect(instance.solution(submit(["milliseconds": 600_000, "leave": true])) != nil)
        eventually("the wait of the ended call is over") { witness.lines.contains("info test: fired") }
    }

    @Test("A call that is given up is cancelled in the process, and its late answer is counted")
    func cancelled() throws {
        let witness = Witness()
        let instance = try isolated("completes_later", witness)
        let outcome = Outcome<CallResult>()
        let id = instance.call(submit(["mode": "hold"]), deadlineSeconds: patience) { outcome.set($0) }
        eventually("the plug-in has the call") { witness.lines.contains("info test: holding") }
        instance.cancel(id)
        #expect(outcome.wait(seconds: patience) == CallResult(outcome: .failure(.abandoned), sent: .no))
        eventually("the late answer was counted") { witness.count(.lateCompletion) == 1 }
    }

    @Test(
        "A reply that is no reply, or too large a one, is the adapter's protocol error", arguments: ["wrong", "huge"])
    func malformed(mode: String) throws {
        let witness = Witness()
        let result = try isolated("completes_later", witness).result(submit(["mode": .string(mode)]))
        guard case .reply(.fault(let fault)) = result?.outcome else {
            Issue.record("no fault")
            return
        }
        #expect(fault.kind == .protocolError)
        #expect(witness.count(.malformedReply) == 1)
    }

    @Test("What the process prints is in the host's log, line by line, with the adapter's name")
    func prints() throws {
        let witness = Witness()
        let instance = try isolated("fragile", witness)
        #expect(instance.result(task("print chat"))?.outcome == .reply(.submitted(.pending(id: "p-1"))))
        eventually("both lines are there") {
            witness.lines.contains("warning test: first line") && witness.lines.contains("warning test: second line")
        }
        eventually("so is what it logs") { witness.lines.count { $0 == "info test: a line" } == 30 }
    }

    @Test("Many calls at once, with answers, cancels and deadlines racing: each is completed exactly once")
    func races() throws {
        let instance = try isolated("completes_later")
        let count = 1_000
        let completions = Mutex<[Int: Int]>([:])
        for index in 0..<count {
            let mode: JSONValue = index % 2 == 0 ? "thread" : "hold"
            let id = instance.call(
                submit(["mode": mode]), deadlineSeconds: Double(index % 7) * 0.000_5
            ) { _ in completions.withLock { $0[index, default: 0] += 1 } }
            if index % 3 == 0 { instance.cancel(id) }
        }
        eventually("all calls are completed") { completions.withLock { $0.count } == count }
        eventually("nothing is left") { instance.health.openCalls + instance.health.abandonedCalls == 0 }
        #expect(completions.withLock { $0.values.allSatisfy { $0 == 1 } })
        #expect(instance.health.process?.lastEnd == nil)
    }
}

@Suite("An adapter's process that ends", .serialized)
struct IsolatedEndTests {
    /// Solves one task after a crash: the process is back.
    private func isBack(_ instance: PluginInstance, sourceLocation: SourceLocation = #_sourceLocation) {
        eventually("the adapter works again", sourceLocation: sourceLocation) {
            instance.result(task("plain"), deadlineSeconds: 30)?.outcome == .reply(.submitted(.pending(id: "p-1")))
        }
    }

    @Test(
        "takes the calls it had with it, is named with the reason, and is back at once",
        arguments: [
            ("segv", "signal 11", PluginEvent.crashedProcess), ("abort", "signal 6", .crashedProcess),
            ("exit", "status 3", .crashedProcess), ("fork", "signal 11", .crashedProcess),
            ("apart", "signal 11", .crashedProcess),
            ("hang", "did not return", .hungProcess),
            ("stop", "no sign of life", .hungProcess), ("leak", "MiB of memory", .greedyProcess),
        ])
    func ends(how: String, words: String, event: PluginEvent) throws {
        let witness = Witness()
        let instance = try isolated("fragile", witness, limits: .isolated)
        let first = instance.health.process?.pid
        #expect(instance.result(task(how)) == CallResult(outcome: .failure(.crashed), sent: .no))
        isBack(instance)
        let health = try #require(instance.health.process)
        #expect(health.pid != first && health.pid != nil)
        #expect(health.ends == 1)
        #expect(health.lastEnd?.contains(words) == true, "\(health)")
        #expect(witness.count(event) == 1)
        #expect(witness.lines.contains { $0.hasPrefix("error test:") && $0.contains("fragile.so") }, "\(witness.lines)")
    }

    @Test("Calls that were not answered end as crashed, those that wait in the host go to the next process")
    func inFlight() throws {
        let instance = try isolated("fragile", limits: .isolated)
        let kept = Outcome<CallResult>()
        instance.call(task("keep"), deadlineSeconds: patience) { kept.set($0) }
        let crashed = Outcome<CallResult>()
        instance.call(task("segv"), deadlineSeconds: patience) { crashed.set($0) }
        #expect(crashed.wait(seconds: patience)?.outcome == .failure(.crashed))
        #expect(kept.wait(seconds: patience)?.outcome == .failure(.crashed))
        // The first restart is at once, so that these wait for it instead of being refused.
        for _ in 0..<20 {
            #expect(instance.result(task("plain"))?.outcome == .reply(.submitted(.pending(id: "p-1"))))
        }
    }

    @Test("A request that is under way when the process ends may have reached its peer")
    func sent() throws {
        let witness = Witness()
        let http = FakeHTTP()
        let instance = try isolated("asks", witness, http: http)
        let request: JSONValue = ["method": "GET", "url": "https://api.asks.example/", "headers": []]
        let outcome = Outcome<CallResult>()
        instance.call(submit(["http": request]), deadlineSeconds: patience) { outcome.set($0) }
        eventually("the request is under way") { http.sent.count == 1 }
        kill(try #require(instance.health.process?.pid), SIGKILL)
        #expect(outcome.wait(seconds: patience) == CallResult(outcome: .failure(.crashed), sent: .maybe))
        eventually("the request is given up") { http.cancels == 1 }
    }

    @Test("Ends in a row make longer and longer pauses, in which calls are refused without being begun")
    func backsOff() throws {
        var limits = PluginLimits.isolated
        limits.restartSeconds = 3600
        limits.longestRestartSeconds = 3600
        let instance = try isolated("fragile", limits: limits)
        for _ in 0..<2 { #expect(instance.result(task("segv"))?.outcome == .failure(.crashed)) }
        #expect(instance.result(task("plain")) == CallResult(outcome: .failure(.restarting), sent: .no))
        let health = try #require(instance.health.process)
        #expect(health.pid == nil && (health.restartsInSeconds ?? 0) > 3000)
    }

    @Test("Calls given up and never completed end the process when nobody else waits for it")
    func owes() throws {
        var limits = PluginLimits.isolated
        limits.idleSeconds = 0.1
        let witness = Witness()
        let instance = try isolated("fragile", witness, limits: limits)
        #expect(instance.result(task("keep"), deadlineSeconds: 0.05)?.outcome == .failure(.overdue))
        eventually("the process was ended") { witness.count(.hungProcess) == 1 }
        isBack(instance)
        #expect(instance.health.abandonedCalls == 0)
        #expect(instance.health.process?.lastEnd?.contains("given up") == true)
    }

    @Test("A processor kept busy with no call open ends the process")
    func busy() throws {
        var limits = PluginLimits.isolated
        limits.idleSeconds = 0.2
        let witness = Witness()
        let instance = try isolated("fragile", witness, limits: limits)
        #expect(instance.result(task("spin")) != nil)
        eventually("the process was ended") { witness.count(.hungProcess) == 1 }
        isBack(instance)
        #expect(instance.health.process?.lastEnd?.contains("busy") == true)
    }

    @Test("A process that computes with much memory steps back behind all others, and one with little does not")
    func stepsBack() throws {
        let greedy = try isolated("fragile", limits: .isolated)
        let modest = try isolated("fragile", limits: .isolated)
        #expect(greedy.result(task("hoard")) != nil && modest.result(task("spin")) != nil)
        // The one that answers the host is spared.
        eventually("every thread but one has stepped back") {
            let others = (try? niceness(of: greedy))?.filter { $0 != Limits.isolatedGreedyNiceness }
            return others == [Limits.isolatedNiceness]
        }
        #expect(try !niceness(of: modest).contains(Limits.isolatedGreedyNiceness))
        for instance in [greedy, modest] {
            #expect(instance.result(task("plain"))?.outcome == .reply(.submitted(.pending(id: "p-1"))))
            #expect(instance.health.process?.ends == 0)
        }
    }

    /// How nice the threads of an adapter's process are, as the system tells it.
    private func niceness(of instance: PluginInstance) throws -> [Int] {
        let folder = "/proc/\(try #require(instance.health.process?.pid))/task"
        let threads = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try threads.map { thread in
            let line = try String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8)
            // The name, in parentheses, may hold spaces; what follows it begins with the third field.
            let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
            return try #require(Int(fields[17]))
        }
    }

    @Test("A plug-in that is refused, crashes or hangs while it is loaded is refused, and no process is left")
    func refused() throws {
        let name = "refused"
        #expect(throws: PluginRefusal.self) { try isolated("bad_manifest", name: name) }
        let refusals: [(String, String)] = [
            ("wrong_abi", "version"), ("no_table", "table"), ("refuses_settings", "settings"),
            ("crash_on_load", "signal"), ("exits_on_load", "exited"), ("bad_origin", "origin"),
        ]
        for (plugin, words) in refusals {
            do {
                _ = try isolated(plugin, limits: .isolated, name: name)
                Issue.record("\(plugin) was loaded")
            } catch let refusal as PluginRefusal {
                #expect(refusal.description.contains(words), "\(plugin): \(refusal)")
            }
        }
        var limits = PluginLimits.isolated
        limits.loadSeconds = 0.5
        do {
            _ = try isolated("hangs_on_load", limits: limits, name: name)
            Issue.record("it was loaded")
        } catch let refusal as PluginRefusal {
            #expect(refusal.description.contains("did not return") || refusal.description.contains("not ready"))
            #expect(!refusal.needsNewProcess)
        }
        eventually("no process is left") { processes(named: name) == [] }
        let used = try isolated("fragile", name: name)
        #expect(
            processes(named: name) == [used.health.process?.pid].compactMap(\.self), "looking finds those there are")
    }

    /// The processes of the adapter of this name that were started here.
    private func processes(named name: String) -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { pid in
            // The number of the parent is the second field behind the name, which is in parentheses.
            let line = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
            let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
            guard fields.count > 2, Int32(fields[2]) == getpid() else { return false }
            let words = (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? ""
            return words.split(separator: "\0").last.map(String.init) == name
        }
    }
}
