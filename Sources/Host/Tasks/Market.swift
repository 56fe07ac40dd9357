public import Domain
import NIOConcurrencyHelpers
import ProviderKit
public import Routing

/// The providers that are there, what they sell, and how they are doing: shared by all tasks.
///
/// Everything is answered at once, from any thread.
public final class Market: Sendable {
    /// What the platform adds to what providers take.
    let margin: Margin
    private let state: NIOLockedValueBox<State>

    private struct State {
        var providers: [String: Provider]
        var board: RouteBoard
    }

    /// - Parameters:
    ///   - board: with the offers, and with what is known of former times.
    ///   - margin: by which the offers' prices are above their costs.
    public init(providers: [Provider], board: RouteBoard, margin: Margin = .zero) {
        self.margin = margin
        state = NIOLockedValueBox(State(providers: Market.byName(providers), board: board))
    }

    private static func byName(_ providers: [Provider]) -> [String: Provider] {
        Dictionary(providers.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Takes other credentials and offers, such as after a key was added. Tasks under way see them at their next step.
    public func replace(providers: [Provider], offers: OfferTable) {
        state.withLockedValue { state in
            state.providers = Market.byName(providers)
            state.board.replace(offers: offers)
        }
    }

    /// Has tasks go through a recycled key, or takes note of what is on it now. Its credential is one that
    /// `ProviderKeyID.recycledCredential` makes.
    public func pool(_ key: PooledKey, at provider: String) {
        state.withLockedValue { $0.board.pool(key, at: provider) }
    }

    /// Has no further task go through a recycled key. Attempts that it has go on; those that were not sent yet move to
    /// other keys.
    public func unpool(_ credential: String, at provider: String) {
        state.withLockedValue { $0.board.unpool(credential, at: provider) }
    }

    /// Ends the rest of a key, the platform's or a recycled one, since the provider was asked about it and finds it
    /// good.
    public func endRest(_ credential: String, at provider: String) {
        state.withLockedValue { $0.board.endRest(credential, at: provider) }
    }

    /// Asks for a place to have a key checked; `checkEnded` gives it back.
    public func takeCheck(at provider: String, _ now: Timestamp) -> Bool {
        state.withLockedValue { $0.board.takeCheck(at: provider, now) }
    }

    public func checkEnded(at provider: String) {
        state.withLockedValue { $0.board.checkEnded(at: provider) }
    }

    /// Takes note that a provider has refused a key in answer to something else than an attempt.
    public func noteWrongKey(at provider: String, wasGood: Bool, _ now: Timestamp) {
        state.withLockedValue { $0.board.noteWrongKey(at: provider, wasGood: wasGood, now) }
    }

    /// Whether there is anybody whom a task could go to.
    public var hasTakers: Bool { state.withLockedValue { $0.board.hasTakers } }

    /// What is on offer now.
    public var offers: OfferTable { state.withLockedValue { $0.board.offers } }

    /// The provider instances by name.
    var providers: [String: Provider] { state.withLockedValue { $0.providers } }

    func provider(_ name: String) -> Provider? { state.withLockedValue { $0.providers[name] } }

    /// The provider of a candidate and a place for an attempt there; nil when its adapter is not loaded.
    func admit(
        _ candidate: Candidate, _ family: TaskFamily, turn: Turn? = nil, at now: Timestamp
    ) -> (Provider?, Admission?) {
        state.withLockedValue { state in
            guard let provider = state.providers[candidate.provider] else { return (nil, nil) }
            return (provider, state.board.admit(candidate, family, turn: turn, at: now))
        }
    }

    /// Gives the place of an attempt back, with what its end tells. When it is time to make the schedule of polls anew
    /// by such ends, that is done here, and no other task waits meanwhile.
    func ended(_ slot: AttemptSlot, _ verdict: AttemptVerdict, at now: Timestamp) {
        let renewal = withBoard { board in
            board.ended(slot, verdict, at: now)
            return board.pollRenewal(of: slot.lane, at: now)
        }
        guard let renewal else { return }
        let schedule = renewal.make()
        withBoard { $0.take(schedule, of: renewal, for: slot.lane) }
    }

    /// Looks at the board, or has it take note of something.
    func withBoard<Result: Sendable>(_ body: (inout RouteBoard) -> Result) -> Result {
        state.withLockedValue { body(&$0.board) }
    }
}
