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

    @Test("Offers come by price and then by name")
    func order() throws {
        let table = OfferTable([
            try offer("c", "0.1", ["k2", "k1"]), try offer("b", "0.3", []), try offer("a", "0.3", ["x"]),
        ])
        #expect(table.offers(of: .altcha).map(\.provider) == ["c", "a", "b"])
        #expect(table.offer(of: .altcha, at: "c")?.credentials == ["k2", "k1"])
        #expect(table.offer(of: .altcha, at: "d") == nil)
        #expect(table.offers(of: .turnstile).isEmpty)
        #expect(table.families == [.altcha])
    }
}
