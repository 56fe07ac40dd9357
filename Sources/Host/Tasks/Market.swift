import Domain
import NIOConcurrencyHelpers
import ProviderKit
public import Routing

/// The providers that are there, what they sell, and how they are doing: shared by all tasks.
///
/// Everything is answered at once, from any thread.
public final class Market: Sendable {
    private let state: NIOLockedValueBox<State>

    private struct State {
        var providers: [String: Provider]
        var board: RouteBoard
    }

    /// - Parameter board: with the offers, and with what is known of former times.
    public init(providers: [Provider], board: RouteBoard) {
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

    /// What is on offer now.
    public var offers: OfferTable { state.withLockedValue { $0.board.offers } }

    /// The provider instances by name.
    var providers: [String: Provider] { state.withLockedValue { $0.providers } }

    func provider(_ name: String) -> Provider? { state.withLockedValue { $0.providers[name] } }

    /// The provider of a candidate and a place for an attempt there; nil when its adapter is not loaded.
    func admit(
        _ candidate: Candidate, _ family: TaskFamily, at now: Timestamp
    ) -> (Provider?, Admission?) {
        state.withLockedValue { state in
            guard let provider = state.providers[candidate.provider] else { return (nil, nil) }
            return (provider, state.board.admit(candidate, family, at: now))
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
