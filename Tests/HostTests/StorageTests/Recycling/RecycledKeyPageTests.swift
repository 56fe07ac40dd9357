import Domain
import Storage
import Testing

@Suite("Pages of recycled keys, and what is kept of them, in every store")
struct RecycledKeyPageTests {
    @Test(
        "Keys are read by number from any one on, those of an account or all, erased or not",
        arguments: StoreKind.allCases)
    func pages(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let ids = try (0..<6).map { number in
            try fixture.submit(of: number.isMultiple(of: 2) ? fixture.owner : fixture.other, print: UInt8(number))
        }
        for id in [ids[0], ids[3]] {
            try fixture.event(id, .removed)
            try fixture.event(id, .drained)
        }
        func read(_ account: AccountID?, after: Int?, _ limit: Int, isLiving: Bool = false) throws -> [ProviderKeyID] {
            try fixture.store.recycledKeys(
                RecycledKeyQuery(account: account, after: after.map { ids[$0] }, limit: limit, isLiving: isLiving)
            ).map(\.id)
        }
        #expect(try read(nil, after: nil, 4) == Array(ids[0..<4]))
        #expect(try read(nil, after: 3, 4) == Array(ids[4...]))
        #expect(try read(fixture.owner, after: nil, 2) == [ids[0], ids[2]])
        #expect(try read(fixture.owner, after: 2, 2) == [ids[4]])
        #expect(try read(nil, after: 1, 9, isLiving: true) == [ids[2], ids[4], ids[5]])
        #expect(try read(fixture.other, after: nil, 1, isLiving: true) == [ids[1]])
        #expect(try read(fixture.other, after: 1, 9, isLiving: true) == [ids[5]])
        #expect(try fixture.store.recycledKeys(of: nil, isLiving: true).count == 4)
    }

    @Test(
        "Of what a key has been through its beginning is kept and the latest, in pages too",
        arguments: StoreKind.allCases)
    func history(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.activate(of: fixture.owner)
        let other = try fixture.activate(of: fixture.owner, print: 8)
        let most = Limits.keptKeyChanges
        for second in 0..<most {
            let finding: RecycledKeyLife.Finding = second.isMultiple(of: 2) ? .poor(.noFunds) : .good
            try fixture.event(id, .found(finding), after: Double(second + 1))
        }
        let kept = try fixture.store.history(ofRecycledKey: id)
        #expect(kept.count == most && kept[0].number == 1 && kept[0].life.state == .pending)
        #expect(kept.dropFirst().map(\.number) == Array(4...Int64(most + 2)))
        #expect(kept.last?.at == StoreFixture.start.adding(seconds: Double(most)))
        let page = try fixture.store.history(ofRecycledKey: id, after: 1, limit: 3)
        #expect(page.map(\.number) == [4, 5, 6])
        #expect(try fixture.store.history(ofRecycledKey: id, after: Int64(most + 2), limit: 3) == [])
        #expect(try fixture.store.history(ofRecycledKey: other).map(\.number) == [1, 2])
    }
}
