import Domain
import ProviderKit
import Routing
import Testing

@Suite("What is on offer")
struct OfferTableTests {
    private func offer(_ provider: String, _ price: String, _ credentials: [String]) throws -> ProviderOffer {
        let price = try #require(Money(decimal: price))
        return ProviderOffer(provider: provider, family: .altcha, price: price, cost: price, credentials: credentials)
    }

    private func choice(ceiling: String = "10", forced: String? = nil) throws -> CandidateChoice {
        CandidateChoice(
            family: .altcha, ceiling: try #require(Money(decimal: ceiling)), forcedProvider: forced)
    }

    @Test("Candidates to begin with come by price and then by name, each provider once with its first key")
    func order() throws {
        let table = OfferTable([
            try offer("c", "0.1", ["k2", "k1"]), try offer("b", "0.3", []), try offer("a", "0.3", ["x"]),
        ])
        #expect(table.candidates(for: .altcha).map(\.provider) == ["c", "a", "b"])
        #expect(table.candidates(for: .altcha).map(\.credential) == ["k2", "x", nil])
        #expect(table.candidates(for: .turnstile).isEmpty)
        #expect(table.families == [.altcha])
    }

    @Test("A choice is looked for among all keys, in the order of price, provider and key")
    func keys() throws {
        let table = OfferTable([try offer("b", "0.3", ["1"]), try offer("a", "0.1", ["2", "1"])])
        #expect(table.candidate(try choice())?.credential == "2")
        #expect(table.candidate(try choice(forced: "b"))?.provider == "b")
        #expect(table.candidate(try choice(ceiling: "0.2", forced: "b")) == nil)
        #expect(table.candidate(try choice(forced: "c")) == nil)
        #expect(table.candidate(CandidateChoice(family: .turnstile, ceiling: try choice().ceiling)) == nil)
    }
}
