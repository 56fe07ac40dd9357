public import ProviderKit

/// What the end of an attempt tells about the provider and the key that had it.
public struct AttemptVerdict: Sendable, Hashable {
    public let kind: Kind
    /// Seconds from the submit to the end; nil where they are not known, as after a start.
    public let seconds: Double?
    /// What the provider took of the key for it, as far as it is known, and what it may have taken where it isn't.
    public let spent: Money
    /// Whether the provider had taken it, and was to solve it.
    public let wasTaken: Bool

    public enum Kind: Sendable, Hashable {
        /// `cost` is what the client pays for it, margin included, before the ceiling. `polled`: between which seconds
        /// after the provider took the task it was solved, as the last poll that said no and the one that had it; nil
        /// when the submit's own answer had the solution or the times are not known.
        case solved(cost: Money, polled: ClosedRange<Double>?)
        /// The provider, or the way to it, failed so.
        case fault(Fault)
        /// The adapter's process ended meanwhile.
        case crashed
        /// It had all the time that it may take, and did not solve the task.
        case tooSlow
        /// It says nothing: it was never sent, or it ended with its task.
        case withdrawn
    }

    public init(_ kind: Kind, seconds: Double?, spent: Money = .zero, wasTaken: Bool = false) {
        self.kind = kind
        self.seconds = seconds
        self.spent = spent
        self.wasTaken = wasTaken
    }
}
