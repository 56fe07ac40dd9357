import Foundation
@testable import Native
import ProviderKit
import Synchronization
import TestSupport
import Testing

/// A search that has no end and tells when a thread is at it.
struct Endless: Search {
    var candidates: UInt64 { UInt64.max }
    var slice: UInt64 { 1_000_000 }
    var begun = Flag()

    func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Match? {
        begun.raise()
        while !stop.isUp {}
        return nil
    }
}

/// A search whose threads take a while to leave it.
struct Lingering: Search {
    var candidates: UInt64 { 1 }
    var slice: UInt64 { 1 }
    var begun = Flag()
    var left = Flag()

    func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Match? {
        begun.raise()
        while !stop.isUp {}
        let end = MonotonicClock.nanoseconds + 50_000_000
        while MonotonicClock.nanoseconds < end {}
        left.raise()
        return nil
    }
}

/// A search whose slices are short and which finds nothing for very long.
struct Patient: Search {
    var candidates: UInt64 { UInt64.max }
    var slice: UInt64 { 1 }
    var begun = Flag()

    func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Match? {
        begun.raise()
        return nil
    }
}

/// A search of few candidates that keeps a record of them.
struct Recorded: Search {
    var candidates: UInt64
    var slice: UInt64 = 3
    var wanted: UInt64?
    var failing: UInt64?
    var tried = Record()

    func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Match? {
        for candidate in range {
            tried.append(candidate)
            if candidate == failing { throw LibraryFailure() }
            if candidate == wanted { return Match(number: candidate, key: [7]) }
        }
        return nil
    }
}

final class Flag: Sendable {
    private let state = Atomic(false)
    var isUp: Bool { state.load(ordering: .acquiring) }
    func raise() { state.store(true, ordering: .releasing) }
}

final class Record: Sendable {
    private let all = Mutex<[UInt64]>([])
    var sorted: [UInt64] { all.withLock { $0.sorted() } }
    func append(_ candidate: UInt64) { all.withLock { $0.append(candidate) } }
}

@Suite("The threads that compute")
struct WorkPoolTests {
    @Test("Every candidate is tried once, however many threads share them", arguments: [1, 2, 4])
    func exhausted(threads: Int) async throws {
        let search = Recorded(candidates: 100)
        let outcome = try await WorkPool(threads: threads, openTasks: 1).run(search, seconds: 60)
        #expect(outcome == .exhausted)
        #expect(search.tried.sorted == Array(0..<100))
    }

    @Test("A match ends the search; what comes after it is not tried")
    func found() async throws {
        let search = Recorded(candidates: 100, wanted: 40)
        let outcome = try await WorkPool(threads: 1, openTasks: 1).run(search, seconds: 60)
        #expect(outcome == .found(Match(number: 40, key: [7])))
        #expect(search.tried.sorted == Array(0...40))
    }

    @Test("A failure of the library ends the search as failed")
    func failed() async throws {
        let search = Recorded(candidates: 100, failing: 10)
        #expect(try await WorkPool(threads: 1, openTasks: 1).run(search, seconds: 60) == .failed)
    }

    @Test(
        "Cancelling the task ends a search that has no end, and frees its place", .timeLimit(.minutes(1)),
        arguments: [1, 2, 4])
    func cancelled(threads: Int) async throws {
        let pool = WorkPool(threads: threads, openTasks: 1)
        let search = Endless()
        let task = Task { try await pool.run(search, seconds: 600) }
        try await eventually("a thread is at the search") { search.begun.isUp }
        task.cancel()
        // The pool returns when the last thread has left the search.
        #expect(try await task.value == .cancelled)
        #expect(try await pool.run(Recorded(candidates: 1), seconds: 60) == .exhausted)
    }

    @Test("A submit whose task is cancelled ends, although its work would take minutes", .timeLimit(.minutes(1)))
    func cancelledSubmit() async throws {
        var challenge = SearchTests.version1
        challenge["maxnumber"] = 1_900_000_000
        challenge["challenge"] = .string(String(repeating: "0", count: 64))
        let fields: JSONObject = ["challengeJSON": .object(challenge)]
        let pool = WorkPool(threads: 2, openTasks: 2)
        let task = Task { try await NativeAdapter(pool: pool).solve(fields, secondsLeft: 600) }
        // Another search of the pool has ended: the threads are at work.
        #expect(try await pool.run(Recorded(candidates: 9), seconds: 60) == .exhausted)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("The search is over only when the last thread has left it")
    func leaves() async throws {
        let pool = WorkPool(threads: 2, openTasks: 1)
        let search = Lingering()
        let task = Task { try await pool.run(search, seconds: 600) }
        try await eventually("a thread is at the search") { search.begun.isUp }
        task.cancel()
        #expect(try await task.value == .cancelled)
        #expect(search.left.isUp)
    }

    @Test("A thread looks at the stop sign after a thousand hashes at most")
    func looks() throws {
        let digest = try #require(Digest.sha256)
        let wanted = WorkJob(Endless(), seconds: 600)
        let unwanted = WorkJob(Endless(), seconds: 600)
        unwanted.stop()
        let keys = KeySearch(
            derivation: HashedDerivation(method: .iterated, digest: digest, salt: [], cost: 3, length: 32), nonce: [],
            prefix: try #require(KeyPrefix("0000")), counterMode: .string)
        let key = try #require(try keys.find(in: 1..<10_000_000, StopSign(wanted)))
        #expect(key.number > NativeLimits.hashesPerLook)
        #expect(try keys.find(in: 1..<key.number + 1, StopSign(unwanted)) == nil)

        let numbers = NumberSearch(
            digest: digest, salt: Array("a salt?expires=4102444800&".utf8),
            wanted: try #require(HexText.bytes("3fd3b1e5235a86b6438e82e77a7354927c47cff00a20a28b81318ce0c23991a6")),
            highest: 5_000)
        #expect(try numbers.find(in: 1..<5_001, StopSign(wanted)) == Match(number: 5_000))
        #expect(try numbers.find(in: 1..<5_001, StopSign(unwanted)) == nil)
    }

    @Test("A task that is cancelled before it begins is not worked on")
    func cancelledBefore() async throws {
        let pool = WorkPool(threads: 1, openTasks: 1)
        let search = Recorded(candidates: 100)
        let outcome = try await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await pool.run(search, seconds: 60)
        }.value
        #expect(outcome == .cancelled)
        #expect(search.tried.sorted.isEmpty)
    }

    @Test("The work stops when its time is over, in the middle of a slice or between two")
    func late() async throws {
        let pool = WorkPool(threads: 2, openTasks: 2)
        #expect(try await pool.run(Endless(), seconds: 0.02) == .late)
        #expect(try await pool.run(Patient(), seconds: 0.02) == .late)
        #expect(try await pool.run(Recorded(candidates: 100), seconds: 0) == .late)
        #expect(try await pool.run(Recorded(candidates: 100), seconds: -.infinity) == .late)
        #expect(try await pool.run(Recorded(candidates: 1), seconds: .infinity) == .exhausted)
    }

    @Test("A short search is not kept waiting by long ones that came before it")
    func fair() async throws {
        let pool = WorkPool(threads: 1, openTasks: 4)
        let long = (0..<3).map { _ in Patient() }
        let tasks = long.map { search in Task { try await pool.run(search, seconds: 600) } }
        try await eventually("all long searches are at work") { long.allSatisfy(\.begun.isUp) }
        let short = Recorded(candidates: 50, wanted: 49)
        #expect(try await pool.run(short, seconds: 60) == .found(Match(number: 49, key: [7])))
        tasks.forEach { $0.cancel() }
        for task in tasks { #expect(try await task.value == .cancelled) }
    }

    @Test("Beyond its bound a pool refuses at once, and takes on again when a search has ended")
    func bound() async throws {
        let pool = WorkPool(threads: 1, openTasks: 2)
        let searches = [Patient(), Patient()]
        let tasks = searches.map { search in Task { try await pool.run(search, seconds: 600) } }
        try await eventually("both searches are at work") { searches.allSatisfy(\.begun.isUp) }
        let fields: JSONObject = ["challengeJSON": .object(SearchTests.version1)]
        let fault = await NativeAdapter(pool: pool).fault(fields)
        #expect(fault?.kind == .overloaded)
        #expect(fault?.message == "2 tasks are being computed already; send the task again in a while.")
        tasks[0].cancel()
        _ = try await tasks[0].value
        #expect(try await NativeAdapter(pool: pool).solve(fields).fields["number"] == 42)
        tasks[1].cancel()
        _ = try await tasks[1].value
    }

    @Test("Many searches at once all get their own answer")
    func many() async throws {
        let pool = WorkPool(threads: 3, openTasks: 200)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for wanted in UInt64(0)..<200 {
                group.addTask {
                    let search = Recorded(candidates: 250, slice: 1 + wanted % 7, wanted: wanted)
                    return try await pool.run(search, seconds: 60) == .found(Match(number: wanted, key: [7]))
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
