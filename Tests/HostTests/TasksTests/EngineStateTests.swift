import Domain
import ProviderKit
import Testing

@testable import Tasks

@Suite("What the engine holds of tasks")
struct EngineStateTests {
    @Test("is due in the order of tasks where many are due at once, in whichever they were taken up and swept out")
    func order() throws {
        let now = Timestamp(milliseconds: 1_000_000)
        let price = try #require(Money(decimal: "0.1"))
        let candidate = Candidate(provider: "a", credential: "1", price: price, cost: price)
        let ids = try (1...500).map { try #require(TaskID($0)) }
        var state = EngineState()
        for id in ids.reversed() {
            let task = OpenTask(
                id: id, account: AccountID(1), family: .altcha, ceiling: price, deadline: now.adding(seconds: 300),
                attempt: Attempt(number: 1, candidate: candidate, state: .pending, providerTask: "p"))
            state.add(TaskMachine(recovered: task, at: now), fields: nil, slot: nil)
        }
        // Enough that those which mean nothing any more are swept out once.
        for _ in 0..<4_700 { state.schedule(now.adding(seconds: 900), ids[0]) }
        #expect(state.due(now, limit: .max) == ids)
    }
}
