import Domain
import Storage
import Testing

@Suite("What suspends recycled keys, and at which vendor they are claimed, in every store")
struct RecycledKeyBoundsTests {
    @Test("Each bound suspends a key, which says which it was until it is resumed", arguments: StoreKind.allCases)
    func bounds(kind: StoreKind) throws {
        for bound in BalanceDrift.Bound.allCases {
            let fixture = try RecyclingFixture(kind, balance: 100_000)
            let id = try fixture.submit(of: fixture.other)
            func check(_ balance: Int64, otherMeans: Bool = false) throws -> RecycledKey {
                let check = RecycledKeyCheck(.good, balance: money(balance), otherMeans: otherMeans)
                return try fixture.commit(.checked(id, check, .init(drift: money(100), unseen: money(150))))
            }
            _ = try check(10_000, otherMeans: bound == .unseen)
            for _ in 0..<2 { try fixture.solve(fixture.accept(fixture.candidate(id))) }
            let balances: [BalanceDrift.Bound: Int64] = [.drift: 9_700, .givenBack: 20_000, .unseen: 10_000]
            let key = try check(try #require(balances[bound]), otherMeans: bound == .unseen)
            #expect(key.life.isSuspended && key.funds.drift.suspendedBy == bound, "\(key)")
            #expect(key.funds.drift.givenBack.nanos == (bound == .givenBack ? 160 : 0))
            #expect(key.funds.drift.unseen.nanos == (bound == .unseen ? 160 : 0))
            #expect(try fixture.event(id, .resumed).funds.drift == BalanceDrift())
        }
    }

    @Test("What was credited since the provider looked is as uncertain as what is open", arguments: StoreKind.allCases)
    func creditedMeanwhile(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind, balance: 10_000)
        let id = try fixture.submit(of: fixture.other)
        let check = RecycledKeyCheck(.good, balance: money(10_000), creditedBefore: .zero)
        try fixture.check(id, check)
        for _ in 0..<3 { try fixture.solve(fixture.accept(fixture.candidate(id))) }
        #expect(try fixture.check(id, check).funds.drift.total == .zero)
        var late = check
        late.creditedBefore = money(240)
        #expect(try fixture.check(id, late).funds.drift.total == money(-240))
    }

    @Test("A key is claimed at its vendor, whichever adapter it was handed over for", arguments: StoreKind.allCases)
    func claimedAcrossAdapters(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        _ = try fixture.submit(of: fixture.owner)
        for key in [try fixture.seal(of: fixture.other, at: "b"), try fixture.seal(of: nil, at: "b")] {
            let operation: StoreOperation =
                key.owner == nil ? .vault(.addProviderKey(key)) : .recycling(.submit(key, masked: ""))
            try fixture.fixture.expect(.failure(.duplicateProviderKey), operation)
        }
        try fixture.fixture.expect(.success(.done), .vault(.addProviderKey(try fixture.seal(of: nil, print: 2))))
        let other = try fixture.seal(of: fixture.other, at: "b", print: 2)
        try fixture.fixture.expect(.failure(.duplicateProviderKey), .recycling(.submit(other, masked: "")))
    }
}
