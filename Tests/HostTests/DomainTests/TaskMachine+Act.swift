import Domain

extension TaskMachine {
    /// What an event has done, without what it tells of the attempt.
    mutating func act(_ event: Event, _ surroundings: some TaskSurroundings) -> [Action] {
        handle(event, surroundings).filter { if case .tell = $0 { false } else { true } }
    }
}
