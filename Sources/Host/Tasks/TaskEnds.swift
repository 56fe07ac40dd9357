import Domain
import HeapModule
import NIOConcurrencyHelpers

/// Those who wait for the ends of tasks: an entry in a dictionary and one in a heap each. A task that nobody waits for
/// costs nothing here.
final class TaskEnds: Sendable {
    private typealias Waiter = CheckedContinuation<Void, Never>

    private struct State {
        var waiters: [TaskID: [UInt64: Waiter]] = [:]
        var count = 0
        var deadlines = Heap<Deadline>()
        var last: UInt64 = 0
        var stopped = false

        mutating func take(_ task: TaskID, _ number: UInt64) -> Waiter? {
            guard let waiter = waiters[task]?.removeValue(forKey: number) else { return nil }
            if waiters[task]?.isEmpty == true { waiters[task] = nil }
            count -= 1
            return waiter
        }

        /// Those who were told leave their deadlines behind; they are swept out before they outnumber the others.
        mutating func sweep() {
            guard deadlines.count > 2 * count + 1_024 else { return }
            deadlines = Heap(deadlines.unordered.filter { waiters[$0.task]?[$0.number] != nil })
        }
    }

    private struct Deadline: Comparable {
        let at: Timestamp
        let task: TaskID
        let number: UInt64

        static func < (left: Deadline, right: Deadline) -> Bool {
            (left.at, left.number) < (right.at, right.number)
        }
    }

    private let state = NIOLockedValueBox(State())
    private let most: Int

    /// - Parameter most: how many may wait; further ones don't.
    init(most: Int = Limits.waitingResults) {
        self.most = most
    }

    /// How many wait, and how many deadlines are kept for them.
    var count: Int { state.withLockedValue { $0.count } }
    var deadlineCount: Int { state.withLockedValue { $0.deadlines.count } }

    /// Tells those who wait that the task has ended.
    func ended(_ task: TaskID) {
        let waiters = state.withLockedValue { state in
            let waiters = state.waiters.removeValue(forKey: task) ?? [:]
            state.count -= waiters.count
            return waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    /// Ends the waits whose time is over.
    ///
    /// - Returns: when the next one's is; nil when nobody waits.
    func expire(at now: Timestamp) -> Timestamp? {
        let (waiters, next) = state.withLockedValue { state in
            var waiters: [Waiter] = []
            while let first = state.deadlines.min {
                let isOpen = state.waiters[first.task]?[first.number] != nil
                guard !isOpen || first.at <= now else { break }
                state.deadlines.removeMin()
                if let waiter = state.take(first.task, first.number) { waiters.append(waiter) }
            }
            return (waiters, state.deadlines.min?.at)
        }
        for waiter in waiters { waiter.resume() }
        return next
    }

    /// Ends all waits; nobody waits from now on.
    func stop() {
        let waiters = state.withLockedValue { state in
            let waiters = state.waiters.values.flatMap(\.values)
            state = State()
            state.stopped = true
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when the task has ended, when the time has come, when the caller's Swift task is cancelled or the host
    /// stops; at once when too many wait already.
    ///
    /// - Parameters:
    ///   - isEarlier: called when the deadline comes before those of all others who wait.
    ///   - hasEnded: asked once the waiting has begun, so that an end in between is not missed.
    func wait(
        for task: TaskID, until deadline: Timestamp, isEarlier: @Sendable () -> Void, hasEnded: @Sendable () -> Bool
    ) async {
        let number = state.withLockedValue { state in
            state.last += 1
            return state.last
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: Waiter) in
                let (isWaiting, isFirst) = state.withLockedValue { state in
                    guard !state.stopped, state.count < most else { return (false, false) }
                    let isFirst = state.deadlines.min.map { deadline < $0.at } ?? true
                    state.waiters[task, default: [:]][number] = waiter
                    state.count += 1
                    state.deadlines.insert(Deadline(at: deadline, task: task, number: number))
                    state.sweep()
                    return (true, isFirst)
                }
                guard isWaiting else { return waiter.resume() }
                if isFirst { isEarlier() }
                if hasEnded() || Task.isCancelled { leave(task, number) }
            }
        } onCancel: {
            leave(task, number)
        }
    }

    /// Ends one wait, if it has not ended.
    private func leave(_ task: TaskID, _ number: UInt64) {
        let waiter = state.withLockedValue { $0.take(task, number) }
        waiter?.resume()
    }
}
