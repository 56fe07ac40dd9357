import Domain
import Storage
import Testing

@Suite("Recycled keys, in every store")
struct RecycledKeyStoreTests {
    @Test("A key that is handed over is PENDING, with its owner, label and mask", arguments: StoreKind.allCases)
    func submit(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let sealed = try fixture.seal(of: fixture.other)
        let key = try fixture.commit(.submit(sealed, masked: "ab...yz"), after: 5)
        let at = StoreFixture.start.adding(seconds: 5)
        #expect(
            key
                == RecycledKey(
                    id: sealed.id, account: fixture.other, provider: "a", label: "Ünïcode", masked: "ab...yz",
                    createdAt: at))
        #expect(try fixture.store.history(ofRecycledKey: key.id) == [RecycledKeyChange(1, at: at, life: key.life)])
        #expect(try fixture.store.sealedRecycledKeys() == [sealed])
        #expect(try fixture.store.recycledKeys(of: nil) == [key])
        #expect(try fixture.store.recycledKeys(of: fixture.other) == [key])
        #expect(try fixture.store.recycledKeys(of: fixture.owner) == [])
        #expect(try fixture.store.providerKeys() == [])
    }

    @Test("What was not sealed for an owner, a free number and a data key is not stored", arguments: StoreKind.allCases)
    func misplaced(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let first = try fixture.submit(of: fixture.owner)
        let nobody = try fixture.seal(of: nil)
        let taken = SealedProviderKey(
            id: first, provider: "b", owner: fixture.owner, label: "", dataKey: 1, sealed: [1],
            fingerprint: Array(repeating: 5, count: 32))
        for key in [nobody, taken] {
            #expect(throws: StoreFailure.self) { try fixture.fixture.commit(.recycling(.submit(key, masked: ""))) }
        }
        let unknown = try fixture.seal(of: AccountID(77), print: 3)
        try fixture.fixture.expect(.failure(.unknownAccount), .recycling(.submit(unknown, masked: "")))
        let otherDataKey = try fixture.seal(of: fixture.owner, print: 3, dataKey: 2)
        try fixture.fixture.expect(.failure(.vaultChanged), .recycling(.submit(otherDataKey, masked: "")))
        // The number of a recycled key is not free for a key of the platform either.
        #expect(throws: StoreFailure.self) { try fixture.fixture.commit(.vault(.addProviderKey(taken))) }
        #expect(try fixture.store.recycledKeys(of: nil).map(\.id) == [first])
    }

    @Test("One account has a key while it is PENDING, ACTIVE or DEPLETED", arguments: StoreKind.allCases)
    func claims(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.submit(of: fixture.owner)
        let second = try fixture.seal(of: fixture.other)
        let submit = StoreOperation.recycling(.submit(second, masked: ""))
        for finding in [nil, .good, .poor(.noFunds), .good] as [RecycledKeyLife.Finding?] {
            if let finding { try fixture.check(id, RecycledKeyCheck(finding)) }
            try fixture.fixture.expect(.failure(.duplicateProviderKey), submit)
            try fixture.fixture.expect(
                .failure(.duplicateProviderKey), .vault(.addProviderKey(try fixture.seal(of: nil))))
        }
        // Another key is another.
        _ = try fixture.submit(of: fixture.other, print: 8)
        try fixture.check(id, RecycledKeyCheck(.refused(.wrongKey)))
        guard case .success(.recycledKey) = try fixture.fixture.commit(submit) else { throw Unexpected([]) }
    }

    @Test("A key of the platform is nobody else's", arguments: StoreKind.allCases)
    func platform(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        try fixture.fixture.expect(.success(.done), .vault(.addProviderKey(try fixture.seal(of: nil))))
        let second = try fixture.seal(of: fixture.other)
        try fixture.fixture.expect(.failure(.duplicateProviderKey), .recycling(.submit(second, masked: "")))
    }

    @Test(
        "An INVALID key that somebody else has got meanwhile stays INVALID, as claimed", arguments: StoreKind.allCases)
    func claimedMeanwhile(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let ids = try [1, 2].map { try fixture.submit(of: fixture.owner, print: $0) }
        for id in ids { try fixture.check(id, RecycledKeyCheck(.refused(.wrongKey))) }
        let theirs = try fixture.submit(of: fixture.other, print: 1)
        try fixture.fixture.expect(.success(.done), .vault(.addProviderKey(try fixture.seal(of: nil, print: 2))))
        let claimed = RecycledKeyLife(state: .invalid, reason: .claimed, isSuspended: false, isErased: false)
        for id in ids {
            #expect(try fixture.event(id, .submitted).life == claimed)
            #expect(try fixture.check(id, RecycledKeyCheck(.good)).life == claimed)
            #expect(try fixture.check(id, RecycledKeyCheck(.poor(.noFunds))).life == claimed)
            #expect(try fixture.store.history(ofRecycledKey: id).map(\.life.state) == [.pending, .invalid, .invalid])
        }
        // What is claimed counts for no vendor.
        #expect(try fixture.store.refusedRecycledKeys(since: StoreFixture.start)["a"]?.count == 2)
        try fixture.event(theirs, .removed)
        #expect(try fixture.event(ids[0], .submitted).life == RecycledKeyLife())
    }

    @Test("A key is found by its fingerprint until it is REMOVED", arguments: StoreKind.allCases)
    func sameKey(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        func find(_ account: AccountID, _ print: UInt8 = 9) throws -> ProviderKeyID? {
            try fixture.store.recycledKey(of: account, fingerprint: Array(repeating: print, count: 32))?.id
        }
        let id = try fixture.submit(of: fixture.owner)
        #expect(try find(fixture.owner) == id)
        #expect(try find(fixture.other) == nil)
        #expect(try find(fixture.owner, 8) == nil)
        try fixture.check(id, RecycledKeyCheck(.refused(.disabled)))
        #expect(try find(fixture.owner) == id)
        let second = try fixture.submit(of: fixture.owner)
        #expect(try find(fixture.owner) == second, "that which claims it")
        try fixture.event(second, .removed)
        #expect(try find(fixture.owner) == id)
        try fixture.event(id, .removed)
        #expect(try find(fixture.owner) == nil)
    }

    @Test("An account has a bounded number of keys that are not REMOVED", arguments: StoreKind.allCases)
    func tooMany(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        var first: ProviderKeyID?
        for number in 0..<Limits.recycledKeysPerAccount {
            // Further apart than the submissions that count together.
            let sealed = try fixture.seal(of: fixture.owner, print: UInt8(number))
            let key = try fixture.commit(.submit(sealed, masked: ""), after: Double(number) * 200)
            first = first ?? key.id
        }
        let later = StoreFixture.start.adding(seconds: 1_000_000)
        let submit = try StoreOperation.recycling(
            .submit(fixture.seal(of: fixture.owner, print: 255), masked: ""))
        #expect(try fixture.store.commit([submit], at: later) == [.failure(.tooManyRecycledKeys)])
        _ = try fixture.submit(of: fixture.other, print: 254)
        try fixture.event(#require(first), .removed, after: 1_000_000)
        guard case .success? = try fixture.store.commit([submit], at: later).first else { throw Unexpected([]) }
    }

    @Test("An account hands over a bounded number of keys within an hour", arguments: StoreKind.allCases)
    func tooOften(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.submit(of: fixture.owner)
        // The same key once more counts like another.
        for second in 1..<Limits.keySubmissionsPerHour {
            #expect(try fixture.event(id, .submitted, after: Double(second)).life == RecycledKeyLife())
        }
        let again = StoreOperation.recycling(.event(id, of: fixture.owner, .submitted))
        let new = try StoreOperation.recycling(.submit(fixture.seal(of: fixture.owner, print: 1), masked: ""))
        let refused = Result<StoreReply, StoreRefusal>.failure(
            .tooManySubmissions(until: StoreFixture.start.adding(seconds: 3_600)))
        let count = StoreOperation.recycling(.countSubmission(fixture.owner))
        #expect(
            try fixture.store.commit([again, new, count], at: StoreFixture.start.adding(seconds: 3_599.9))
                == [refused, refused, refused])
        try fixture.fixture.expect(.success(.done), .recycling(.countSubmission(fixture.other)))
        _ = try fixture.submit(of: fixture.other, print: 2)
        // The first is an hour old: one more may come, and then none.
        let later = try fixture.store.commit([new, again], at: StoreFixture.start.adding(seconds: 3_600))
        guard case .success = later[0] else { throw Unexpected(later) }
        #expect(
            later[1] == .failure(.tooManySubmissions(until: StoreFixture.start.adding(seconds: 3_601))))
        #expect(try fixture.store.history(ofRecycledKey: id).count == 1)
    }

    @Test("What is no key of the account is not touched", arguments: StoreKind.allCases)
    func unknown(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.submit(of: fixture.owner)
        let none = try #require(ProviderKeyID(99))
        let refused = Result<StoreReply, StoreRefusal>.failure(.unknownRecycledKey)
        try fixture.fixture.expect(refused, .recycling(.event(none, of: nil, .removed)))
        try fixture.fixture.expect(refused, .recycling(.event(id, of: fixture.other, .removed)))
        try fixture.fixture.expect(
            refused, .recycling(.checked(none, RecycledKeyCheck(.good), .init(drift: .zero))))
        #expect(try fixture.store.recycledKey(id)?.life == RecycledKeyLife())
        #expect(try fixture.store.recycledKey(none) == nil)
        #expect(try fixture.store.history(ofRecycledKey: none) == [])
        #expect(try fixture.commit(.event(id, of: fixture.owner, .removed)).life.state == .removed)
    }

    @Test("The history has a row for each change, and none where nothing changes", arguments: StoreKind.allCases)
    func history(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.submit(of: fixture.owner)
        let unclear = RecycledKeyCheck(.unclear(.unreachable))
        #expect(try fixture.check(id, unclear, after: 1).checkedAt == StoreFixture.start.adding(seconds: 1))
        #expect(try fixture.check(id, unclear, after: 2).checkedAt == StoreFixture.start.adding(seconds: 2))
        try fixture.check(id, RecycledKeyCheck(.unclear(.banned)), after: 3)
        try fixture.check(id, RecycledKeyCheck(.good), after: 4)
        try fixture.check(id, RecycledKeyCheck(.good), after: 5)
        try fixture.check(id, unclear, after: 6)
        try fixture.event(id, .emptied, after: 7)
        try fixture.event(id, .emptied, after: 8)
        try fixture.event(id, .drifted, after: 9)
        try fixture.event(id, .resumed, after: 10)
        try fixture.event(id, .removed, after: 11)
        try fixture.event(id, .drained, after: 12)
        try fixture.event(id, .drained, after: 13)
        func row(
            _ second: Double, _ state: RecycledKeyLife.State, _ reason: RecycledKeyLife.Reason? = nil,
            suspended: Bool = false, erased: Bool = false
        ) -> RecycledKeyChange {
            RecycledKeyChange(
                0, at: StoreFixture.start.adding(seconds: second),
                life: RecycledKeyLife(state: state, reason: reason, isSuspended: suspended, isErased: erased))
        }
        let expected = [
            row(0, .pending), row(1, .pending, .unreachable), row(3, .pending, .banned), row(4, .active),
            row(7, .depleted, .noFunds), row(9, .depleted, .noFunds, suspended: true), row(10, .depleted, .noFunds),
            row(11, .removed), row(12, .removed, erased: true),
        ]
        let numbered = expected.enumerated().map { RecycledKeyChange(Int64($0 + 1), at: $1.at, life: $1.life) }
        #expect(try fixture.store.history(ofRecycledKey: id) == numbered)
        #expect(try fixture.store.recycledKey(id)?.checkedAt == StoreFixture.start.adding(seconds: 6))
    }

    @Test(
        "When providers refused keys is known for a day, also for keys that were INVALID", arguments: StoreKind.allCases
    )
    func refusals(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let first = try fixture.submit(of: fixture.owner)
        let second = try fixture.submit(of: fixture.owner, at: "b", print: 8)
        func times(_ seconds: Double...) -> [Timestamp] { seconds.map(StoreFixture.start.adding) }
        let wrong = RecycledKeyCheck(.refused(.wrongKey))
        try fixture.check(first, wrong, after: 10)
        try fixture.check(first, wrong, after: 20)
        try fixture.check(second, RecycledKeyCheck(.refused(.disabled)), after: 15)
        try fixture.check(second, RecycledKeyCheck(.good), after: 16)
        try fixture.check(second, RecycledKeyCheck(.unclear(.unreachable)), after: 17)
        let since = StoreFixture.start
        #expect(try fixture.store.refusedRecycledKeys(since: since) == ["a": times(10, 20), "b": times(15)])
        #expect(try fixture.store.refusedRecycledKeys(since: times(15)[0]) == ["a": times(20), "b": times(15)])
        #expect(try fixture.store.refusedRecycledKeys(since: times(21)[0]) == [:])
        let day = Limits.keptRefusalSeconds
        try fixture.check(first, wrong, after: day + 15)
        #expect(try fixture.store.refusedRecycledKeys(since: since) == ["a": times(20, day + 15), "b": times(15)])
    }

    @Test(
        "A check takes down what it found of the funds; one that found nothing out leaves them",
        arguments: StoreKind.allCases)
    func funds(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.submit(of: fixture.owner)
        var key = try fixture.check(id, RecycledKeyCheck(.good, balance: money(500)))
        #expect(key.life.state == .active)
        #expect(key.funds.balance == money(500))
        #expect(key.funds.drift.baseline?.balance == money(500))
        key = try fixture.check(id, RecycledKeyCheck(.good, balance: .zero, otherMeans: true))
        #expect(key.life.state == .active)
        #expect(key.funds.balance == .zero && key.funds.otherMeans)
        #expect(key.funds.drift.baseline == nil && key.funds.drift.total == .zero)
        for finding in [.unclear(.banned), .refused(.disabled)] as [RecycledKeyLife.Finding] {
            let after = try fixture.check(id, RecycledKeyCheck(finding))
            #expect(after.funds == key.funds)
        }
        key = try fixture.check(id, RecycledKeyCheck(.poor(.noFunds)))
        #expect(key.funds.balance == .zero && !key.funds.otherMeans)
        // Nobody knows what its unit is worth any more: what was said stays.
        #expect(try fixture.check(id, RecycledKeyCheck(.good)).funds.balance == .zero)
    }

    @Test(
        "A key that drifts beyond the threshold is suspended with the check, until it is resumed",
        arguments: StoreKind.allCases)
    func drift(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.submit(of: fixture.owner)
        func balance(_ nanos: Int64, open: Int64 = 0) -> RecycledKeyCheck {
            RecycledKeyCheck(.good, balance: money(nanos), open: money(open))
        }
        try fixture.check(id, balance(100_000))
        var key = try fixture.check(id, balance(99_000))
        #expect(key.funds.drift.total == RecyclingFixture.threshold)
        #expect(key.life.takesTasks)
        key = try fixture.check(id, balance(98_999, open: 1))
        #expect(key.life.takesTasks)
        key = try fixture.check(id, balance(98_999))
        #expect(key.life == RecycledKeyLife(state: .active, reason: nil, isSuspended: true, isErased: false))
        key = try fixture.check(id, RecycledKeyCheck(.poor(.lowBalance), balance: money(98_999)))
        #expect(key.life.isSuspended && key.life.state == .depleted)
        key = try fixture.event(id, .resumed)
        #expect(!key.life.isSuspended)
        #expect(key.funds.drift == BalanceDrift())
        key = try fixture.check(id, balance(50_000))
        #expect(key.life.takesTasks)
        #expect(key.funds.drift.total == .zero)
        #expect(
            try fixture.store.history(ofRecycledKey: id).map(\.life.isSuspended)
                == [false, false, true, true, false, false])
        #expect(try fixture.store.verifyLedger().transactions == 1, "a drift never moves money")
    }

    @Test("A new key may come to life and be suspended by one check, in two steps", arguments: StoreKind.allCases)
    func aliveAndSuspended(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.activate(of: fixture.owner)
        try fixture.check(id, RecycledKeyCheck(.good, balance: money(9_000)))
        try fixture.check(id, RecycledKeyCheck(.poor(.noFunds), balance: money(8_999)))
        let key = try fixture.check(id, RecycledKeyCheck(.good, balance: money(2_000)))
        #expect(key.life.state == .active && key.life.isSuspended)
        let states = try fixture.store.history(ofRecycledKey: id).suffix(2).map(\.life)
        #expect(states.map(\.state) == [.active, .active])
        #expect(states.map(\.isSuspended) == [false, true])
    }

    @Test("A REMOVED key keeps its ciphertext until no task is open with it", arguments: StoreKind.allCases)
    func drained(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let id = try fixture.activate(of: fixture.owner)
        let task = try fixture.accept(fixture.candidate(id))
        // The same credential at another provider is another key's.
        _ = try fixture.accept(fixture.candidate(id, at: "b"))
        let before = try fixture.event(id, .drained)
        #expect(before.life.state == .active)
        try fixture.event(id, .removed)
        #expect(try fixture.event(id, .drained).life.isErased == false)
        #expect(try fixture.store.sealedRecycledKeys().map(\.id) == [id])
        #expect(try fixture.check(id, RecycledKeyCheck(.good, balance: money(5))).checkedAt == before.checkedAt)
        try fixture.solve(task)
        #expect(try fixture.event(id, .drained).life.isErased)
        #expect(try fixture.store.sealedRecycledKeys() == [])
        for event in [.submitted, .found(.good), .resumed, .removed, .drained] as [RecycledKeyLife.Event] {
            #expect(try fixture.event(id, event).life.state == .removed)
        }
        // The same key is welcome again, as a new one, and for others too.
        let again = try fixture.submit(of: fixture.other)
        #expect(again.number > id.number)
        #expect(try fixture.store.recycledKeys(of: nil).map(\.life.isErased) == [true, false])
    }

    @Test("Whose keys a task may use is kept with API keys and tasks", arguments: StoreKind.allCases)
    func keyPool(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        #expect(fixture.key.settings.keyPool == .all)
        var expected = fixture.key
        expected.settings.keyPool = .platformOnly
        try fixture.expect(
            .success(.key(expected)), .setRouting(nil, key: 1, try RoutingChange(keyPool: .platformOnly)))
        #expect(try fixture.store.key(hash: Array(repeating: 7, count: 32))?.key == expected)
        #expect(try fixture.store.keys(of: nil) == [expected])
        expected.settings.mode = .lightning
        try fixture.expect(.success(.key(expected)), .setRouting(nil, key: 1, try RoutingChange(mode: .lightning)))
        for pool in KeyPoolMode.allCases {
            var task = fixture.newTask([10])
            task.keyPool = pool
            _ = try fixture.commit(.accept(task))
        }
        #expect(try fixture.store.openTasks(after: nil, limit: 9).map(\.keyPool) == KeyPoolMode.allCases)
    }

    @Test("What a failed batch did to recycled keys is undone", arguments: StoreKind.allCases)
    func undone(kind: StoreKind) throws {
        let fixture = try RecyclingFixture(kind)
        let used = try fixture.activate(of: fixture.owner, print: 1)
        let removed = try fixture.submit(of: fixture.owner, print: 2)
        try fixture.event(removed, .removed)
        let task = try fixture.accept(fixture.candidate(used))
        let new = try fixture.seal(of: fixture.other, print: 3)
        let broken = try fixture.seal(of: nil, print: 4)
        func stored() throws -> [String] {
            let store = fixture.store
            let keys = try store.recycledKeys(of: nil)
            return try [
                "\(keys)", "\(keys.map { try store.history(ofRecycledKey: $0.id) })",
                "\(store.sealedRecycledKeys())", "\(store.refusedRecycledKeys(since: StoreFixture.start))",
                "\(store.accounts())", "\(store.openTasks(after: nil, limit: 9))", "\(store.verifyLedger())",
            ]
        }
        let before = try stored()
        let changes: [StoreOperation] = [
            .recycling(.submit(new, masked: "")), .recycling(.event(removed, of: nil, .drained)),
            .recycling(.checked(used, RecycledKeyCheck(.refused(.wrongKey), balance: money(3)), .init(drift: .zero))),
            .settle(task, attempt: 1, AttemptEnd(.lost), .failed(code: .unsolvable, detail: "")),
        ]
        #expect(throws: StoreFailure.self) {
            try fixture.store.commit(changes + [.recycling(.submit(broken, masked: ""))], at: StoreFixture.start)
        }
        #expect(try stored() == before)
        let results = try fixture.store.commit(changes, at: StoreFixture.start)
        #expect(results.allSatisfy { if case .success = $0 { true } else { false } })
        #expect(try fixture.credited(used) == 80)
        try fixture.fixture.expectSoundLedger()
    }
}
