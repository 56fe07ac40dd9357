import Domain
import ProviderKit
import Routing
import Testing

@Suite("What an adapter's tasks cost")
struct PriceListTests {
    private func manifest(
        unit: String = "USD", reportsCost: Bool = false, _ offers: [Manifest.Offer]
    ) -> Manifest {
        Manifest(
            id: "a", displayName: "A", version: "1", key: nil, offers: offers, balanceUnit: unit,
            reportsCost: reportsCost)
    }

    private func texts(_ list: PriceList) -> [TaskFamily: String] { list.prices.mapValues(\.description) }

    @Test("The operator's price comes before the list price")
    func configured() throws {
        let list = PriceList(
            manifest([.init(.altcha, listPrice: "0.1"), .init(.turnstile, listPrice: "0.00145")]),
            prices: [.altcha: try #require(Money(decimal: "0.5"))], unitValue: nil)
        #expect(texts(list) == [.altcha: "0.5", .turnstile: "0.00145"])
        #expect(list.notes.isEmpty)
    }

    @Test("List prices in a unit of its own are worth what the operator says, rounded up")
    func converted() throws {
        let list = PriceList(
            manifest(
                unit: "token", reportsCost: true,
                [.init(.altcha, listPrice: "0.0055"), .init(.turnstile, listPrice: "3"), .init(.hcaptcha)]),
            prices: [.turnstile: try #require(Money(decimal: "0.7"))], unitValue: UnitValue(decimal: "0.000000333"))
        #expect(texts(list) == [.altcha: "0.000000002", .turnstile: "0.7"])
        #expect(list.notes == [.unpriced([.hcaptcha])])
    }

    @Test("Without the unit's worth only what has a configured price is offered, and the operator is told why")
    func unknownUnit() throws {
        let list = PriceList(
            manifest(
                unit: "token", reportsCost: true, [.init(.altcha, listPrice: "1"), .init(.turnstile, listPrice: "1")]),
            prices: [.turnstile: try #require(Money(decimal: "0.7"))], unitValue: nil)
        #expect(texts(list) == [.turnstile: "0.7"])
        #expect(list.notes == [.unitWithoutValue("token"), .unpriced([.altcha])])
        let sentence = try #require(list.notes.first).sentence(of: "multibot")
        #expect(sentence.contains("adapters.multibot counts in token"))
        #expect(sentence.contains("costs is not used") && sentence.contains("Set `unitValue`"))
    }

    @Test("A price that leaves the bound, is none or is nothing makes no offer", arguments: ["4e9", "0", "-1", "free"])
    func unusable(price: String) {
        let offers = [Manifest.Offer(.altcha, listPrice: price)]
        let list = PriceList(manifest(unit: "token", offers), prices: [:], unitValue: UnitValue(decimal: "2"))
        #expect(list.prices.isEmpty)
        #expect(list.notes == [.unpriced([.altcha])])
    }

    @Test("Settings that change nothing are pointed out")
    func useless() throws {
        let list = PriceList(
            manifest([.init(.altcha, listPrice: "1")]), prices: [.turnstile: try #require(Money(decimal: "1"))],
            unitValue: UnitValue(decimal: "2"))
        #expect(texts(list) == [.altcha: "1"], "a dollar stays a dollar")
        #expect(list.notes == [.notSold(.turnstile), .valueWithoutUse])
        for note in list.notes { #expect(note.sentence(of: "x").hasPrefix("adapters.x")) }
    }

    @Test("What has no price is told in one sentence")
    func unpriced() {
        let note = PriceList.Note.unpriced([.altcha, .hcaptcha])
        #expect(note.sentence(of: "x").hasPrefix("adapters.x does not offer altcha, hcaptcha: "))
    }
}
