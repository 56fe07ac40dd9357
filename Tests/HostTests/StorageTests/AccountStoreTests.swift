import Domain
import Storage
import TestSupport
import Testing

@Suite("Accounts, keys and deposits, in every store")
struct AccountStoreTests {
    @Test("An account is found by its number, with what was said about it", arguments: StoreKind.allCases)
    func account(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 0)
        let second = try StoreFixture.createAccount(in: fixture.store, name: "Ünïcode")
        #expect(second == AccountID(2))
        let expected = Account(
            id: second, name: "Ünïcode", suspended: false, balance: .zero, held: .zero, createdAt: StoreFixture.start)
        #expect(try fixture.store.account(second) == expected)
        #expect(try fixture.store.account(AccountID(3)) == nil)
        #expect(try fixture.store.accounts().map(\.id) == [AccountID(1), second])
    }

    @Test("A key is found by its hash, and tells whether its account is suspended", arguments: StoreKind.allCases)
    func key(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let hash = [UInt8](repeating: 7, count: 32)
        #expect(try fixture.store.key(hash: hash) == KeyHolder(key: fixture.key, accountSuspended: false))
        #expect(fixture.key.scopes == [.solve, .manage])
        #expect(try fixture.store.key(hash: [UInt8](repeating: 8, count: 32)) == nil)
        try fixture.expect(.success(.done), .setSuspended(fixture.account, true))
        #expect(try fixture.store.key(hash: hash)?.accountSuspended == true)
        try fixture.expect(.success(.done), .setSuspended(fixture.account, false))
        #expect(try fixture.store.key(hash: hash)?.accountSuspended == false)
    }

    @Test(
        "An account comes with its first key and deposit in one, or not at all", arguments: StoreKind.allCases)
    func wholeAccount(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 0)
        let key = NewKey(name: "first", hash: [UInt8](repeating: 8, count: 32), scopes: [.solve])
        let reply = try fixture.commit(.createAccount(name: "whole", key: key, deposit: Money(nanos: 50)))
        guard case .account(let account) = try reply.get() else { throw TestFailure("no account") }
        #expect(account.balance == Money(nanos: 50))
        #expect(try fixture.store.account(account.id) == account)
        #expect(try fixture.store.key(hash: key.hash)?.key.account == account.id)
        try fixture.expect(.failure(.duplicateKey), .createAccount(name: "again", key: key, deposit: nil))
        let other = NewKey(name: "first", hash: [UInt8](repeating: 9, count: 32), scopes: [.solve])
        try fixture.expect(.failure(.badAmount), .createAccount(name: "nothing", key: other, deposit: .zero))
        #expect(try fixture.store.accounts().count == 2)
        #expect(try fixture.store.key(hash: other.hash) == nil)
        try fixture.expectSoundLedger()
    }

    @Test("Keys keep their scopes apart", arguments: StoreKind.allCases, [[APIKey.Scope.solve], [.manage], []])
    func scopes(kind: StoreKind, scopes: [APIKey.Scope]) throws {
        let fixture = try StoreFixture(kind)
        let hash = [UInt8](repeating: 9, count: 32)
        _ = try fixture.commit(.createKey(fixture.account, NewKey(name: "", hash: hash, scopes: Set(scopes))))
        #expect(try fixture.store.key(hash: hash)?.key.scopes == Set(scopes))
    }

    @Test("A hash belongs to one key, and a key to an account that exists", arguments: StoreKind.allCases)
    func keyRefusals(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let hash = [UInt8](repeating: 7, count: 32)
        try fixture.expect(
            .failure(.duplicateKey), .createKey(fixture.account, NewKey(name: "", hash: hash, scopes: [])))
        try fixture.expect(
            .failure(.unknownAccount), .createKey(AccountID(9), NewKey(name: "", hash: hash, scopes: [])))
        try fixture.expect(.failure(.unknownAccount), .setSuspended(AccountID(9), true))
        #expect(throws: StoreFailure.self) {
            try fixture.commit(.createKey(fixture.account, NewKey(name: "", hash: [1, 2, 3], scopes: [])))
        }
    }

    @Test("A deposit adds to the balance", arguments: StoreKind.allCases)
    func deposit(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 0)
        try fixture.expect(.success(.deposited(posted: true)), .deposit(fixture.account, money(5), reference: nil))
        try fixture.expect(.success(.deposited(posted: true)), .deposit(fixture.account, money(7), reference: nil))
        #expect(try fixture.amounts() == [12, 0])
        #expect(try fixture.store.verifyLedger().transactions == 2)
        try fixture.expectSoundLedger()
    }

    @Test("A deposit with the same reference and amount is posted once", arguments: StoreKind.allCases)
    func reference(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 0)
        let other = try StoreFixture.createAccount(in: fixture.store)
        let deposit = StoreOperation.deposit(fixture.account, money(5), reference: "r")
        try fixture.expect(.success(.deposited(posted: true)), deposit)
        try fixture.expect(.success(.deposited(posted: false)), deposit)
        try fixture.expect(.failure(.referenceReused), .deposit(fixture.account, money(6), reference: "r"))
        try fixture.expect(.success(.deposited(posted: true)), .deposit(other, money(6), reference: "r"))
        #expect(try fixture.amounts() == [5, 0])
        try fixture.expectSoundLedger()
    }

    @Test("A reference that repeats within a batch is posted once", arguments: StoreKind.allCases)
    func referenceInBatch(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 0)
        let deposit = StoreOperation.deposit(fixture.account, money(5), reference: "r")
        let results = try fixture.store.commit([deposit, deposit], at: StoreFixture.start)
        #expect(results == [.success(.deposited(posted: true)), .success(.deposited(posted: false))])
        #expect(try fixture.amounts() == [5, 0])
    }

    @Test("Amounts that cannot be deposited are refused", arguments: StoreKind.allCases)
    func badAmounts(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 1)
        for amount in [0, -1, Limits.depositedBalanceNanos, Money.bound] {
            try fixture.expect(.failure(.badAmount), .deposit(fixture.account, money(amount), reference: nil))
        }
        try fixture.expect(.failure(.unknownAccount), .deposit(AccountID(9), money(1), reference: nil))
        try fixture.expect(
            .success(.deposited(posted: true)),
            .deposit(fixture.account, money(Limits.depositedBalanceNanos - 1), reference: nil))
        #expect(try fixture.amounts() == [Limits.depositedBalanceNanos, 0])
        try fixture.expectSoundLedger()
    }
}
