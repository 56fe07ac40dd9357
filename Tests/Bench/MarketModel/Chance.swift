import Foundation
import TestSupport

/// The chance of one try: it follows from the seed, the task, the provider and the number of the try, so that all
/// policies meet the same luck.
struct Chance: Sendable {
    private var generator: SeededGenerator

    init(_ seed: UInt64, _ numbers: Int...) {
        var state = seed
        for number in numbers {
            var mixer = SeededGenerator(seed: state &+ UInt64(bitPattern: Int64(number)) &* 0xD6E8_FEB8_6659_FD93)
            state = mixer.next()
        }
        generator = SeededGenerator(seed: state)
    }

    /// Evenly distributed in 0..<1.
    mutating func share() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    mutating func between(_ least: Double, _ most: Double) -> Double { least + (most - least) * share() }

    /// With a mean of 1.
    mutating func exponential() -> Double { -log(1 - share()) }

    /// With a median of 1.
    mutating func lognormal(scatter: Double) -> Double {
        let radius = (-2 * log(1 - share())).squareRoot()
        return exp(scatter * radius * cos(2 * .pi * share()))
    }

    static func lognormalMean(scatter: Double) -> Double { exp(scatter * scatter / 2) }
}
