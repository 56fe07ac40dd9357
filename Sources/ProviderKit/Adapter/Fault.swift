/// Why an operation of an adapter failed: a closed set, so that the host never reads a vendor's texts.
///
/// An adapter translates whatever its vendor answers into one of these kinds and throws it.
public struct Fault: Error, Sendable, Hashable {
    public let kind: Kind
    /// A sentence for people: what the vendor said, without any secret. May be empty. The host shortens long ones.
    public let message: String

    public init(_ kind: Kind, _ message: String = "") {
        self.kind = kind
        self.message = message
    }

    public enum Kind: Sendable, Hashable {
        /// The vendor does not know the key.
        case invalidKey
        /// The vendor knows the key and has switched it off: expired, suspended.
        case keyDisabled
        /// The key has nothing left to pay with.
        case noFunds
        /// The vendor refuses the address we call from. It says nothing about whether the key is good.
        case ipNotAllowed
        /// The vendor has locked out the key, or us as a whole, for a while if it says until when.
        case banned(Scope, untilUnixSeconds: Int64?)
        /// Too many calls, with the key or as a whole.
        case rateLimited(Scope, retryAfterSeconds: Double?)
        /// The vendor has no capacity at the moment: no free worker, maintenance.
        case overloaded
        /// The vendor does not sell this kind of task, or not in this variant.
        case unsupportedTask
        /// The vendor finds the task's data wrong; `field` is the task's field where it is known.
        case badTask(field: String?)
        /// The vendor tried and gave up; `charged` tells whether it took money all the same, nil when it doesn't say.
        case unsolvable(charged: Bool?)
        /// The client's own proxy does not work.
        case proxy
        /// The vendor does not know the task that was asked for: unknown, or kept no longer.
        case taskNotFound
        /// No complete answer came: refused connection, time-out, cut off, HTTP 5xx.
        case transport
        /// An answer came that the adapter cannot make sense of.
        case protocolError
    }

    /// What a ban or a limit applies to.
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        case key, provider
    }

    /// Who or what has to change for the task to succeed; routing follows from it.
    public enum Blame: String, Sendable, Hashable, CaseIterable {
        /// Another key of the same provider may do.
        case key
        /// Another provider may do; this one is unwell.
        case provider
        /// This provider is well but not for this task; another one may do.
        case providerForThisTask
        /// No provider can do it as it is.
        case task
        /// The same provider may do a moment later.
        case moment
    }

    public var blame: Blame {
        switch kind {
        case .invalidKey, .keyDisabled, .noFunds, .ipNotAllowed: .key
        case .banned(.key, _), .rateLimited(.key, _): .key
        case .banned(.provider, _), .protocolError: .provider
        case .unsupportedTask, .badTask, .unsolvable: .providerForThisTask
        case .proxy: .task
        case .rateLimited(.provider, _), .overloaded, .taskNotFound, .transport: .moment
        }
    }

    /// The name of the kind as it crosses the boundary and labels metrics: one of 14.
    public var label: String {
        switch kind {
        case .invalidKey: "invalidKey"
        case .keyDisabled: "keyDisabled"
        case .noFunds: "noFunds"
        case .ipNotAllowed: "ipNotAllowed"
        case .banned: "banned"
        case .rateLimited: "rateLimited"
        case .overloaded: "overloaded"
        case .unsupportedTask: "unsupportedTask"
        case .badTask: "badTask"
        case .unsolvable: "unsolvable"
        case .proxy: "proxy"
        case .taskNotFound: "taskNotFound"
        case .transport: "transport"
        case .protocolError: "protocolError"
        }
    }
}
