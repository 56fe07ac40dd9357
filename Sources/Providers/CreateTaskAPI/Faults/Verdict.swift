public import ProviderKit

/// What an error code of a vendor means.
public enum Verdict: Sendable, Hashable {
    /// A fault as it is.
    case fault(Fault.Kind)
    /// Locked out, for so many seconds from the answer on; nil when the vendor does not say for how long.
    case banned(Fault.Scope, seconds: Int64?)
    /// No error: the task is still worked on.
    case pending

    /// The vendor does not know the key.
    public static let invalidKey = Verdict.fault(.invalidKey)
    /// The vendor has switched the key off.
    public static let keyDisabled = Verdict.fault(.keyDisabled)
    /// The key has nothing left to pay with.
    public static let noFunds = Verdict.fault(.noFunds)
    /// The vendor refuses our address.
    public static let ipNotAllowed = Verdict.fault(.ipNotAllowed)
    /// No capacity: no free worker, or maintenance.
    public static let overloaded = Verdict.fault(.overloaded)
    /// The vendor does not sell this kind of task.
    public static let unsupportedTask = Verdict.fault(.unsupportedTask)
    /// The task's data is wrong.
    public static let badTask = Verdict.badTask(nil)
    /// The client's proxy does not work.
    public static let proxy = Verdict.fault(.proxy)
    /// The vendor does not know the task.
    public static let taskNotFound = Verdict.fault(.taskNotFound)

    /// The task's data is wrong in this field, by its canonical name. Tasks of a family without this field are told
    /// that they are wrong as a whole.
    public static func badTask(_ field: String?) -> Verdict { .fault(.badTask(field: field)) }

    /// Tried and given up; `charged` is nil where the vendor does not say.
    public static func unsolvable(charged: Bool?) -> Verdict { .fault(.unsolvable(charged: charged)) }

    /// Too many calls, with the key or as a whole; seconds to hold back where the vendor says it.
    public static func rateLimited(_ scope: Fault.Scope, seconds: Double? = nil) -> Verdict {
        .fault(.rateLimited(scope, retryAfterSeconds: seconds))
    }
}
