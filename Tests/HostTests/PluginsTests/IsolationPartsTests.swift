import Glibc
import ProviderKit
import TestSupport
import Testing

@testable import Plugins

@Suite("Messages between the host and an adapter's process")
struct FrameTests {
    private func pair() -> (FrameChannel, FrameReader, Int32) {
        var sockets: [Int32] = [-1, -1]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets)
        return (FrameChannel(descriptor: sockets[0]), FrameReader(descriptor: sockets[1], most: 1 << 24), sockets[1])
    }

    @Test("Messages of all sizes arrive whole and in order, also when nobody reads for a while")
    func order() throws {
        let (channel, reader, other) = pair()
        defer { close(other) }
        let sizes = [0, 1, 15, 16, 1000, 65_536, 300_000, 3, 5_000_000, 0, 70_000]
        for (index, size) in sizes.enumerated() {
            let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index) }
            channel.send(FrameHead(kind: .start, detail: UInt8(index), id: UInt64(index) << 40), payload)
        }
        #expect(channel.waitingBytes > 0)
        var seen = 0
        while seen < sizes.count {
            _ = try reader.read { head, payload in
                #expect(head == FrameHead(kind: .start, detail: UInt8(seen), id: UInt64(seen) << 40))
                #expect(payload.count == sizes[seen])
                let index = seen
                #expect(
                    payload.enumerated().allSatisfy { $1 == UInt8(truncatingIfNeeded: $0 &* 31 &+ index) })
                seen += 1
            }
        }
        eventually("the channel knows that nothing waits") { channel.waitingBytes == 0 }
    }

    @Test("Numbers in front of a payload arrive with it")
    func prefix() throws {
        let (channel, reader, other) = pair()
        defer { close(other) }
        [1, 2, 3].withUnsafeBufferPointer { channel.send(FrameHead(kind: .wait, id: 9), prefix: [7, 8], $0) }
        _ = try reader.read { head, payload in
            #expect(head.id == 9)
            #expect(Array(payload) == [7, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3])
        }
    }

    @Test("An unknown kind and a size beyond the bound are nonsense, the end is the end")
    func nonsense() throws {
        var sockets: [Int32] = [-1, -1]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets)
        defer { close(sockets[1]) }
        let reader = FrameReader(descriptor: sockets[1], most: 100)
        var head = [UInt8](repeating: 0, count: 16)
        head[4] = 200
        send(sockets[0], head, 16, 0)
        #expect(throws: FrameReader.Nonsense.self) { _ = try reader.read { _, _ in } }
        let other = FrameReader(descriptor: sockets[1], most: 100)
        head[4] = 1
        head[0] = 101
        send(sockets[0], head, 16, 0)
        #expect(throws: FrameReader.Nonsense.self) { _ = try other.read { _, _ in } }
        close(sockets[0])
        #expect(try FrameReader(descriptor: sockets[1], most: 100).read { _, _ in } == false)
    }

    @Test("After its end a channel takes nothing and waits for nobody")
    func closed() {
        let (channel, _, other) = pair()
        defer { close(other) }
        channel.close()
        channel.send(FrameHead(kind: .ping), [UInt8](repeating: 0, count: 10_000_000))
        #expect(channel.waitingBytes == 0)
    }
}

@Suite("When an adapter's process is started again, and ended")
struct ProcessRulesTests {
    @Test("At once, then after pauses that double up to the longest, and at once after a long life")
    func restarts() {
        var plan = RestartPlan(first: 0.25, longest: 2, steady: 60)
        let pauses = (0..<6).map { _ in plan.ended(afterSeconds: 1) }
        #expect(pauses == [0, 0.25, 0.5, 1, 2, 2])
        #expect(plan.ended(afterSeconds: 61) == 0)
        #expect(plan.ended(afterSeconds: 59) == 0.25)
    }

    private let limits: PluginLimits = {
        var limits = PluginLimits()
        limits.loadSeconds = 20
        limits.answerSeconds = 5
        limits.idleSeconds = 30
        limits.owedCalls = 10
        limits.memoryBytes = 1000
        limits.outboxBytes = 100
        return limits
    }()

    private func reading(
        _ seconds: Double, ready: Bool = true, memory: Int = 1, processor: Double = 0, open: Int = 1, owed: Int = 0,
        waiting: Int = 0
    ) -> ChildWatch.Reading {
        ChildWatch.Reading(
            now: UInt64(seconds * 1e9), isReady: ready, memory: memory, processorNanoseconds: UInt64(processor * 1e9),
            openCalls: open, owedCalls: owed, waitingBytes: waiting)
    }

    @Test("Memory, lateness and deafness end it at once, too many owed calls after a while")
    func atOnce() {
        var watch = ChildWatch(limits, beganAt: 0)
        #expect(watch.look(reading(1, memory: 1001)).offence == .memory(1001))
        #expect(watch.look(reading(19, ready: false)).offence == nil)
        #expect(watch.look(reading(21, ready: false)).offence == .late(20))
        #expect(watch.look(reading(22, waiting: 201)).offence == .deaf)
        #expect(watch.look(reading(22, owed: 10)).offence == nil)
        watch.answered()
        #expect(watch.look(reading(25, owed: 9)).offence == nil)
        #expect(watch.look(reading(26, owed: 10)).offence == nil)
        watch.answered()
        #expect(watch.look(reading(30, owed: 11)).offence == nil)
        #expect(watch.look(reading(31.1, owed: 11)).offence == .owes(11))
    }

    @Test("One that ends by itself with more memory than it may have is greedy, with less it has crashed")
    func outgrown() {
        let greedy = AdapterLife.End(ChildEnd(status: SIGABRT, peakBytes: 1001), for: nil, limits: limits)
        #expect(greedy.event == .greedyProcess)
        #expect(greedy.clause.hasPrefix("its process ended by signal 6 (abort) with 0 MiB of memory"))
        let crashed = AdapterLife.End(ChildEnd(status: SIGABRT, peakBytes: 1000), for: nil, limits: limits)
        #expect(crashed.event == .crashedProcess && crashed.clause == "its process ended by signal 6 (abort)")
        let silent = AdapterLife.End(ChildEnd(status: SIGKILL, peakBytes: 1001), for: .silent(5), limits: limits)
        #expect(silent.event == .hungProcess && silent.clause.contains("no sign of life"))
    }

    @Test("A question that is not answered in time ends it; one is open at a time")
    func silence() {
        var watch = ChildWatch(limits, beganAt: 0)
        #expect(watch.look(reading(1)).asks)
        #expect(!watch.look(reading(2)).asks)
        watch.answered()
        #expect(watch.look(reading(3)).asks)
        #expect(watch.look(reading(7.9)).offence == nil)
        #expect(watch.look(reading(8.1)).offence == .silent(5))
    }

    @Test("What is left over counts only after a while without open calls")
    func idle() {
        var watch = ChildWatch(limits, beganAt: 0)
        for second in 0..<100 {
            watch.answered()
            let open = second % 20 == 0 ? 1 : 0
            #expect(watch.look(reading(Double(second), processor: Double(second), open: open, owed: 1)).offence == nil)
        }
        watch.answered()
        _ = watch.look(reading(101, open: 1))
        watch.answered()
        _ = watch.look(reading(102, processor: 102, open: 0))
        watch.answered()
        #expect(watch.look(reading(131, processor: 118, open: 0)).offence == nil)
        #expect(watch.look(reading(132, processor: 118, open: 0)).offence == .busy(30))
    }

    @Test("The host's order arrives as it was given")
    func order() {
        let order = ChildOrder(file: "a b.so", limits: limits, hostProcess: 77)
        #expect(ChildOrder(reading: order.bytes) == order)
        #expect(ChildOrder(reading: Array("{}".utf8)) == nil)
    }

    @Test("How a process ended is told in words")
    func ends() {
        #expect(ChildEnd(status: 11, peakBytes: 0).clause.contains("signal 11 (bad memory access)"))
        #expect(ChildEnd(status: 0x0300, peakBytes: 0).clause.contains("status 3"))
        #expect(ChildEnd(status: 0x8B, peakBytes: 0).clause.contains("signal 11"))
        #expect(ChildEnd(status: nil, peakBytes: 0).clause.contains("gone"))
    }
}
