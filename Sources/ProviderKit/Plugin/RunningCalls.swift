import Synchronization

/// The calls of one instance that are under way, and what is known of their cancellation.
///
/// A cancel may come from another thread at any moment: before the plug-in has begun to look at the call, between that
/// and the birth of its `Task`, while it runs, and after its end. It must take effect in the first three cases and
/// leave nothing behind in the last.
final class RunningCalls: Sendable {
    private enum Entry {
        case beginning
        case running(Task<Void, Never>)
        case cancelled
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        /// Ids that were cancelled without being known: of calls that are about to begin, or that have ended.
        var unknown: [UInt64] = []
    }
    private let state = Mutex(State())

    /// How many cancelled ids are remembered that belong to no call. The host cancels a call that has not begun only in
    /// the instant before it starts it, so a few would do.
    static let rememberedCancels = 64

    /// Takes note of a call. False when it was cancelled already: then there is nothing to do but to complete it.
    func begin(_ id: UInt64) -> Bool {
        state.withLock { state in
            if let index = state.unknown.firstIndex(of: id) {
                state.unknown.remove(at: index)
                return false
            }
            state.entries[id] = .beginning
            return true
        }
    }

    /// Joins a call with the `Task` that works on it, which is cancelled when the call has been.
    func attach(_ task: Task<Void, Never>, to id: UInt64) {
        let isCancelled = state.withLock { state in
            switch state.entries[id] {
            case .beginning:
                state.entries[id] = .running(task)
                return false
            case .cancelled: return true
            case .running, nil: return false
            }
        }
        if isCancelled { task.cancel() }
    }

    /// Forgets a call, which is about to be completed.
    func end(_ id: UInt64) {
        state.withLock { _ = $0.entries.removeValue(forKey: id) }
    }

    func cancel(_ id: UInt64) {
        let task: Task<Void, Never>? = state.withLock { state in
            switch state.entries[id] {
            case .running(let task):
                state.entries[id] = .cancelled
                return task
            case .beginning:
                state.entries[id] = .cancelled
                return nil
            case .cancelled: return nil
            case nil:
                if state.unknown.count == RunningCalls.rememberedCancels { state.unknown.removeFirst() }
                state.unknown.append(id)
                return nil
            }
        }
        task?.cancel()
    }

    /// Calls under way.
    var count: Int { state.withLock { $0.entries.count } }
}
