import Glibc

extension Latency {
    /// The exponential distribution with mean 1 at a uniform number of 0 up to 1, cut at 20 means.
    static func unitExponential(_ uniform: Double) -> Double { min(-log(1 - uniform), 20) }
}
