public import Domain
public import ProviderKit
import NIOConcurrencyHelpers
import Routing
import Synchronization

// MARK: - What attempts tell of their keys

extension TaskEngine {
    /// Sets what is called when an attempt ended with a fault that is about its key: `invalidKey`, `keyDisabled`, and
    /// `noFunds` for a recycled one. Once for each such attempt, on the thread that had the provider's answer and
    /// outside all locks; a fault that the provider did not say itself is none.
    public func onKeyFault(_ body: @escaping @Sendable (_ provider: String, _ credential: String, Fault) -> Void) {
        keyFault.withLock { $0 = body }
    }

    /// What the tasks will cost that are open with a key, or stand in line for it, and how many they are. A task counts
    /// until the end of its attempt with the key is stored. Looks at every open task.
    public func openTasks(with credential: String, at provider: String) -> (count: Int, cost: Money) {
        state.withLockedValue { $0.openTasks(with: credential, at: provider) }
    }

    /// The provider has answered the submit of an attempt with this place: when it took it, the
    /// next may soon follow.
    func noteTaken(_ answer: AttemptAnswer<SubmitResult>, _ slot: AttemptSlot?) {
        guard case .result(.pending) = answer, let slot, slot.heedsTaken else { return }
        let now = now()
        market.withBoard { $0.taken(slot, at: now) }
    }

    /// Gives the place of the task's attempt back, with what its end tells.
    ///
    /// - Parameter attempt: the attempt that it is about; nothing happens when the task has left it.
    func tell(_ verdict: AttemptVerdict, of task: TaskID, attempt: Int? = nil) {
        let slot = state.withLockedValue { state -> AttemptSlot? in
            guard let running = state.running[task],
                attempt ?? running.machine.attempt.number == running.machine.attempt.number
            else { return nil }
            return running.takeSlot()
        }
        guard let slot else { return }
        market.ended(slot, verdict, at: now())
        guard let credential = slot.credential, case .fault(let fault) = verdict.kind else { return }
        switch fault.kind {
        case .noFunds where !slot.isRecycled: break
        case .invalidKey, .keyDisabled, .noFunds: keyFault.withLock { $0 }(slot.lane.provider, credential, fault)
        default: break
        }
    }
}
