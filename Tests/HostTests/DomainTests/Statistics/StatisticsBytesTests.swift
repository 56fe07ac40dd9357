import Domain
import TestSupport
import Testing

@Suite("Statistics as bytes")
struct StatisticsBytesTests {
    private let start = Timestamp(milliseconds: 1_700_000_000_000)

    private func statistics(seed: UInt64) -> RouteStatistics {
        var generator = SeededGenerator(seed: seed)
        var statistics = RouteStatistics(at: start)
        for step in 0..<Int.random(in: 0...40, using: &generator) {
            let time = start.adding(seconds: Double(step) * 77)
            let seconds = Double.random(in: 0...100, using: &generator)
            if seconds < 20 {
                statistics.recordFailed(seconds: seconds, cost: seconds / 1e5, at: time)
            } else {
                statistics.recordSolved(seconds: seconds, cost: seconds < 30 ? nil : seconds / 1e5, at: time)
            }
        }
        return statistics
    }

    /// The bytes with one of the 25 numbers behind the version replaced.
    private func bytes(_ statistics: RouteStatistics, number: Int, _ pattern: UInt64) -> [UInt8] {
        var bytes = statistics.encoded
        for index in 0..<8 { bytes[1 + number * 8 + index] = UInt8(truncatingIfNeeded: pattern >> UInt64(8 * index)) }
        return bytes
    }

    @Test("What was stored is read again, and goes on fading from there")
    func roundTrip() throws {
        for seed in 0..<100 {
            let statistics = statistics(seed: UInt64(seed))
            #expect(statistics.encoded.count == 201)
            #expect(RouteStatistics(encoded: statistics.encoded) == statistics)
            let faded = statistics.faded(to: start.adding(seconds: Double(seed) * 100_000))
            #expect(RouteStatistics(encoded: faded.encoded) == faded)
        }
    }

    @Test("The bytes stay what they are, so that a later version reads them")
    func layout() {
        var statistics = RouteStatistics(at: Timestamp(milliseconds: 0x0102_0304_0506_0708))
        #expect(statistics.encoded.prefix(9) == [1, 8, 7, 6, 5, 4, 3, 2, 1])
        #expect(statistics.encoded.dropFirst(9).allSatisfy { $0 == 0 })
        statistics = RouteStatistics(at: start)
        statistics.recordSolved(seconds: 2, cost: 0.5, at: start)
        statistics.recordFailed(seconds: 8, cost: 4, at: start)
        let window: [Double] = [2, 1, 2, 4, 8, 4, 1, 0.5]
        let expected = (window + window + window).flatMap { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * $0)) }
        }
        #expect(Array(statistics.encoded.dropFirst(9)) == expected)
    }

    @Test("Another length or version is refused")
    func framing() {
        let good = statistics(seed: 1).encoded
        #expect(RouteStatistics(encoded: []) == nil)
        for length in 0..<good.count { #expect(RouteStatistics(encoded: Array(good.prefix(length))) == nil) }
        #expect(RouteStatistics(encoded: good + [0]) == nil)
        for version in UInt8.min...UInt8.max where version != 1 {
            #expect(RouteStatistics(encoded: [version] + good.dropFirst()) == nil)
        }
    }

    @Test("Sums that no observations have are refused, in every field of every window")
    func implausible() {
        let good = statistics(seed: 2)
        for number in 1..<25 {
            for value in [-1.0, .nan, .infinity, -.infinity, 1e16] {
                #expect(RouteStatistics(encoded: bytes(good, number: number, value.bitPattern)) == nil)
            }
        }
        for window in 0..<3 {
            let first = 1 + window * 8
            // No tries and yet solved ones; none solved and yet priced ones; seconds without their squares.
            #expect(RouteStatistics(encoded: bytes(good, number: first, 0)) == nil)
            #expect(RouteStatistics(encoded: bytes(good, number: first + 1, 0)) == nil)
            #expect(RouteStatistics(encoded: bytes(good, number: first + 3, 0)) == nil)
        }
        for time in [Int64.max, .min] {
            #expect(RouteStatistics(encoded: bytes(good, number: 0, UInt64(bitPattern: time))) == nil)
        }
    }

    @Test("Random bytes are refused, and never harm")
    func garbage() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            var bytes = (0..<201).map { _ in UInt8.random(in: 0...255, using: &generator) }
            bytes[0] = 1
            #expect(RouteStatistics(encoded: bytes) == nil)
        }
        let good = statistics(seed: 4).encoded
        for _ in 0..<2_000 {
            var bytes = good
            bytes[Int.random(in: 9..<201, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            guard let read = RouteStatistics(encoded: bytes) else { continue }
            let faded = read.faded(to: start.adding(seconds: 1e6))
            #expect([faded.moment, faded.recent, faded.lasting].allSatisfy { $0.tries.isFinite && $0.tries >= 0 })
        }
    }
}
