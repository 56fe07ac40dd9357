import Domain
import Synchronization
@testable import Tasks
import Testing

@Suite("Those who wait for the end of a task", .timeLimit(.minutes(1)))
struct TaskEndsTests {
    private let start = Timestamp(milliseconds: 1_700_000_000_000)

    private func id(_ number: Int64) throws -> TaskID { try #require(TaskID(number)) }

    /// Waits in a Swift task of its own; returns once the waiting has begun.
    private func wait(_ ends: TaskEnds, for task: TaskID, seconds: Double = 60) async -> Task<Void, Never> {
        let before = ends.count
        let waiting = Task {
            await ends.wait(for: task, until: start.adding(seconds: seconds), isEarlier: {}, hasEnded: { false })
        }
        while ends.count == before { await Task.yield() }
        return waiting
    }

    @Test("are told at once, all of them and nobody else")
    func told() async throws {
        let ends = TaskEnds()
        let (first, second) = (try id(1), try id(2))
        let waiting = [await wait(ends, for: first), await wait(ends, for: first)]
        let other = await wait(ends, for: second)
        ends.ended(first)
        for waiter in waiting { await waiter.value }
        #expect(ends.count == 1)
        ends.ended(second)
        await other.value
        #expect(ends.count == 0)
    }

    @Test("wait until their time is over, each for its own")
    func expired() async throws {
        let ends = TaskEnds()
        let task = try id(1)
        let short = await wait(ends, for: task, seconds: 5)
        let long = await wait(ends, for: task, seconds: 9)
        #expect(ends.expire(at: start.adding(seconds: 4.9)) == start.adding(seconds: 5))
        #expect(ends.count == 2)
        #expect(ends.expire(at: start.adding(seconds: 5)) == start.adding(seconds: 9))
        await short.value
        #expect(ends.count == 1)
        #expect(ends.expire(at: start.adding(seconds: 9)) == nil)
        await long.value
        #expect(ends.count == 0)
    }

    @Test("have time kept for them when their deadline is the first")
    func earlier() async throws {
        let ends = TaskEnds()
        let task = try id(1)
        let called = Mutex<[Double]>([])
        for seconds in [9.0, 5, 7, 3] {
            await ends.wait(
                for: task, until: start.adding(seconds: seconds), isEarlier: { called.withLock { $0.append(seconds) } },
                hasEnded: { true })
            _ = await wait(ends, for: task, seconds: seconds)
        }
        #expect(called.withLock { $0 } == [9, 5, 3])
        ends.stop()
    }

    @Test("do not miss an end that comes while they begin")
    func ended() async throws {
        let ends = TaskEnds()
        await ends.wait(for: try id(1), until: start, isEarlier: {}, hasEnded: { true })
        #expect(ends.count == 0)
    }

    @Test("are no more than the limit; a further one does not wait")
    func bounded() async throws {
        let ends = TaskEnds(most: 2)
        let task = try id(1)
        let waiting = [await wait(ends, for: task), await wait(ends, for: task)]
        await ends.wait(for: task, until: start.adding(seconds: 60), isEarlier: {}, hasEnded: { false })
        #expect(ends.count == 2)
        ends.ended(task)
        for waiter in waiting { await waiter.value }
        let again = await wait(ends, for: task)
        #expect(ends.count == 1)
        ends.ended(task)
        await again.value
    }

    @Test("are let go when they are cancelled, before or while they wait, and when the host stops")
    func cancelled() async throws {
        let ends = TaskEnds()
        let task = try id(1)
        let waiting = await wait(ends, for: task)
        waiting.cancel()
        await waiting.value
        #expect(ends.count == 0)
        let late = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await ends.wait(for: task, until: start.adding(seconds: 60), isEarlier: {}, hasEnded: { false })
        }
        await late.value
        #expect(ends.count == 0)
        let last = await wait(ends, for: task)
        ends.stop()
        await last.value
        await ends.wait(for: task, until: start.adding(seconds: 60), isEarlier: {}, hasEnded: { false })
        #expect(ends.count == 0)
    }

    @Test("leave nothing behind: deadlines of those who were told are swept out")
    func swept() async throws {
        let ends = TaskEnds()
        for number in 1...5_000 as ClosedRange<Int64> {
            await ends.wait(
                for: try id(number), until: start.adding(seconds: 60), isEarlier: {}, hasEnded: { true })
        }
        #expect(ends.count == 0)
        #expect(ends.deadlineCount <= 1_025)
    }
}
