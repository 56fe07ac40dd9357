public import Domain
public import ProviderKit

/// Asks a provider about one of its keys: by `validate`, and by `balance` for what that does not tell.
public struct KeyInquiry: Sendable {
    private let caller: any ProviderCalling
    private let unit: UnitValue?
    private let serves: @Sendable (Operation) -> Bool
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - unit: what the unit of the provider's balance is worth; nil when nobody knows.
    ///   - serves: whether the adapter has an operation.
    public init(
        caller: any ProviderCalling, unit: UnitValue?, serves: @escaping @Sendable (Operation) -> Bool,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.caller = caller
        self.unit = unit
        self.serves = serves
        self.now = now
    }

    /// Asks. The completion comes once, on any thread, after twice `Limits.keyCheckSeconds` at the latest.
    public func ask(about key: Credential, completion: @escaping @Sendable (RecycledKeyFinding) -> Void) {
        guard serves(.validate) else { return askForBalance(of: key, known: nil, completion) }
        call(.validate(key)) { reply, finding in
            guard case .valid(let key_) = reply, key_.balance == nil, serves(.balance) else {
                return completion(finding)
            }
            askForBalance(of: key, known: finding, completion)
        }
    }

    /// - Parameter known: what is known already: a balance that could not be found out does not change it.
    private func askForBalance(
        of key: Credential, known: RecycledKeyFinding?,
        _ completion: @escaping @Sendable (RecycledKeyFinding) -> Void
    ) {
        guard serves(.balance) else { return completion(known ?? RecycledKeyFinding(.unclear(.unavailable))) }
        call(.balance(key)) { _, finding in
            guard let known, case .unclear = finding.answer else { return completion(finding) }
            completion(known)
        }
    }

    private func call(
        _ request: OperationRequest, _ completion: @escaping @Sendable (OperationReply, RecycledKeyFinding) -> Void
    ) {
        _ = caller.call(request, deadlineSeconds: Limits.keyCheckSeconds) { [unit, now] answer in
            completion(answer.reply, RecycledKeyFinding(answer.reply, unit: unit, at: now()))
        }
    }
}
