import Domain
import TestSupport
import Testing

@Suite("The ledger's values")
struct LedgerTests {
    private let client = LedgerAccount.client(AccountID(7))

    private func money(_ text: String) throws -> Money { try #require(Money(decimal: text)) }

    @Test("The stored name of every account is read as the same account")
    func names() throws {
        let chart: [(LedgerAccount, String)] = [
            (.client(AccountID(1)), "client:1"), (.client(AccountID(.max)), "client:9223372036854775807"),
            (.cash, "cash"),
            (.revenue, "revenue"), (.providerCost("2captcha"), "provider-cost:2captcha"),
            (.providerFunds("a:b"), "provider-funds:a:b"), (.refunds, "refunds"), (.losses, "losses"),
        ]
        for (account, name) in chart {
            #expect(account.name == name)
            #expect(LedgerAccount(name: name) == account)
        }
    }

    @Test(
        "A name that is not exactly of the chart is no account",
        arguments: [
            "", ":", "client", "client:", "client:x", "client:+1", "client:01", "client: 1", "client:1:2", "client::1",
            "provider-cost", "provider-cost:", "provider-funds:", "Cash", "cash:", ":cash", "cash:1", "revenue ",
            "::cash",
            "client:9223372036854775808",
        ])
    func foreignNames(name: String) {
        #expect(LedgerAccount(name: name) == nil)
    }

    @Test("Entries that do not sum to zero are no transaction")
    func unbalanced() throws {
        #expect(
            try LedgerTransaction(.adjustment, [.init(client, money("1")), .init(.losses, money("-0.999999999"))])
                == nil)
        #expect(try LedgerTransaction(.adjustment, [.init(client, money("1"))]) == nil)
        #expect(LedgerTransaction(.adjustment, []) == nil)
        #expect(LedgerTransaction(.adjustment, [.init(client, .zero), .init(.cash, .zero)]) == nil)
        // These would sum to zero if the sum were cut off at 64 bits.
        let most = try #require(Money(nanos: Money.bound))
        let wrap = try #require(Money(nanos: 384_000_000_000_000_000 / 3))
        let entries = Array(repeating: LedgerTransaction.Entry(client, most), count: 4) + [.init(.cash, wrap)]
        #expect(LedgerTransaction(.adjustment, entries) == nil)
    }

    @Test("Any entries make a transaction exactly when they sum to zero")
    func randomEntries() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<5_000 {
            var nanos = (0..<Int.random(in: 1...6, using: &random)).map { _ in Int64.random(in: -3...3, using: &random)
            }
            if Bool.random(using: &random) { nanos.append(-nanos.reduce(0, +)) }
            let entries = try nanos.map { LedgerTransaction.Entry(client, try #require(Money(nanos: $0))) }
            let transaction = LedgerTransaction(.adjustment, entries)
            #expect((transaction != nil) == (nanos.reduce(0, +) == 0 && nanos.contains { $0 != 0 }), "\(nanos)")
            #expect(transaction?.entries.contains { $0.amount == .zero } != true)
        }
    }

    @Test("A deposit moves money from cash to the client, and has to be positive")
    func deposit() throws {
        let deposit = try #require(LedgerTransaction.deposit(to: AccountID(7), money("5"), reference: "r-1"))
        #expect(try deposit.entries == [.init(client, money("5")), .init(.cash, money("-5"))])
        #expect(deposit.kind == .deposit && deposit.reference == "r-1" && deposit.task == nil)
        #expect(LedgerTransaction.deposit(to: AccountID(7), .zero, reference: nil) == nil)
        #expect(try LedgerTransaction.deposit(to: AccountID(7), money("-1"), reference: nil) == nil)
    }

    @Test("A charge moves the price to revenue, and what the provider took to its cost")
    func charge() throws {
        let task = try #require(TaskID(1))
        let charge = try #require(
            LedgerTransaction.charge(AccountID(7), for: task, price: money("3"), provider: "p", cost: money("2")))
        #expect(
            try charge.entries == [
                .init(client, money("-3")), .init(.revenue, money("3")), .init(.providerCost("p"), money("-2")),
                .init(.providerFunds("p"), money("2")),
            ])
        #expect(charge.kind == .taskCharge && charge.task == task)
    }

    @Test("A charge leaves out what is zero, and is none when nothing moves or an amount is negative")
    func chargesWithoutAmounts() throws {
        let task = try #require(TaskID(1))
        func charge(_ price: String, _ cost: String) throws -> LedgerTransaction? {
            try LedgerTransaction.charge(AccountID(7), for: task, price: money(price), provider: "p", cost: money(cost))
        }
        #expect(try charge("3", "0")?.entries.map(\.account) == [client, .revenue])
        #expect(try charge("0", "2")?.entries.map(\.account) == [.providerCost("p"), .providerFunds("p")])
        #expect(try charge("0", "0") == nil)
        #expect(try charge("-3", "0") == nil)
        #expect(try charge("3", "-1") == nil)
    }

    @Test("The kinds are stored under their documented names")
    func kinds() {
        #expect(
            LedgerTransaction.Kind.allCases.map(\.rawValue) == [
                "DEPOSIT", "TASK_CHARGE", "TASK_REFUND", "RECYCLE_CREDIT", "ADJUSTMENT",
            ])
    }
}

@Suite("What is reserved for a task")
struct ReservationTests {
    private func candidates(_ prices: [Int64]) throws -> [Candidate] {
        try prices.enumerated().map { index, price in
            Candidate(provider: "p\(index)", credential: nil, price: try #require(Money(nanos: price)), cost: .zero)
        }
    }

    @Test(
        "The dearest price that the balance covers is reserved, and the first candidate within it begins",
        arguments: [
            ([5, 3, 9], 10, 9, 0), ([5, 3, 9], 9, 9, 0), ([5, 3, 9], 8, 5, 0), ([5, 3, 9], 4, 3, 1),
            ([5, 3, 9], 3, 3, 1),
            ([9, 5, 3], 5, 5, 1), ([4, 4], 4, 4, 0), ([0], 0, 0, 0),
        ] as [([Int64], Int64, Int64, Int)])
    func reserved(prices: [Int64], available: Int64, ceiling: Int64, first: Int) throws {
        let reservation = try Reservation(candidates(prices), available: #require(Money(nanos: available)))
        #expect(reservation?.ceiling.nanos == ceiling)
        #expect(reservation?.first == first)
    }

    @Test("Nothing is reserved when not even the cheapest is covered, or there is no candidate")
    func notCovered() throws {
        #expect(try Reservation(candidates([5, 3, 9]), available: #require(Money(nanos: 2))) == nil)
        #expect(try Reservation(candidates([1]), available: .zero) == nil)
        #expect(try Reservation(candidates([]), available: #require(Money(nanos: 100))) == nil)
    }

    @Test("A reservation never exceeds the balance, nor is it below any price that was covered")
    func properties() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<5_000 {
            let prices = (0..<Int.random(in: 1...5, using: &random)).map { _ in Int64.random(in: 1...20, using: &random)
            }
            let available = Int64.random(in: 0...22, using: &random)
            let list = try candidates(prices)
            guard let reservation = try Reservation(list, available: #require(Money(nanos: available))) else {
                #expect(prices.allSatisfy { $0 > available })
                continue
            }
            #expect(reservation.ceiling.nanos <= available)
            #expect(prices.allSatisfy { $0 > available || $0 <= reservation.ceiling.nanos })
            #expect(list[reservation.first].price <= reservation.ceiling)
            #expect(list[..<reservation.first].allSatisfy { $0.price > reservation.ceiling })
        }
    }
}
