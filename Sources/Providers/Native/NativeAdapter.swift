import FoundationEssentials
public import ProviderKit

/// The adapter without a vendor: it solves on the machine that it runs on.
///
/// It takes ALTCHA, a proof of work, in version 1 (SHA-1, SHA-256, SHA-512) and version 2 (SHA-256, SHA-384, SHA-512,
/// plain and with PBKDF2). The list price is nominal: nobody charges it, it stands for electricity and wear, and gives
/// routing something to compare. Every submit brings the solution or a fault; no task is ever left pending, and none
/// that could not be solved costs anything.
public struct NativeAdapter: TaskSolving {
    public static let manifest = Manifest(
        id: "native", displayName: "Native", version: "1.0", key: nil,
        offers: [Manifest.Offer(.altcha, listPrice: "0.0002")], addressFields: ["challengeURL"],
        concurrentSubmits: 64, submitSeconds: 300)

    private let pool: WorkPool

    /// Makes an instance. All instances of a process share the threads that compute.
    ///
    /// - Throws: an error that says so, when an endpoint is configured: there is no place to send anything to.
    public init(settings: AdapterSettings) throws {
        guard settings.endpoint == nil else { throw UnusableEndpoint() }
        self.init(pool: .shared)
    }

    init(pool: WorkPool) {
        self.pool = pool
    }

    /// Solves a challenge. The fields are those of `TaskFamily.altcha`; and `counterMode`, `uint32` where it is not
    /// given or `string`, for servers of version 2 that are set up so: the challenge itself doesn't tell.
    ///
    /// - Throws: `Fault`, or `CancellationError` when the surrounding `Task` was cancelled.
    public func submit(_ task: TaskRequest, call: any Call) async throws -> SubmitResult {
        guard task.family == .altcha else {
            throw Fault(.unsupportedTask, "The native adapter solves altcha and nothing else.")
        }
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
        return .solved(Solution(["token": .string(token), "number": .number(JSONNumber(number))]))
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
        _ outcome: WorkOutcome, _ reader: ChallengeReader, expires: Bool, exhausted: String
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

/// The settings name a place, and this adapter sends nothing anywhere.
struct UnusableEndpoint: Error, CustomStringConvertible {
    var description: String { "The native adapter solves on this machine; remove its endpoint." }
}
