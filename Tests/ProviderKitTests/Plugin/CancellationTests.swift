import Dispatch
@testable import ProviderKit
import Synchronization
import TestSupport
import Testing

@Suite("Cancelling calls")
struct CancellationTests {
    private let cancelled = OperationReply.fault(Fault(.transport, "The call was cancelled."))

    @Test("A cancel reaches the adapter, may come twice and late, and the call completes once")
    func once() async throws {
        let host = FakeHost()
        host.submit(["do": "wait", "mark": "once"], id: 11)
        try await eventually("the adapter is at it") { TestAdapter.begun.withLock { $0["once"] == 1 } }
        host.cancel(11)
        host.cancel(11)
        #expect(try await host.reply(to: .submit, 11) == cancelled)
        host.cancel(11)
        // A later call of the same instance is answered: whatever the cancels did is done by then.
        #expect(try await host.reply([:]) == .submitted(.pending(id: "altcha 60.0 -")))
        #expect(host.completions(of: 11).count == 1)
    }

    @Test("A cancel that comes before the start holds: the adapter is not called, and the call completes once")
    func before() async throws {
        let host = FakeHost()
        host.cancel(12)
        host.cancel(12)
        host.submit(["do": "wait", "mark": "before"], id: 12)
        #expect(try await host.reply(to: .submit, 12) == cancelled)
        #expect(host.completions(of: 12).count == 1)
        #expect(TestAdapter.begun.withLock { $0["before"] } == nil)
    }

    @Test("Cancels of unknown calls disturb no other call")
    func unknown() async throws {
        let host = FakeHost()
        host.submit(["do": "wait", "mark": "unknown"], id: 13)
        for id in 5_000..<7_000 as Range<UInt64> { host.cancel(id) }
        #expect(try await host.reply([:]) == .submitted(.pending(id: "altcha 60.0 -")))
        #expect(host.completions(of: 13).isEmpty)
        host.cancel(13)
        #expect(try await host.reply(to: .submit, 13) == cancelled)
    }

    @Test("Starts and cancels that race: every call completes exactly once, and none is left waiting")
    func races() async throws {
        let host = FakeHost()
        let calls: Range<UInt64> = 10_000..<10_400
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            DispatchQueue.global().async {
                DispatchQueue.concurrentPerform(iterations: calls.count * 2) { iteration in
                    let id = calls.lowerBound + UInt64(iteration / 2)
                    if iteration % 2 == 0 { host.submit(["do": "wait"], id: id) } else { host.cancel(id) }
                }
                done.resume()
            }
        }
        try await eventually("all calls are completed") { calls.allSatisfy { !host.completions(of: $0).isEmpty } }
        #expect(try await host.reply([:]) == .submitted(.pending(id: "altcha 60.0 -")))
        for id in calls {
            #expect(host.completions(of: id).count == 1)
            #expect(try await host.reply(to: .submit, id) == cancelled)
        }
    }

    @Test("A cancel between the start of a call and the birth of its task is not lost")
    func between() async {
        let calls = RunningCalls()
        #expect(calls.begin(1))
        calls.cancel(1)
        calls.cancel(1)
        let task = Task { while !Task.isCancelled { await Task.yield() } }
        calls.attach(task, to: 1)
        #expect(task.isCancelled)
        task.cancel()
        await task.value
        calls.end(1)
        #expect(calls.count == 0)
    }

    @Test("A call that has ended before its task is attached leaves nothing behind")
    func endedFirst() async {
        let calls = RunningCalls()
        #expect(calls.begin(1))
        calls.end(1)
        let task = Task {}
        calls.attach(task, to: 1)
        #expect(!task.isCancelled)
        #expect(calls.count == 0)
        await task.value
    }

    @Test("Late cancels are remembered up to a bound: memory does not grow with them, the newest hold")
    func bounded() {
        let calls = RunningCalls()
        for id in 0..<1_000 as Range<UInt64> { calls.cancel(id) }
        #expect(calls.begin(0))
        #expect(calls.begin(999 - UInt64(RunningCalls.rememberedCancels)))
        #expect(!calls.begin(1_000 - UInt64(RunningCalls.rememberedCancels)))
        #expect(!calls.begin(999))
        // Once its cancel has taken effect it is forgotten.
        #expect(calls.begin(999))
    }
}
