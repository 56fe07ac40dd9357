import Domain
import ProviderKit

/// Surroundings in which nothing of this happens, but where a test says so.
extension TaskSurroundings {
    func patience(_ provider: String, _ family: TaskFamily) -> Double { .infinity }
    func first(before turn: Turn, for candidate: Candidate, _ family: TaskFamily) -> TaskID? { nil }
    func spread(_ time: Timestamp) -> Timestamp { time }
    func hasLine(_ provider: String) -> Bool { false }
    func hasSolved(_ provider: String, _ family: TaskFamily, begunAfter time: Timestamp) -> Bool { false }
}
