import Domain
import Logging

// MARK: - The content of tasks, which is not kept for ever

extension TaskEngine {
    /// Erases what was to be solved and the solutions of all tasks that have ended so many seconds ago, in commits of a
    /// bounded size. What cannot be erased now is erased the next time.
    public func eraseContent(olderThan seconds: Double) async {
        let time = now().adding(seconds: -seconds)
        do {
            while case .erased(1...) = try await store.perform(
                .eraseContent(endedUntil: time, atMost: Limits.contentErasurePage))
            {}
        } catch {
            logger.warning("The content of older tasks could not be erased, and is erased later: \(error)")
        }
    }
}
