public import Domain
public import ProviderKit

/// A provider instance as the engine sees it: what of its manifest matters while a task is under way, and how to call
/// it.
///
/// A class, since each task takes it out several times, on several threads.
public final class Provider: Sendable {
    /// `adapters.<name>`.
    public let name: String
    /// The provider's name as people write it; other instances of its plug-in have the same.
    public let displayName: String
    /// Submits that may be under way at once.
    public let concurrentSubmits: Int
    /// Seconds that one submit may take.
    public let submitSeconds: Double
    /// What the unit of the costs that it reports is worth; nil when nobody knows, and then they are not used.
    public let unit: UnitValue?
    /// Whether it takes money for tasks that it could not solve.
    public let chargesUnsolvable: Bool
    /// What stands for one of its keys in requests, by the key's identity; nil for one that is not there any more.
    public let credential: @Sendable (_ identity: String) -> Credential?
    public let caller: any ProviderCalling

    /// - Parameter unitValue: what a unit of the provider's balance is worth, where the operator says so. A provider
    ///   that counts in USD needs none.
    public init(
        name: String, manifest: Manifest, unitValue: UnitValue? = nil,
        credential: @escaping @Sendable (String) -> Credential?, caller: any ProviderCalling
    ) {
        self.name = name
        displayName = manifest.displayName
        concurrentSubmits = manifest.concurrentSubmits
        submitSeconds = manifest.submitSeconds
        chargesUnsolvable = manifest.chargesUnsolvable
        unit = UnitValue(ofUnit: manifest.balanceUnit, configured: unitValue)
        self.credential = credential
        self.caller = caller
    }

    /// A provider whose keys do not change.
    public convenience init(
        name: String, manifest: Manifest, unitValue: UnitValue? = nil, credentials: [String: Credential],
        caller: any ProviderCalling
    ) {
        self.init(
            name: name, manifest: manifest, unitValue: unitValue, credential: { credentials[$0] }, caller: caller)
    }
}

/// Calls the operations of one adapter.
public protocol ProviderCalling: Sendable {
    /// Starts a call. The completion comes exactly once, on any thread, possibly before this returns; it comes when the
    /// deadline has passed at the latest.
    ///
    /// - Returns: an identity for `cancel`.
    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64

    /// Says that the answer to a call is no longer wanted. The completion still comes.
    func cancel(_ call: UInt64)
}

/// What came of a call.
public struct CallAnswer: Sendable, Hashable {
    public let reply: OperationReply
    /// Whether anything of the call may have reached the provider; the host's own knowledge.
    public let sent: HTTPFailure.Sent
    /// Whether the adapter's process ended during the call; `reply` is a fault then.
    public let crashed: Bool

    public init(_ reply: OperationReply, sent: HTTPFailure.Sent, crashed: Bool = false) {
        self.reply = reply
        self.sent = sent
        self.crashed = crashed
    }
}

extension CallAnswer {
    /// The answer as it is to be understood of this provider: where it does not tell whether a task that could not be
    /// solved was charged, its manifest does.
    func understood(of provider: Provider) -> CallAnswer {
        guard provider.chargesUnsolvable, case .fault(let fault) = reply, fault.kind == .unsolvable(charged: nil) else {
            return self
        }
        return CallAnswer(.fault(Fault(.unsolvable(charged: true), fault.message)), sent: sent, crashed: crashed)
    }

    var submit: AttemptAnswer<SubmitResult> {
        switch reply {
        case _ where crashed: .crashed(sent: sent)
        case .submitted(let result): .result(result)
        case .fault(let fault): .fault(fault, sent: sent)
        default: .fault(Fault(.protocolError, "The adapter answered another question."), sent: sent)
        }
    }

    var poll: AttemptAnswer<PollResult> {
        switch reply {
        case _ where crashed: .crashed(sent: sent)
        case .polled(let result): .result(result)
        case .fault(let fault): .fault(fault, sent: sent)
        default: .fault(Fault(.protocolError, "The adapter answered another question."), sent: sent)
        }
    }
}
