import Domain
import ProviderKit
import Storage
import Testing

/// A store with two accounts, a vault and numbers for recycled keys.
struct RecyclingFixture {
    static let threshold = money(1_000)

    let fixture: StoreFixture
    /// The account that the fixture's tasks are of, and another.
    let owner: AccountID
    let other: AccountID

    var store: any Store { fixture.store }

    init(_ kind: StoreKind, balance: Int64 = 1_000) throws {
        fixture = try StoreFixture(kind, balance: balance)
        owner = fixture.account
        other = try StoreFixture.createAccount(in: fixture.store, name: "other")
        try fixture.expect(
            .success(.done),
            .vault(.replaceDataKeys(expecting: [], with: [WrappedDataKey(version: 1, wrapped: [1])])))
    }

    /// A key that is sealed under the next number.
    func seal(
        of owner: AccountID?, at provider: String = "a", print: UInt8 = 9, sealed: [UInt8]? = nil, dataKey: Int = 1
    ) throws -> SealedProviderKey {
        guard case .success(.reservedProviderKey(let id)) = try fixture.commit(.vault(.reserveProviderKey)) else {
            throw Unexpected([])
        }
        return SealedProviderKey(
            id: id, provider: provider, owner: owner, label: "Ünïcode", dataKey: dataKey,
            sealed: sealed ?? [1, UInt8(truncatingIfNeeded: id.number)],
            fingerprint: Array(repeating: print, count: 32))
    }

    /// Hands over a key of the owner; it is PENDING then.
    func submit(of owner: AccountID, at provider: String = "a", print: UInt8 = 9) throws -> ProviderKeyID {
        let key = try seal(of: owner, at: provider, print: print)
        guard case .success(.recycledKey) = try fixture.commit(.recycling(.submit(key, masked: "ab...yz"))) else {
            throw Unexpected([])
        }
        return key.id
    }

    /// Hands over a key and has it found good.
    func activate(of owner: AccountID, at provider: String = "a", print: UInt8 = 9) throws -> ProviderKeyID {
        let id = try submit(of: owner, at: provider, print: print)
        _ = try check(id, RecycledKeyCheck(.good))
        return id
    }

    /// The key as a commit at that time leaves it.
    @discardableResult
    func commit(_ operation: RecyclingOperation, after seconds: Double = 0) throws -> RecycledKey {
        let results = try store.commit([.recycling(operation)], at: StoreFixture.start.adding(seconds: seconds))
        guard case .success(.recycledKey(let key))? = results.first else { throw Unexpected(results) }
        #expect(try store.recycledKey(key.id) == key, "the reply is what is stored")
        return key
    }

    @discardableResult
    func event(_ id: ProviderKeyID, _ event: RecycledKeyLife.Event, after seconds: Double = 0) throws -> RecycledKey {
        try commit(.event(id, of: nil, event), after: seconds)
    }

    @discardableResult
    func check(_ id: ProviderKeyID, _ check: RecycledKeyCheck, after seconds: Double = 0) throws -> RecycledKey {
        try commit(.checked(id, check, .init(drift: RecyclingFixture.threshold)), after: seconds)
    }

    func candidate(_ id: ProviderKeyID?, at provider: String = "a", price: Int64 = 100, cost: Int64 = 80) -> Candidate {
        Candidate(
            provider: provider, credential: id?.recycledCredential ?? "config-1", price: money(price), cost: money(cost)
        )
    }

    /// A task of the fixture's account whose first attempt uses this candidate.
    func accept(_ candidate: Candidate) throws -> TaskID {
        let task = NewTask(
            account: fixture.account, key: fixture.key.id, family: .altcha, payload: [], candidates: [candidate],
            deadline: StoreFixture.start.adding(seconds: 300))
        guard case .success(.accepted(let accepted)) = try fixture.commit(.accept(task)) else { throw Unexpected([]) }
        return accepted.id
    }

    /// Settles a task whose first attempt has solved it.
    func solve(_ task: TaskID, reported: Int64? = nil, price: Int64 = 100, cost: Int64 = 80) throws {
        let outcome = TaskOutcome.solved(solution: [1], price: money(price), cost: money(reported ?? cost))
        try fixture.expect(
            .success(.settled(charged: money(price))),
            .settle(task, attempt: 1, AttemptEnd(.solved, reportedCost: reported.map(money)), outcome))
    }

    func balance(of account: AccountID) throws -> Int64? { try store.account(account)?.balance.nanos }
    func credited(_ id: ProviderKeyID) throws -> Int64? { try store.recycledKey(id)?.funds.credited.nanos }
}
