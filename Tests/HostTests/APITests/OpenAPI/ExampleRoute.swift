import Domain
import ProviderKit
import Tasks
import Testing

@testable import API

/// The route of the example in the description.
enum ExampleRoute {
    static func make() throws -> TaskRoute {
        let begin = try #require(Timestamp(utc: "2026-01-31T12:00:00Z"))
        let cost = try #require(Money(decimal: "0.0012"))
        let end = TaskRecord.End(
            at: begin.adding(seconds: 4), outcome: .solved(solution: Array("{}".utf8), price: cost, cost: cost))
        let explanation = """
            {"policy":"published","explored":false,"candidates":[
            {"provider":"capsolver","cost":0.0012,"seconds":6,"successRate":97,"filtered":null,"score":0.784,
            "price":0.0012},{"provider":"2captcha","cost":0.00145,"seconds":14,"successRate":96,
            "filtered":"capsolver is faster and cheaper","score":null,"price":0.00145}],"at":\(begin.milliseconds)}
            """
        return TaskRoute(
            task: TaskRecord(
                id: FakeService.id(7), account: AccountID(1), family: .turnstile, createdAt: begin, end: end),
            ceiling: try #require(Money(decimal: "0.0015")), forcedProvider: nil,
            preference: try #require(RoutingPreference(speedWeight: 20)), explanation: Array(explanation.utf8),
            attempts: [
                AttemptRecord(
                    attempt: Attempt(
                        number: 1,
                        candidate: Candidate(provider: "capsolver", credential: "config-1", price: cost, cost: cost),
                        state: .solved),
                    startedAt: begin, endedAt: end.at, fault: nil, reportedCost: nil)
            ])
    }
}
