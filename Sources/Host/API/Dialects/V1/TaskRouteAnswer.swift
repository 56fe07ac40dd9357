import Domain
import ProviderKit

/// How a task was routed, as its owner is shown it. Which of a provider's keys had an attempt, and the provider's own
/// ID of the task, are the operator's to know.
enum TaskRouteAnswer {
    static func json(_ route: TaskRoute, _ ids: any TaskIDCipher) -> JSONObject {
        var json = head(route.task, ids)
        json["ceiling"] = route.ceiling.json
        json["speedWeight"] = .number(JSONNumber(route.preference.speedWeight))
        json["reliableFirst"] = .bool(route.preference.reliableFirst)
        json["forcedProvider"] = route.forcedProvider.map { .string($0) } ?? .null
        let explanation = route.explanation.flatMap { try? JSONValue(parsing: $0) }
        json["policy"] = explanation?["policy"] ?? .null
        json["explored"] = explanation?["explored"] ?? .null
        json["routedAt"] =
            explanation?["at"]?.integer.map { .string(Timestamp(milliseconds: $0).utcMilliseconds) } ?? .null
        json["candidates"] = .array((explanation?["candidates"]?.array ?? []).map { candidate($0, route.ceiling) })
        json["candidatesErased"] = .bool(route.explanation?.isEmpty == true)
        // The best one that the reservation covered, as the first attempt shows.
        json["chosen"] = (route.attempts.first?.attempt.candidate.provider).map { .string($0) } ?? .null
        json["attempts"] = .array(route.attempts.map { .object(attempt($0)) })
        return json
    }

    private static func head(_ task: TaskRecord, _ ids: any TaskIDCipher) -> JSONObject {
        var json: JSONObject = ["taskId": .string(ids.uuid(of: task.id)), "status": "processing"]
        var failure: JSONValue = .null
        var (price, cost): (JSONValue, JSONValue) = (.null, .null)
        switch task.end?.outcome {
        case nil: break
        case .solved(_, let charged, let taken)?:
            json["status"] = "ready"
            (price, cost) = (charged.json, taken.json)
        case .failed(let code, let detail)?:
            json["status"] = "failed"
            failure = [
                "errorCode": .string(code.rawValue), "errorDescription": .string(ClientError(code, detail).description),
            ]
        }
        json["family"] = .string(task.family.rawValue)
        json["createdAt"] = .string(task.createdAt.utcMilliseconds)
        json["endedAt"] = (task.end?.at.utcMilliseconds).map { .string($0) } ?? .null
        json["seconds"] = seconds(from: task.createdAt, to: task.end?.at)
        json["price"] = price
        json["cost"] = cost
        json["failure"] = failure
        return json
    }

    /// A candidate of the stored explanation, and whether it cost more than was reserved.
    private static func candidate(_ stored: JSONValue, _ ceiling: Money) -> JSONValue {
        guard case .object(var json) = stored else { return stored }
        let price = (json["price"]?.numberText).flatMap { Money(decimal: $0) }
        json["aboveCeiling"] = price.map { .bool($0 > ceiling) } ?? .null
        return .object(json)
    }

    private static func attempt(_ record: AttemptRecord) -> JSONObject {
        let attempt = record.attempt
        return [
            "number": .number(JSONNumber(attempt.number)), "provider": .string(attempt.candidate.provider),
            "state": .string(attempt.state.word), "startedAt": .string(record.startedAt.utcMilliseconds),
            "endedAt": (record.endedAt?.utcMilliseconds).map { .string($0) } ?? .null,
            "seconds": seconds(from: record.startedAt, to: record.endedAt),
            "fault": record.fault.map { .string($0) } ?? .null, "price": attempt.candidate.price.json,
            "cost": attempt.candidate.cost.json, "reportedCost": record.reportedCost?.json ?? .null,
        ]
    }

    private static func seconds(from start: Timestamp, to end: Timestamp?) -> JSONValue {
        end.flatMap { JSONNumber($0.seconds(since: start)) }.map { .number($0) } ?? .null
    }
}

extension Attempt.State {
    /// What it is called in answers.
    var word: String {
        switch self {
        case .sending: "sending"
        case .pending: "pending"
        case .solved: "solved"
        case .failed: "failed"
        case .lost: "lost"
        }
    }
}
