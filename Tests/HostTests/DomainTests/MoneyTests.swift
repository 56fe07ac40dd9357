import Domain
import TestSupport
import Testing

@Suite("Money")
struct MoneyTests {
    @Test("An amount lies within the bound either way, or is refused")
    func bound() {
        #expect(Money(nanos: Money.bound)?.nanos == Money.bound)
        #expect(Money(nanos: -Money.bound)?.nanos == -Money.bound)
        for nanos in [Money.bound + 1, -Money.bound - 1, .max, .min] { #expect(Money(nanos: nanos) == nil) }
    }

    @Test("Two amounts of the bound can be added without overflow")
    func addition() throws {
        let most = try #require(Money(nanos: Money.bound))
        let one = try #require(Money(nanos: 1))
        #expect(most.adding(most) == nil)
        #expect(most.adding(one) == nil)
        #expect(most.negated.subtracting(one) == nil)
        #expect(most.negated.adding(most.negated) == nil)
        #expect(most.subtracting(most) == .zero)
        #expect(most.subtracting(most.negated) == nil)
        #expect(one.adding(one)?.nanos == 2)
        #expect(one.subtracting(most)?.nanos == 1 - Money.bound)
        #expect(most.negated.negated == most)
    }

    @Test("A sum is exact though its parts leave the bound on the way")
    func sum() throws {
        let most = try #require(Money(nanos: Money.bound))
        let many = Array(repeating: most, count: 1000) + Array(repeating: most.negated, count: 999)
        #expect(Money.sum(many) == most)
        #expect(Money.sum(many + [most]) == nil)
        #expect(Money.sum([]) == .zero)
    }

    @Test("Amounts are ordered by their worth")
    func order() throws {
        let amounts = try ["-1", "-0.000000001", "0", "0.000000001", "1"].map { try #require(Money(decimal: $0)) }
        #expect(amounts.shuffled().sorted() == amounts)
    }

    @Test(
        "An amount is shown exactly, without trailing zeros",
        arguments: [
            (0, "0"), (1, "0.000000001"), (-1, "-0.000000001"), (200_000, "0.0002"), (-3_000_000_000, "-3"),
            (12_500_000_000, "12.5"), (1_000_000_001, "1.000000001"), (100_000_000_000, "100"),
            (Money.bound, "4000000000"), (-Money.bound + 1, "-3999999999.999999999"),
        ] as [(Int64, String)])
    func description(nanos: Int64, text: String) throws {
        #expect(try #require(Money(nanos: nanos)).description == text)
    }

    @Test("What is shown of any amount is read as the same amount")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let shift = Int64(1) << Int64.random(in: 0..<62, using: &random)
            let nanos = Int64.random(in: -Money.bound...Money.bound, using: &random) / shift
            let money = try #require(Money(nanos: nanos))
            #expect(Money(decimal: money.description) == money)
        }
    }

    @Test("What an account can use is its balance without what is held")
    func available() throws {
        let account = Account(
            id: AccountID(1), name: "", suspended: false, balance: try #require(Money(decimal: "1")),
            held: try #require(Money(decimal: "0.25")), createdAt: Timestamp(milliseconds: 0))
        #expect(account.available.description == "0.75")
    }
}
