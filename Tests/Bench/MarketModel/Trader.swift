/// A provider of the simulated day, as it really is. No policy but the oracle sees this.
struct Trader: Sendable {
    let name: String
    /// USD for a task as the operator knows it, and what is really charged from some second of the day on.
    let listPrice: Double
    var priceSteps: [Step] = []
    /// The median of its solve times, and how far they scatter: the standard deviation of their logarithm.
    let medianSeconds: Double
    let scatter: Double
    /// Of all tries: those that it gives up as unsolvable, and those that end with an error at once.
    var unsolvableShare = 0.01
    var errorShare = 0.01
    /// Whether it charges for what it gives up as unsolvable.
    var chargesFailures = false
    /// When its times are longer, by which factor.
    var slow: [Span] = []
    var slowness = 1.0
    /// When it answers nothing but errors, and what it had accepted before is lost.
    var dead: [Span] = []
    /// When it accepts tasks and does not solve them, or too late.
    var lying: [Span] = []

    struct Step: Sendable {
        let from: Double
        let price: Double
    }

    /// Seconds of the day.
    typealias Span = Range<Double>

    func price(at time: Double) -> Double {
        priceSteps.last { $0.from <= time }?.price ?? listPrice
    }

    func factor(at time: Double) -> Double {
        slow.contains { $0.contains(time) } ? slowness : 1
    }

    /// The mean of its solve times, which are lognormal.
    func meanSeconds(at time: Double) -> Double {
        medianSeconds * factor(at: time) * Chance.lognormalMean(scatter: scatter)
    }

    func isAlive(at time: Double) -> Bool {
        !dead.contains { $0.contains(time) } && !lying.contains { $0.contains(time) }
    }

    /// The share of tries that it solves.
    func solvedShare(at time: Double) -> Double {
        isAlive(at: time) ? 1 - unsolvableShare - errorShare : 0
    }

    /// Seconds after which it says that a task is unsolvable, as a share of those in which it would have solved it.
    static let unsolvableSeconds = 0.7
    /// Seconds after which an error is there.
    static let errorSeconds = 1.0

    /// What comes of a try that begins at `time`. It is the same for the same chance, whoever asks and why.
    func outcome(at time: Double, solvable: Bool, _ chance: inout Chance) -> TryOutcome {
        let kind = chance.share()
        let seconds = medianSeconds * factor(at: time) * chance.lognormal(scatter: scatter)
        let late = chance.share()
        if dead.contains(where: { $0.contains(time) }) { return .error(after: Trader.errorSeconds) }
        if lying.contains(where: { $0.contains(time) }) {
            return late < 0.3 ? .solved(after: 150 + 1000 * late, price: price(at: time)) : .silence
        }
        if kind < errorShare { return .error(after: Trader.errorSeconds) }
        if dead.contains(where: { $0.contains(time + seconds) }) { return .silence }
        if kind < errorShare + unsolvableShare || !solvable {
            return .unsolvable(
                after: seconds * Trader.unsolvableSeconds, charged: chargesFailures ? price(at: time) : 0)
        }
        return .solved(after: seconds, price: price(at: time))
    }
}

/// How a try ends, if it is waited for.
enum TryOutcome: Sendable {
    case solved(after: Double, price: Double)
    /// The provider is well and says that it cannot do this one.
    case unsolvable(after: Double, charged: Double)
    case error(after: Double)
    /// It never ends.
    case silence
}
