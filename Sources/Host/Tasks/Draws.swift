import Synchronization

/// Random numbers for what has to be spread evenly and may be guessed. The system's own cost a call of it each.
///
/// SplitMix64: a counter whose every bit changes half of those of the number.
final class Draws: Sendable {
    private let last: Atomic<UInt64>

    init(seed: UInt64 = .random(in: .min ... .max)) {
        last = Atomic(seed)
    }

    /// A number in 0..<1, even to 53 bits.
    func next() -> Double {
        var bits = last.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ bits >> 31) >> 11) * 0x1p-53
    }
}
