import Domain

/// What is believed of one provider now, judged from all three windows, and how sure that is.
///
/// The long window knows most, so its means hold until a shorter one contradicts them by more than chance explains:
/// then something has changed, and the shorter one is believed. Where nothing new was observed the belief stays what it
/// was; it is the doubt that grows.
struct Estimate {
    let seconds: Double
    let secondsError: Double
    /// Shares, 0...1.
    let rate: Double
    let rateError: Double

    /// How many standard errors are too many for chance.
    private static let contradiction = 2.5
    /// Observations below which a window says nothing, and how many the belief so far counts for where it is
    /// contradicted.
    private static let fewest = 2.0
    private static let beliefWeight = 2.0
    /// By how much a provider may have changed while nobody looked: as a share of its seconds, and in its success rate.
    private static let driftOfSeconds = 0.1
    private static let driftOfRate = 0.15
    /// The standard deviation of solve times, as a share of their mean, while too few are known.
    private static let usualScatter = 0.6

    init(_ statistics: RouteStatistics, _ prior: RoutePrior, at now: Timestamp) {
        // How many tries still say something of the present: it fades while nobody looks.
        let fresh = statistics.faded(to: now).recent

        let rate = Estimate.rate(statistics, prior)
        let spread = (max(rate.value * (1 - rate.value), 0.02) / rate.weight).squareRoot()
        self.rate = rate.value
        rateError = spread + Estimate.driftOfRate / (1 + fresh.tries)

        let seconds = Estimate.seconds(statistics, prior)
        let drift = Estimate.driftOfSeconds * seconds.value / (1 + fresh.solved)
        self.seconds = seconds.value
        secondsError = seconds.error + drift
    }

    private static func rate(_ statistics: RouteStatistics, _ prior: RoutePrior) -> (value: Double, weight: Double) {
        let lasting = statistics.lasting
        var weight = lasting.tries + RoutePrior.rateWeight
        var value = (lasting.solved + prior.successRate / 100 * RoutePrior.rateWeight) / weight
        for window in [statistics.recent, statistics.moment] {
            guard window.tries >= fewest, let share = window.solvedShare else { continue }
            let error = (max(value * (1 - value), 0.02) / window.tries).squareRoot()
            guard abs(share - value) > contradiction * error else { continue }
            weight = window.tries + beliefWeight
            value = (window.solved + value * beliefWeight) / weight
        }
        return (min(max(value, 0), 1), weight)
    }

    private static func seconds(_ statistics: RouteStatistics, _ prior: RoutePrior) -> (value: Double, error: Double) {
        let lasting = statistics.lasting
        var weight = lasting.solved + RoutePrior.secondsWeight
        var value = (lasting.seconds + prior.seconds * RoutePrior.secondsWeight) / weight
        let usual = usualScatter * value
        let variance =
            ((lasting.secondsVariance ?? 0) * lasting.solved + usual * usual * RoutePrior.secondsWeight) / weight
        for window in [statistics.recent, statistics.moment] {
            guard window.solved >= fewest, let mean = window.meanSeconds else { continue }
            guard abs(mean - value) > contradiction * (variance / window.solved).squareRoot() else { continue }
            weight = window.solved + beliefWeight
            value = (window.seconds + value * beliefWeight) / weight
        }
        return (value, (variance / weight).squareRoot())
    }
}
