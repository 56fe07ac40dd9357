import Routing
import TestSupport

/// Candidates with figures from a coarse grid, so that equal ones are among them.
struct RandomCandidates {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// One to eight of them, with different names.
    mutating func next() -> [RouteFigures] {
        (0..<Int.random(in: 1...8, using: &generator)).map { index in
            RouteFigures(
                provider: "p\(index)", cost: Double(Int.random(in: 0...12, using: &generator)) / 4,
                seconds: Double(Int.random(in: 1...20, using: &generator)) * 3, successRate: rate(),
                ownTasks: coin() ? Double(Int.random(in: 0...150, using: &generator)) : nil)
        }
    }

    mutating func rate() -> Double { Double(Int.random(in: 0...200, using: &generator)) / 2 }
    mutating func slider() -> Int { Int.random(in: 0...100, using: &generator) }
    mutating func coin() -> Bool { Bool.random(using: &generator) }
}
