import Domain
import TestSupport
import Testing

@Suite("The margin")
struct MarginTests {
    private func nanos(_ nanos: Int64) throws -> Money { try #require(Money(nanos: nanos)) }

    @Test("A margin is decimal text from 0 to 10 with nine decimals at most")
    func text() {
        for (text, shown) in [
            ("0", "0"), ("0.1", "0.1"), ("1e-9", "0.000000001"), ("10", "10"), ("0.10", "0.1"), ("2.5", "2.5"),
        ] {
            #expect(Margin(decimal: text)?.description == shown)
        }
        for text in ["", "-0.1", "-1e-9", "10.000000001", "11", "0.0000000001", "10%", "a", "0,1", " 1"] {
            #expect(Margin(decimal: text) == nil, "\(text)")
        }
        #expect(Margin(decimal: "0") == .zero)
    }

    @Test("A price is cost x (1 + margin), rounded up to 10^-9")
    func prices() throws {
        for (margin, cost, price) in [
            ("0", 1_000, 1_000), ("0.1", 1_000, 1_100), ("0.1", 1_001, 1_102), ("0.1", 1, 2), ("1e-9", 1, 2),
            ("1e-9", 1_000_000_000, 1_000_000_001), ("10", 3, 33), ("0.333333333", 3, 4), ("0.5", 0, 0),
        ] as [(String, Int64, Int64)] {
            let margin = try #require(Margin(decimal: margin))
            #expect(try margin.price(of: nanos(cost)) == nanos(price))
        }
    }

    @Test("A price beyond every amount is held at the bound")
    func bound() throws {
        let margin = try #require(Margin(decimal: "10"))
        #expect(try margin.price(of: nanos(Money.bound / 11 + 1)) == .most)
        #expect(margin.price(of: .most) == .most)
        #expect(Margin.zero.price(of: .most) == .most)
    }

    @Test("No price is below its cost, nor a whole unit above what it has to be")
    func random() throws {
        var random = SeededGenerator(seed: 8)
        for _ in 0..<2_000 {
            let billionths = Int64.random(in: 0...10_000_000_000, using: &random)
            let margin = try #require(Margin(decimal: nanos(billionths).description))
            let cost = Int64.random(in: 0...1_000_000_000_000, using: &random)
            let price = try margin.price(of: nanos(cost)).nanos
            let exact = Int128(cost) * (1_000_000_000 + Int128(billionths))
            #expect(Int128(price) * 1_000_000_000 >= exact)
            #expect((Int128(price) - 1) * 1_000_000_000 < exact)
        }
    }
}
