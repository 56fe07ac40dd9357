import Domain
import ProviderKit

/// How a client of a JSON dialect wants to learn of the end of its task.
extension JSONBody {
    /// Where the client wants to be told, in the member `callbackUrl`; nil without one.
    ///
    /// - Throws: `badParameters` for what is no text.
    func callback(_ taskName: Callback.TaskName) throws(ClientError) -> Callback? {
        try text(.callbackUrl).map { Callback(url: $0, taskName: taskName, field: BodyMember.callbackUrl.rawValue) }
    }

    /// For how many seconds the answer may wait for the end of the task, in the member `wait`; 0 without one. What is
    /// longer than a request may wait is brought down to it.
    ///
    /// - Throws: `badParameters` for what is no number, and for a negative one.
    func waitSeconds() throws(ClientError) -> Double {
        let seconds: Double?
        switch self[.wait] {
        case nil, .null, .string(""): return 0
        case .number(let number): seconds = number.double
        case .string(let text): seconds = Double(text)
        case .some(let value): throw JSONBody.wrongType("wait", "a number of seconds", value)
        }
        guard let seconds, seconds.isFinite, seconds >= 0 else {
            throw ClientError(
                .badParameters, field: "wait",
                "It has to be a number of seconds, 0 to \(Int(Limits.resultWaitSeconds)).")
        }
        return min(seconds, Limits.resultWaitSeconds)
    }
}
