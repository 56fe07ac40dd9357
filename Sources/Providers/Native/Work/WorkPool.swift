import Glibc
import ProviderKit

/// The threads that compute, apart from Swift's own, which must never be blocked.
///
/// Every search is cut into slices of a few milliseconds, and the threads take slices of the open searches in turn. So
/// a search that is alone has all threads and ends soonest, and among many none waits behind a long one. One thread for
/// one task would leave cores idle in the common case of a single task, and would let a few long tasks hold up all
/// short ones.
///
/// What cannot be cut is one slice and stays within a second or two by its bounds: an image, a key that takes memory.
final class WorkPool: Sendable {
    /// The pool of the process, whatever number of instances the adapter has.
    static let shared = WorkPool(
        threads: min(NativeLimits.threads, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
        openTasks: NativeLimits.openTasks)

    private struct State {
        /// Searches with slices that no thread has been given, the next one first.
        var ready: [WorkJob] = []
        /// Searches whose `run` has not returned.
        var open = 0
        var threads = 0
    }
    private let state = Monitor(State())
    private let threads: Int
    private let openTasks: Int

    /// Starts no thread yet; the first search does. The threads then live as long as the process.
    init(threads: Int, openTasks: Int) {
        self.threads = threads
        self.openTasks = openTasks
    }

    /// Has the threads work through `search` and returns when it has ended and no thread is at it any more. Cancelling
    /// the surrounding `Task` ends it within a millisecond or two.
    ///
    /// - Parameter seconds: after that long the search ends as `late`.
    /// - Throws: a `Fault` of kind `overloaded` when too many searches are open.
    func run<Wanted: Search>(
        _ search: Wanted, seconds: Double
    ) async throws(Fault) -> WorkOutcome<Wanted.Found> {
        try admit()
        let keeping = KeepingSearch(search)
        let job = WorkJob(keeping, seconds: seconds)
        let ending = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let ended = state.withLock { state in
                    job.progress.waiter = waiter
                    if job.progress.ending == nil { state.ready.append(job) }
                    return Self.takeEnded(job, &state)
                }
                state.notifyAll()
                ended?.resume()
            }
        } onCancel: {
            end(job, .cancelled)
        }
        return keeping.outcome(ending)
    }

    private func admit() throws(Fault) {
        let (isFull, missing) = state.withLock { state in
            guard state.open < openTasks else { return (true, 0) }
            state.open += 1
            defer { state.threads = threads }
            return (false, threads - state.threads)
        }
        if isFull {
            throw Fault(.overloaded, "\(openTasks) tasks are being computed already; send the task again in a while.")
        }
        let failed = (0..<missing).count { _ in !startThread() }
        guard failed > 0 else { return }
        let isWithoutThreads = state.withLock { state in
            state.threads -= failed
            if state.threads == 0 { state.open -= 1 }
            return state.threads == 0
        }
        if isWithoutThreads {
            throw Fault(.overloaded, "The machine lets no further thread start; send the task again in a while.")
        }
    }

    private func startThread() -> Bool {
        var thread = pthread_t()
        let pool = Unmanaged.passRetained(self)
        let failed = pthread_create(
            &thread, nil,
            { pool in
                if let pool { Unmanaged<WorkPool>.fromOpaque(pool).takeRetainedValue().work() }
                return nil
            }, pool.toOpaque())
        guard failed == 0 else {
            pool.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func work() -> Never {
        // On Linux this is about the calling thread alone.
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, NativeLimits.niceness)
        while true {
            let (job, range) = nextSlice()
            let ending = Self.work(on: job, range)
            let ended = state.withLock { state in
                job.progress.threads -= 1
                if let ending { Self.settle(job, ending, &state) }
                return Self.takeEnded(job, &state)
            }
            ended?.resume()
        }
    }

    /// The next slice of the search whose turn it is, which then goes to the end of the line.
    private func nextSlice() -> (WorkJob, Range<UInt64>) {
        state.wait { state in
            guard !state.ready.isEmpty else { return nil }
            let job = state.ready.removeFirst()
            let first = job.progress.next
            let end = first + min(job.search.slice, job.search.candidates - first)
            job.progress.next = end
            job.progress.threads += 1
            if end < job.search.candidates { state.ready.append(job) }
            return (job, first..<end)
        }
    }

    private static func work(on job: WorkJob, _ range: Range<UInt64>) -> WorkEnding? {
        do {
            if try job.search.search(range, StopSign(job)) { return .found }
        } catch {
            return .failed
        }
        return job.isLate ? .late : nil
    }

    private func end(_ job: WorkJob, _ ending: WorkEnding) {
        let ended = state.withLock { state in
            Self.settle(job, ending, &state)
            return Self.takeEnded(job, &state)
        }
        ended?.resume()
    }

    private static func settle(_ job: WorkJob, _ ending: WorkEnding, _ state: inout State) {
        guard job.progress.ending == nil else { return }
        job.progress.ending = ending
        job.stop()
        state.ready.removeAll { $0 === job }
    }

    private struct Ended {
        var waiter: CheckedContinuation<WorkEnding, Never>
        var ending: WorkEnding

        func resume() { waiter.resume(returning: ending) }
    }

    /// What to tell the waiting `run`, once, when the search has ended and the last thread has left it.
    private static func takeEnded(_ job: WorkJob, _ state: inout State) -> Ended? {
        let isOver = job.progress.ending != nil || job.progress.next == job.search.candidates
        guard isOver, job.progress.threads == 0, let waiter = job.progress.waiter else { return nil }
        job.progress.waiter = nil
        state.open -= 1
        return Ended(waiter: waiter, ending: job.progress.ending ?? .exhausted)
    }
}
