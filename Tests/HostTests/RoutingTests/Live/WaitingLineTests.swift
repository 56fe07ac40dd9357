import Domain
@testable import Routing
import TestSupport
import Testing

@Suite("A line of tasks that wait for a place")
struct WaitingLineTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    private func turn(_ number: Int64, after seconds: Double) throws -> Turn {
        Turn(since: start.adding(seconds: seconds), task: try #require(TaskID(number)))
    }

    @Test("has those first that came first, gives one that comes back its place, and does not wait for one that left")
    func order() throws {
        var line = WaitingLine()
        let turns = [try turn(5, after: 1), try turn(4, after: 2), try turn(9, after: 2), try turn(1, after: 3)]
        for turn in turns.reversed() { line.enter(turn) }
        let last = try turn(2, after: 9)
        for turn in turns {
            #expect(line.first(before: last)?.task == turn.task)
            #expect(line.first(before: turn) == nil, "nobody comes before the first")
            line.leave(turn.task)
        }
        #expect(line.first(before: last)?.task == nil && line.isEmpty)
        for turn in turns { line.enter(turn) }
        line.leave(turns[0].task)
        line.enter(turns[0])
        #expect(line.first(before: last)?.task == turns[0].task)
        // A later turn of the same task takes the place of the earlier one.
        line.enter(try turn(5, after: 7))
        #expect(line.first(before: last)?.task == turns[1].task && line.count == 4)
    }

    @Test("knows who is first whatever happens, and keeps nothing of those that left", arguments: 1...10)
    func random(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var line = WaitingLine()
        var waiting: [TaskID: Turn] = [:]
        for _ in 0..<5_000 {
            let turn = try turn(
                Int64.random(in: 1...300, using: &random), after: Double(Int.random(in: 0...9, using: &random)))
            if Int.random(in: 0..<3, using: &random) > 0 {
                line.leave(turn.task)
                waiting[turn.task] = nil
            } else {
                line.enter(turn)
                waiting[turn.task] = turn
            }
            let before = try self.turn(150, after: 5)
            #expect(line.first(before: before)?.task == waiting.values.filter { $0 < before }.min()?.task)
            #expect(line.count == waiting.count && line.remembered <= 2 * waiting.count + 65)
        }
    }
}

@Suite("The times at which tasks ask again")
struct PacingTests {
    private let start = Timestamp(milliseconds: 1_000_000)

    @Test("are never more within a second than may ask, whatever they wait for and whenever they are told")
    func bound() {
        var random = SeededGenerator(seed: 3)
        var pacing = Pacing()
        var told: [Timestamp] = []
        for index in 0..<30_000 {
            let now = start.adding(seconds: Double(index) / 10_000)
            let wanted = now.adding(seconds: [0.5, 2, Double.random(in: 0...4, using: &random)].randomElement() ?? 0)
            let time = pacing.spread(wanted, at: now)
            #expect(time > wanted)
            told.append(time)
        }
        told.sort()
        let most = Int(Limits.askingPerSecond)
        // Within a hundredth of a second they may come a little earlier or later.
        for (first, last) in zip(told, told.dropFirst(most + most / 50)) {
            #expect(last.seconds(since: first) >= 1)
        }
        #expect(told.last.map { $0.seconds(since: start) < 18 } ?? false, "and no later than need be")
    }

    @Test("do not wait for those who ask long after them, and begin anew when the clock was set back")
    func independent() {
        var pacing = Pacing()
        for _ in 0..<10_000 { _ = pacing.spread(start.adding(seconds: 3_600), at: start) }
        #expect(pacing.spread(start.adding(seconds: 1), at: start).seconds(since: start) < 1.01)
        for _ in 0..<10_000 { _ = pacing.spread(start.adding(seconds: 3_600), at: start.adding(seconds: 5_000)) }
        #expect(pacing.spread(start, at: start).seconds(since: start) < 0.01)
        #expect(pacing.spread(.distantFuture, at: start) == .distantFuture)
    }
}
