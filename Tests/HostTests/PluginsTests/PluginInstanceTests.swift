import Glibc
import ProviderKit
import Synchronization
import TestSupport
import Testing

@testable import Plugins

@Suite("Calls of adapters")
struct PluginInstanceTests {
    @Test("All operations cross the boundary and come back")
    func operations() throws {
        let instance = try instance("good")
        let ticket = Ticket(id: "p-1", family: .altcha, credential: nil)
        let key = Credential(placeholder: Placeholder.text([1]))
        let solution = Solution(["token": "good"], cost: "0.001")
        #expect(instance.result(submit())?.outcome == .reply(.submitted(.solved(solution))))
        #expect(instance.result(submit(["mode": "pending"]))?.outcome == .reply(.submitted(.pending(id: "p-1"))))
        #expect(instance.result(.poll(ticket))?.outcome == .reply(.polled(.solved(Solution(["token": "t"])))))
        #expect(instance.result(.validate(key))?.outcome == .reply(.valid(ValidKey())))
        #expect(instance.result(.balance(key))?.outcome == .reply(.balance(Balance(amount: "12.5"))))
        #expect(instance.result(.report(ticket, accepted: true))?.outcome == .reply(.reported))
        #expect(instance.health == .init(isBlocked: false, blockedThreads: 0, openCalls: 0, abandonedCalls: 0))
    }

    @Test("A fault arrives with its members, its message on one line, and nothing was sent")
    func fault() throws {
        let result = try instance("good").result(submit(["mode": "fault"]))
        #expect(result?.outcome == .reply(.fault(Fault(.rateLimited(.key, retryAfterSeconds: 2), "slow down"))))
        #expect(result?.sent == .no)
    }

    @Test("An operation that the adapter does not have is answered without it")
    func noOperation() throws {
        let instance = try instance("instant")
        #expect(!instance.serves(.balance))
        let result = instance.result(.balance(Credential(placeholder: "x")))
        guard case .reply(.fault(let fault)) = result?.outcome else {
            Issue.record("no fault")
            return
        }
        #expect(fault.kind == .protocolError && fault.message.contains("balance"))
    }

    @Test("No two calls of a process share a number, whatever instance and thread they are made by")
    func callIDs() throws {
        let instances = [try instance("instant"), try instance("stalls")]
        let numbers = Mutex<[UInt64]>([])
        let left = Atomic<Int>(4)
        let done = Outcome<Bool>()
        for thread in 0..<4 {
            let started = OSThread.start(named: "test") {
                for _ in 0..<500 {
                    let id = instances[thread % 2].call(submit(), deadlineSeconds: patience) { _ in }
                    numbers.withLock { $0.append(id.number) }
                }
                if left.subtract(1, ordering: .relaxed).newValue == 0 { done.set(true) }
            }
            #expect(started)
        }
        #expect(done.wait(seconds: patience) == true)
        #expect(Set(numbers.withLock { $0 }).count == 2_000)
    }

    @Test("A second completion, and one of a call that never was, are counted and change nothing")
    func completesTwice() throws {
        let witness = Witness()
        let instance = try instance("completes_twice", witness)
        for _ in 0..<20 {
            #expect(instance.result(submit())?.outcome == .reply(.submitted(.solved(Solution(["token": "t"])))))
        }
        eventually("all strays are counted") { witness.count(.strayCompletion) == 40 }
        #expect(instance.health.openCalls == 0)
    }

    @Test("A completion on a thread of the plug-in counts, and the request lives until then")
    func otherThread() throws {
        let instance = try instance("completes_later")
        for round in 0..<50 {
            let text = "round-\(round)"
            #expect(instance.solution(submit(["mode": "thread", "echo": .string(text)]))?["token"] == .string(text))
        }
    }

    @Test(
        "A reply that is no reply, or too large a one, is the adapter's protocol error", arguments: ["wrong", "huge"])
    func malformed(mode: String) throws {
        let witness = Witness()
        let result = try instance("completes_later", witness).result(submit(["mode": .string(mode)]))
        guard case .reply(.fault(let fault)) = result?.outcome else {
            Issue.record("no fault")
            return
        }
        #expect(fault.kind == .protocolError)
        #expect(witness.count(.malformedReply) == 1)
    }

    @Test("An overdue call ends for the host, the adapter is told, and its late answer is counted and ignored")
    func overdue() throws {
        let witness = Witness()
        let instance = try instance("completes_later", witness)
        let result = instance.result(submit(["mode": "hold"]), deadlineSeconds: 0.05)
        #expect(result == CallResult(outcome: .failure(.overdue), sent: .no))
        eventually("the plug-in was told to cancel") { witness.lines.contains("info test: cancelled") }
        eventually("the late answer was counted") { witness.count(.lateCompletion) == 1 }
        #expect(witness.count(.abandonedCall) == 1)
        #expect(instance.health.abandonedCalls == 0)
    }

    @Test("A call that is given up ends at once, exactly once, however often it is cancelled")
    func cancelled() throws {
        let witness = Witness()
        let instance = try instance("completes_later", witness)
        let results = Mutex<[CallResult]>([])
        let id = instance.call(submit(["mode": "hold"]), deadlineSeconds: patience) { result in
            results.withLock { $0.append(result) }
        }
        eventually("the plug-in has the call") { witness.lines.contains("info test: holding") }
        instance.cancel(id)
        instance.cancel(id)
        #expect(results.withLock { $0 } == [CallResult(outcome: .failure(.abandoned), sent: .no)])
        eventually("the late answer was counted") { witness.count(.lateCompletion) == 1 }
        instance.cancel(id)
        #expect(results.withLock { $0.count } == 1)
    }

    @Test("Answer, cancel and deadline may race: every call is completed exactly once")
    func races() throws {
        let instance = try instance("completes_later")
        let count = 2_000
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
    }

    private func answersLate(_ limits: PluginLimits, _ witness: Witness) throws -> PluginInstance {
        try instance("completes_later", witness, limits: limits)
    }

    @Test("Calls that were abandoned and never completed count: beyond the bound calls are refused at once")
    func overloaded() throws {
        var limits = PluginLimits.quick
        limits.calls = 5
        let witness = Witness()
        let neverCompletes = submit(["mode": "hold", "http": [:]])
        let instance = try instance("asks", witness, limits: limits)
        for round in 1...5 {
            let id = instance.call(neverCompletes, deadlineSeconds: 60) { _ in }
            // The plug-in says so when its empty request has been refused: it has the call.
            eventually("the plug-in has the call") {
                witness.lines.filter { $0.contains("done: ") }.count == round
            }
            instance.cancel(id)
        }
        #expect(instance.health.abandonedCalls == 5)
        #expect(instance.result(neverCompletes) == CallResult(outcome: .failure(.overloaded), sent: .no))
        #expect(witness.count(.refusedCall) == 1)
        let other = try answersLate(limits, witness)
        for _ in 0..<20 {
            #expect(other.result(submit(["mode": "hold"]), deadlineSeconds: 0.02)?.outcome == .failure(.overdue))
            eventually("the late answer makes room") { other.health.abandonedCalls == 0 }
        }
    }
}

@Suite("Threads that hang in a plug-in")
struct BlockedThreadTests {
    private let release = OperationRequest.poll(Ticket(id: "release", family: .altcha, credential: nil))

    @Test("A start that does not return costs its thread, and the calls behind it go on with another")
    func goesOn() throws {
        let witness = Witness()
        let instance = try instance("blocks_for_ever", witness)
        instance.call(submit(), deadlineSeconds: patience) { _ in }
        #expect(instance.solution(submit(["mode": "solve"])) != nil)
        #expect(witness.count(.blockedThread) == 1)
        #expect(instance.health.blockedThreads == 1)
        let warning = witness.lines.first { $0.hasPrefix("warning test") }
        #expect(warning?.contains("blocks_for_ever.so") == true)
        _ = instance.result(release)
    }

    @Test(
        "With too many threads blocked calls are refused at once, those that wait included; it heals when they return")
    func blocked() throws {
        let witness = Witness()
        var limits = PluginLimits.quick
        limits.blockedThreads = 2
        // A copy, because the instances of one file let each other's threads go, those of other tests too.
        let directory = try PluginBuilder.copies(of: "blocks_for_ever")
        func make(_ name: String) throws -> PluginInstance {
            try PluginLoader.test(directory, limits: limits).makeInstance(
                AdapterConfiguration(name: name, plugin: "blocks_for_ever"), environment: witness.environment())
        }
        let instance = try make("test")
        let hung = Mutex<[CallResult]>([])
        for _ in 0..<2 { instance.call(submit(), deadlineSeconds: 1) { result in hung.withLock { $0.append(result) } } }
        let waiting = instance.result(submit(["mode": "solve"]))
        #expect(waiting == CallResult(outcome: .failure(.blocked), sent: .no))
        #expect(instance.result(submit())?.outcome == .failure(.blocked))
        #expect(instance.health.isBlocked)
        eventually("the hung calls are overdue") { hung.withLock { $0.count } == 2 }
        #expect(hung.withLock { $0.map(\.outcome) } == [.failure(.overdue), .failure(.overdue)])
        #expect(witness.lines.contains { $0.hasPrefix("error test") && $0.contains("blocked") })
        let other = try make("other")
        _ = other.result(release)
        _ = other.result(release)
        eventually("the threads have come back") { instance.health.blockedThreads == 0 }
        #expect(instance.solution(submit(["mode": "solve"])) != nil)
    }

    @Test(
        "What blocks in a call back or in cancel keeps no call from being made", arguments: ["done", "fire", "cancel"])
    func elsewhere(mode: String) throws {
        let witness = Witness()
        let instance = try instance("blocks_elsewhere", witness)
        let result = instance.result(submit(["mode": .string(mode)]), deadlineSeconds: 0.02)
        #expect(result?.outcome == .failure(.overdue))
        eventually("the thread is written off") { witness.count(.blockedThread) >= 1 }
        #expect(instance.solution(submit()) != nil)
    }
}
