import Domain
import TestTraits
import Testing
import TestSupport

@Suite("Solve times as bytes", .computesLong)
struct SolveTimesBytesTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func sample(_ seed: UInt64, count: Int = 300) -> SolveTimes {
        var random = SeededGenerator(seed: seed)
        var times = SolveTimes()
        for index in 0..<count {
            let lower = Double.random(in: 0..<40, using: &random).rounded()
            let moment = now.adding(seconds: Double(index) * 7)
            times.record(after: lower, by: lower + 3, at: moment)
            if index % 11 == 0 { times.record(unfinishedAfter: 300, at: moment) }
        }
        return times
    }

    @Test("What is written is read again, and written as the same bytes")
    func roundTrip() throws {
        for times in [SolveTimes()] + (1...20).map({ sample($0) }) {
            let bytes = times.bytes
            let read = try #require(SolveTimes(bytes: bytes))
            #expect(read.asOf == times.asOf && abs(read.weight - times.weight) < 1e-4)
            #expect(read.bytes == bytes)
            #expect(bytes.count < 400)
            guard let quantile = times.quantile(0.5) else { continue }
            #expect(abs(try #require(read.quantile(0.5)) - quantile) < 1e-3)
        }
        #expect(sample(1).bytes == sample(1).bytes && sample(1).bytes != sample(2).bytes)
    }

    @Test("A torn value, a changed byte and noise are refused")
    func garbage() {
        let bytes = sample(5).bytes
        for length in 0..<bytes.count { #expect(SolveTimes(bytes: Array(bytes.prefix(length))) == nil) }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x10
            #expect(SolveTimes(bytes: changed) == nil, "byte \(index)")
        }
        #expect(SolveTimes(bytes: bytes + [0]) == nil)
        var random = SeededGenerator(seed: 9)
        for length in 0..<500 {
            let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(SolveTimes(bytes: noise) == nil && SolveTimes(bytes: sealed([1] + noise)) == nil)
        }
    }

    /// Version, moment, number of cells, and for each cell what its key is above the last one and the bits of its
    /// weight.
    private func crafted(
        version: UInt8 = 1, moment: Int64 = 0, count: UInt8 = 1, _ cells: [([UInt8], Float)], _ more: [UInt8] = []
    ) -> [UInt8] {
        var bytes = [version] + (0..<8).map { UInt8(truncatingIfNeeded: moment >> ($0 * 8)) } + [count]
        for (step, weight) in cells {
            bytes += step + (0..<4).map { UInt8(truncatingIfNeeded: weight.bitPattern >> ($0 * 8)) }
        }
        return sealed(bytes + more)
    }

    private func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let sum = bytes.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return bytes + (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
    }

    @Test("Values that a sound sum belongs to and that make no sense are refused")
    func nonsense() {
        // Between edge 0 and edge 5.
        #expect(SolveTimes(bytes: crafted([([5], 1)])) != nil)
        #expect(SolveTimes(bytes: crafted(version: 2, [([5], 1)])) == nil)
        #expect(SolveTimes(bytes: crafted([([0], 1)])) == nil, "an interval without length")
        #expect(SolveTimes(bytes: crafted([([0x92, 0x02], 1)])) == nil, "edge 274, beyond the scale")
        #expect(SolveTimes(bytes: crafted([([0x91, 0x02], 1)])) != nil, "edge 273, which stands for no end")
        #expect(SolveTimes(bytes: crafted([([5], .nan)])) == nil)
        #expect(SolveTimes(bytes: crafted([([5], -1)])) == nil)
        #expect(SolveTimes(bytes: crafted([([5], .infinity)])) == nil)
        #expect(SolveTimes(bytes: crafted([([5], 1)], [7])) == nil, "more than was announced")
        #expect(SolveTimes(bytes: crafted(count: 2, [([5], 1)])) == nil, "less than was announced")
        #expect(SolveTimes(bytes: crafted(count: 2, [([5], 1), ([0], 1)])) == nil, "the same interval twice")
        #expect(SolveTimes(bytes: crafted([([0x85, 0], 1)])) == nil, "a number in a longer form")
        #expect(SolveTimes(bytes: crafted([([0xFF, 0xFF, 0xFF, 0xFF, 0x7F], 1)])) == nil, "a number beyond 32 bits")
        #expect(SolveTimes(bytes: crafted(moment: 1_800_000_000_000, [([5], 1)]))?.asOf == now)
        for moment in [Int64.min, .max] {
            #expect(SolveTimes(bytes: crafted(moment: moment, [([5], 1)])) == nil, "an instant beyond all reckoning")
        }
    }
}
