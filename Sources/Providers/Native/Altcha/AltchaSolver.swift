import FoundationEssentials
import ProviderKit

/// Solves tasks of the family `altcha`.
struct AltchaSolver {
    let pool: WorkPool

    /// - Throws: `Fault`, or `CancellationError` when the surrounding `Task` was cancelled.
    func solve(_ task: TaskRequest, call: any Call) async throws -> Solution {
        let started = call.monotonicSeconds
        let counterMode = try counterMode(task.fields["counterMode"] ?? .null)
        let reader = try await ChallengeSource.read(task, call: call)
        let challenge = try AltchaChallenge(reader, counterMode: counterMode)
        let secondsLeft = task.secondsLeft - (call.monotonicSeconds - started)
        let untilExpiry = challenge.expiresUnixSeconds.map { $0 - Double(call.unixMilliseconds) / 1000 }
        if let untilExpiry, untilExpiry <= 0 {
            throw reader.refusal("The challenge has expired; get a fresh one from the site.")
        }
        let began = call.monotonicSeconds
        let seconds = min(secondsLeft, untilExpiry ?? .infinity)
        let payload: JSONValue
        let number: UInt64
        switch challenge.work {
        case .number(let search, let answer):
            let match = try matched(
                try await pool.run(search, seconds: seconds), reader, expires: untilExpiry == seconds,
                exhausted: "No number up to \(search.highest) solves the challenge.")
            number = match.number
            payload = answer.payload(number, milliseconds: milliseconds(since: began, call))
        case .key(let search, let answer):
            let match = try matched(
                try await pool.run(search, seconds: seconds), reader, expires: untilExpiry == seconds,
                exhausted: "No counter below \(search.candidates) solves the challenge.")
            number = match.number
            payload = answer.payload(match, milliseconds: milliseconds(since: began, call))
        }
        let token = Data(payload.bytes).base64EncodedString()
        return Solution(["token": .string(token), "number": .number(JSONNumber(number))])
    }

    private func counterMode(_ value: JSONValue) throws(Fault) -> KeySearch.CounterMode {
        if value.isNull || value == "" { return .uint32 }
        guard let mode = value.string.flatMap(KeySearch.CounterMode.init(rawValue:)) else {
            throw Fault(.badTask(field: "counterMode"), "counterMode has to be uint32 or string.")
        }
        return mode
    }

    private func milliseconds(since began: Double, _ call: any Call) -> Int64 {
        Int64(((call.monotonicSeconds - began) * 1000).rounded())
    }

    private func matched(
        _ outcome: WorkOutcome<Match>, _ reader: ChallengeReader, expires: Bool, exhausted: String
    ) throws -> Match {
        switch outcome {
        case .found(let match): return match
        case .exhausted: throw Fault(.unsolvable(charged: false), exhausted)
        case .late where expires:
            throw reader.refusal("The challenge expired while it was worked on; get a fresh one from the site.")
        case .late:
            throw Fault(.unsolvable(charged: false), "The time for the task ran out before a solution was found.")
        case .cancelled: throw CancellationError()
        case .failed: throw Fault(.overloaded, "The machine has no memory left for hashing.")
        }
    }
}
