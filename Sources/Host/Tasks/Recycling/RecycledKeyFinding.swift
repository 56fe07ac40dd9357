public import Domain
public import ProviderKit

/// What a provider said of a recycled key, before it is weighed against what a task costs there.
public struct RecycledKeyFinding: Sendable, Hashable {
    public enum Answer: Sendable, Hashable {
        /// The key is good.
        case known
        /// The key is good, and the provider says that there is nothing on it.
        case noFunds
        /// The key is no good: `wrongKey` or `disabled`.
        case refused(RecycledKeyLife.Reason)
        /// It could not be found out.
        case unclear(RecycledKeyLife.Reason)
    }

    public var answer: Answer
    /// What is left on it, in USD; nil when the provider did not say it or nobody knows what its unit is worth.
    public var balance: Money?
    /// Whether the key can pay although the balance is zero.
    public var otherMeans: Bool
    /// Seconds for which the provider wants to be left alone, and with what; nil: it did not say so.
    public var rest: (scope: Fault.Scope, seconds: Double)? {
        get { restScope.map { ($0, restSeconds) } }
        set { (restScope, restSeconds) = (newValue?.scope, newValue?.seconds ?? 0) }
    }
    private var restScope: Fault.Scope?
    private var restSeconds = 0.0

    public init(_ answer: Answer, balance: Money? = nil, otherMeans: Bool = false) {
        self.answer = answer
        self.balance = balance
        self.otherMeans = otherMeans
    }

    /// What an adapter's reply to `validate` or `balance` says of the key.
    ///
    /// - Parameter unit: what the unit of the provider's balance is worth; nil when nobody knows.
    public init(_ reply: OperationReply, unit: UnitValue?, at now: Timestamp) {
        switch reply {
        case .valid(let key): self.init(key.balance, unit: unit)
        case .balance(let balance): self.init(balance, unit: unit)
        case .fault(let fault): self.init(fault, at: now)
        case .submitted, .polled, .reported: self.init(.unclear(.unreachable))
        }
    }

    private init(_ balance: Balance?, unit: UnitValue?) {
        self.init(
            .known, balance: balance.flatMap { balance in unit.flatMap { $0.usd(balance.amount) } },
            otherMeans: balance?.otherMeans ?? false)
        // Nothing is nothing in every unit.
        if let balance, unit == nil, !balance.otherMeans, let amount = UnitValue.usd.usd(balance.amount),
            amount <= .zero
        {
            answer = .noFunds
        }
    }

    private init(_ fault: Fault, at now: Timestamp) {
        switch fault.kind {
        case .noFunds: self.init(.noFunds)
        case .invalidKey, .keyDisabled: self.init(.refused(fault.refusal ?? .wrongKey))
        case .ipNotAllowed: self.init(.unclear(.ipNotAllowed))
        case .banned(let scope, let until):
            self.init(.unclear(.banned))
            if let until {
                rest = (scope, Double(until) - Double(now.milliseconds) / 1000)
            } else if scope == .provider {
                rest = (scope, Limits.banRestSeconds)
            }
        case .rateLimited(let scope, let seconds):
            self.init(.unclear(.rateLimited))
            if let seconds {
                rest = (scope, seconds)
            } else if scope == .provider {
                rest = (scope, Limits.rateLimitRestSeconds)
            }
        default: self.init(.unclear(.unreachable))
        }
        if let (scope, seconds) = rest { rest = (scope, min(max(seconds, 0), Limits.longestKeyRestSeconds)) }
    }

    /// What it means for the life of a key.
    ///
    /// - Parameters:
    ///   - cheapest: what the cheapest task costs at the provider; nil when nobody knows.
    ///   - wasEmptied: whether a task found it empty, and the balance that the provider tells does not take that back.
    func lifeFinding(cheapest: Money?, wasEmptied: Bool) -> RecycledKeyLife.Finding {
        switch answer {
        case .noFunds: return .poor(.noFunds)
        case .refused(let reason): return .refused(reason)
        case .unclear(let reason): return .unclear(reason)
        case .known:
            guard !otherMeans else { return .good }
            guard !wasEmptied else { return .poor(.noFunds) }
            guard let balance else { return .good }
            guard balance > .zero else { return .poor(.noFunds) }
            return cheapest.map { balance < $0 } == true ? .poor(.lowBalance) : .good
        }
    }

    /// Whether the provider has said something of the key.
    var isAnswer: Bool { if case .unclear = answer { false } else { true } }

    /// A word for metrics, of a closed set.
    var label: String {
        switch answer {
        case .known: "good"
        case .noFunds: RecycledKeyLife.Reason.noFunds.rawValue
        case .refused(let reason), .unclear(let reason): reason.rawValue
        }
    }
}

extension Fault {
    /// Why a provider that answers so refuses a key; nil when it does not.
    var refusal: RecycledKeyLife.Reason? {
        switch kind {
        case .invalidKey: .wrongKey
        case .keyDisabled: .disabled
        default: nil
        }
    }
}
