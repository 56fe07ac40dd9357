import Domain
import ProviderKit
import Storage
import Testing

@Suite("Tasks and their attempts, in every store")
struct TaskStoreTests {
    @Test("An accepted task reserves its ceiling and begins at its first candidate", arguments: StoreKind.allCases)
    func accept(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 1_000)
        let payload = Array("{\"challengeURL\":\"x\"}".utf8)
        let task = try fixture.accept([300, 700], payload: payload)
        #expect(task.id == TaskID(1))
        #expect(task.ceiling == money(700))
        #expect(task.attempt.number == 1)
        #expect(task.attempt.state == .sending)
        #expect(task.attempt.candidate == fixture.newTask([300, 700]).candidates.first)
        #expect(try fixture.amounts() == [1_000, 700])
        let record = TaskRecord(
            id: task.id, account: fixture.account, family: .altcha, createdAt: StoreFixture.start, end: nil)
        #expect(try fixture.store.task(task.id) == record)
        #expect(try fixture.store.payload(of: task.id) == payload)
        #expect(try fixture.store.payload(of: #require(TaskID(2))) == nil)
        #expect(try fixture.store.task(#require(TaskID(2))) == nil)
        try fixture.expectSoundLedger()
    }

    @Test(
        "A task that cannot be paid or may not be taken is refused and takes no number", arguments: StoreKind.allCases)
    func acceptRefusals(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 100)
        try fixture.expect(.failure(.insufficientBalance), .accept(fixture.newTask([101])))
        try fixture.expect(.failure(.insufficientBalance), .accept(fixture.newTask([])))
        try fixture.expect(.failure(.badAmount), .accept(fixture.newTask([-1])))
        try fixture.expect(.failure(.badAmount), .accept(fixture.newTask([1], cost: -1)))
        var stranger = fixture.newTask([1])
        stranger.account = AccountID(9)
        try fixture.expect(.failure(.unknownAccount), .accept(stranger))
        try fixture.expect(.success(.done), .setSuspended(fixture.account, true))
        try fixture.expect(.failure(.accountSuspended), .accept(fixture.newTask([1])))
        try fixture.expect(.success(.done), .setSuspended(fixture.account, false))
        #expect(try fixture.accept([100]).id == TaskID(1))
        try fixture.expect(.failure(.insufficientBalance), .accept(fixture.newTask([1])))
        #expect(try fixture.accept([0]).id == TaskID(2))
        #expect(try fixture.amounts() == [100, 100])
    }

    @Test(
        "The dearest candidate that is covered is reserved, and a dearer one is passed over",
        arguments: StoreKind.allCases)
    func ceiling(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind, balance: 100)
        let task = try fixture.accept([500, 20, 90])
        #expect(task.ceiling == money(90))
        #expect(task.attempt.candidate.provider == "provider1")
    }

    @Test("An attempt becomes pending under the provider's ID", arguments: StoreKind.allCases)
    func pending(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try fixture.accept()
        try fixture.expect(.success(.done), .attemptPending(task.id, attempt: 1, providerTask: "abc"))
        let open = try #require(try fixture.store.openTasks(after: nil, limit: 10).first)
        #expect(open.attempt.state == .pending)
        #expect(open.attempt.providerTask == "abc")
        #expect(open.attempt.candidate == task.attempt.candidate)
        try fixture.expect(.failure(.notTheLastAttempt), .attemptPending(task.id, attempt: 2, providerTask: "x"))
        let unknown = try #require(TaskID(99))
        try fixture.expect(.failure(.unknownTask), .attemptPending(unknown, attempt: 1, providerTask: "x"))
    }

    @Test(
        "Of an attempt that waits it is stored that nothing was sent, until it is sent", arguments: StoreKind.allCases)
    func unsent(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try fixture.accept([100])
        func isUnsent() throws -> Bool? { try fixture.store.openTasks(after: nil, limit: 1).first?.attempt.isUnsent }
        #expect(try isUnsent() == false)
        try fixture.expect(.success(.done), .attemptUnsent(task.id, attempt: 1, true))
        #expect(try isUnsent() == true)
        try fixture.expect(.success(.done), .attemptUnsent(task.id, attempt: 1, false))
        #expect(try isUnsent() == false)
        try fixture.expect(.success(.done), .attemptUnsent(task.id, attempt: 1, true))
        let next = Candidate(provider: "other", credential: "k", price: money(90), cost: money(50))
        let end = AttemptEnd(.failed, fault: "notSent")
        try fixture.expect(
            .success(.attempt(Attempt(number: 2, candidate: next))), .nextAttempt(task.id, ended: 1, end, next: next))
        #expect(try isUnsent() == false, "the next attempt is another")
        try fixture.expect(.failure(.notTheLastAttempt), .attemptUnsent(task.id, attempt: 1, true))
        try fixture.expect(.failure(.unknownTask), .attemptUnsent(#require(TaskID(99)), attempt: 1, true))
        try fixture.expect(
            .success(.settled(charged: .zero)),
            .settle(task.id, attempt: 2, end, .failed(code: .unsolvable, detail: "")))
        try fixture.expect(.failure(.taskSettled), .attemptUnsent(task.id, attempt: 2, true))
    }

    @Test("The next attempt ends the one before and is the last one then", arguments: StoreKind.allCases)
    func next(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try fixture.accept([100])
        let next = Candidate(provider: "other", credential: "k", price: money(90), cost: money(50))
        let lost = AttemptEnd(.lost, fault: "transport")
        try fixture.expect(
            .success(.attempt(Attempt(number: 2, candidate: next))), .nextAttempt(task.id, ended: 1, lost, next: next))
        try fixture.expect(.failure(.notTheLastAttempt), .nextAttempt(task.id, ended: 1, lost, next: next))
        try fixture.expect(.failure(.notTheLastAttempt), .attemptPending(task.id, attempt: 1, providerTask: "late"))
        let bad = Candidate(provider: "other", credential: nil, price: money(-1), cost: .zero)
        try fixture.expect(.failure(.badAmount), .nextAttempt(task.id, ended: 2, lost, next: bad))
        let open = try fixture.store.openTasks(after: nil, limit: 10)
        #expect(open.map(\.attempt) == [Attempt(number: 2, candidate: next)])
        #expect(open.map(\.ceiling) == [money(100)])
        #expect(open.map(\.lost) == [[task.attempt.candidate]])
        let failed = AttemptEnd(.failed, fault: "noFunds")
        try fixture.expect(
            .success(.attempt(Attempt(number: 3, candidate: next))), .nextAttempt(task.id, ended: 2, failed, next: next)
        )
        let lostOnce = try fixture.store.openTasks(after: nil, limit: 10).map(\.lost)
        #expect(lostOnce == [[task.attempt.candidate]], "the failed one has not cost anything")
        try fixture.expect(
            .success(.attempt(Attempt(number: 4, candidate: next))), .nextAttempt(task.id, ended: 3, lost, next: next))
        let lostTwice = try fixture.store.openTasks(after: nil, limit: 10).map(\.lost)
        #expect(lostTwice == [[task.attempt.candidate, next]])
        try fixture.expectSoundLedger()
    }

    @Test("Open tasks come by number, in portions", arguments: StoreKind.allCases)
    func openTasks(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let ids = try (0..<5).map { _ in try fixture.accept([10]).id }
        try fixture.expect(
            .success(.settled(charged: .zero)),
            .settle(ids[1], attempt: 1, AttemptEnd(.failed), .failed(code: .unsolvable, detail: "")))
        #expect(try fixture.store.openTasks(after: nil, limit: 2).map(\.id) == [ids[0], ids[2]])
        #expect(try fixture.store.openTasks(after: ids[2], limit: 10).map(\.id) == [ids[3], ids[4]])
        #expect(try fixture.store.openTasks(after: ids[4], limit: 10).isEmpty)
        #expect(try fixture.store.openTasks(after: nil, limit: 0).isEmpty)
    }

    @Test("A provider that the client insists on is kept with the task", arguments: StoreKind.allCases)
    func forcedProvider(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        var task = fixture.newTask([100])
        task.forcedProvider = "provider0"
        guard case .success(.accepted(let forced)) = try fixture.commit(.accept(task)) else {
            throw Unexpected([])
        }
        let free = try fixture.accept([100])
        let next = Candidate(provider: "provider0", credential: "k", price: money(90), cost: money(50))
        _ = try fixture.commit(.nextAttempt(forced.id, ended: 1, AttemptEnd(.failed), next: next))
        let open = try fixture.store.openTasks(after: nil, limit: 10)
        #expect(open.map(\.id) == [forced.id, free.id])
        #expect(open.map(\.forcedProvider) == ["provider0", nil])
        #expect(open.map(\.attempt.number) == [2, 1])
    }

    @Test("An unused state cannot end an attempt", arguments: StoreKind.allCases)
    func badEnd(kind: StoreKind) throws {
        let fixture = try StoreFixture(kind)
        let task = try fixture.accept()
        #expect(throws: StoreFailure.self) {
            try fixture.commit(
                .settle(task.id, attempt: 1, AttemptEnd(.pending), .failed(code: .unsolvable, detail: "")))
        }
        #expect(try fixture.store.openTasks(after: nil, limit: 10).count == 1)
    }
}
