import Domain
@testable import Tasks
import TestTraits
import Testing

@Suite("Callbacks in a virtual world", .computesLong)
struct CallbackSimulationTests {
    @Test("Each reaches its server at least once or is given up after its hour, whatever dies when", arguments: 1...8)
    func atLeastOnce(seed: UInt64) throws {
        let run = try CallbackSimulation(seed: seed)
        try run.run(tasks: 500, crashes: 40)
        #expect(run.crashes == 40)
        #expect(run.expected.count > 300)
        var undelivered = 0
        for (task, expected) in run.expected {
            let told = run.told[task] ?? []
            #expect(told.allSatisfy { $0 == expected.query }, "\(told)")
            switch run.hosts[expected.host] {
            case .dead?:
                #expect(told.isEmpty)
                undelivered += 1
                // A crash forgets an attempt that was under way.
                #expect((7...60).contains(run.attempts[task] ?? 0), "\(run.attempts[task] ?? 0)")
            // Its ten attempts may all fail.
            case .moody? where told.isEmpty: #expect((9...60).contains(run.attempts[task] ?? 0))
            default: #expect(!told.isEmpty, "\(task) to \(expected.host)")
            }
        }
        #expect(undelivered > 20)
        #expect(run.told.keys.allSatisfy { run.expected[$0] != nil })
        #expect(run.mostUnderWay.values.allSatisfy { $0 <= Limits.callbacksPerHost })
        // Deceiving commits and crashes make some count twice.
        #expect(run.ends[.givenUp] ?? 0 >= undelivered)
    }

    @Test("Without trouble each is delivered exactly once, and soon")
    func once() throws {
        let run = try CallbackSimulation(seed: 77)
        try run.run(tasks: 600, crashes: 0)
        for (task, expected) in run.expected {
            guard let mood = run.hosts[expected.host], [.good, .slow].contains(mood) else { continue }
            #expect(run.told[task]?.count == 1)
            #expect(run.attempts[task] == 1)
        }
    }
}
