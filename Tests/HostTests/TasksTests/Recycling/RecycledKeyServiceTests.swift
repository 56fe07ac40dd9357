import Domain
import ProviderKit
import Storage
import Synchronization
import Testing

@testable import Tasks

@Suite("The use cases of recycled keys", .timeLimit(.minutes(1)))
struct RecycledKeyServiceTests {
    @Test("A key is taken over by any name of its provider, validated at once and shown masked ever after")
    func submit() async throws {
        let bench = try await ServiceBench()
        let submitted = try await bench.submit(label: "spare")
        let key = submitted.key
        #expect(submitted.isNew && key.life.state == .active && key.funds.balance == .usd("5"))
        #expect(key.masked == "0123...cdef" && key.label == "spare" && key.provider == "2captcha")
        // The host has the key itself, sealed for its owner.
        #expect(bench.held.withLock { $0 } == [key.id: ServiceBench.hex])
        #expect(try bench.rows.sealedRecycledKeys().map(\.owner) == [AccountID(1)])
        let service = try bench.service
        #expect(try await service.recycledKeys(of: bench.holder(1), after: nil, limit: 9).keys == [key])
        #expect(
            try await service.recycledKey(key.id, of: bench.holder(1), historyAfter: 0, limit: 9).history
                .map(\.life.state) == [.pending, .active])
    }

    @Test("What cannot be a key of the provider is refused with the field, and the provider is not asked")
    func refused() async throws {
        let bench = try await ServiceBench()
        #expect(await bench.refusal { try await bench.submit("short") } == "ERROR_BAD_PARAMETERS key")
        #expect(await bench.refusal { try await bench.submit(ServiceBench.hex + " ") } == "ERROR_BAD_PARAMETERS key")
        let nowhere = await bench.refusal { try await bench.submit(at: "nobody") }
        #expect(nowhere == "ERROR_BAD_PARAMETERS provider")
        #expect(await bench.refusal { try await bench.submit(at: "native") } == "ERROR_BAD_PARAMETERS provider")
        #expect(await bench.refusal { try await bench.submit(at: "gone") } == "ERROR_RECYCLING_UNAVAILABLE")
        #expect(await bench.refusal { try await bench.submit(label: "a\nb") } == "ERROR_BAD_PARAMETERS label")
        let long = String(repeating: "x", count: Limits.nameBytes + 1)
        #expect(await bench.refusal { try await bench.submit(label: long) } == "ERROR_BAD_PARAMETERS label")
        #expect(try bench.rows.recycledKeys(of: nil).isEmpty)
    }

    @Test("A host without a vault, without its master key or without recycling takes no keys")
    func unavailable() async throws {
        let shut = try await ServiceBench(withVault: false)
        #expect(await shut.refusal { try await shut.submit() } == "ERROR_RECYCLING_UNAVAILABLE")
        let off = try await ServiceBench(isEnabled: false)
        #expect(await off.refusal { try await off.submit() } == "ERROR_RECYCLING_UNAVAILABLE")
    }

    @Test("One key belongs to one account, and not to the platform at the same time")
    func inUse() async throws {
        let bench = try await ServiceBench()
        let id = try await bench.submit().key.id
        #expect(await bench.refusal { try await bench.submit(by: 2) } == "ERROR_RECYCLED_KEY_IN_USE")
        bench.configured.withLock { $0 = Secret(ServiceBench.other) }
        #expect(await bench.refusal { try await bench.submit(ServiceBench.other) } == "ERROR_RECYCLED_KEY_IN_USE")
        bench.configured.withLock { $0 = nil }
        // What its owner has removed is anybody's.
        _ = try await bench.service.remove(id, of: bench.holder(1))
        let others = try await bench.submit(by: 2)
        #expect(others.isNew && others.key.account == AccountID(2) && others.key.life.state == .active)
        #expect(await bench.refusal { try await bench.submit(by: 1) } == "ERROR_RECYCLED_KEY_IN_USE")
    }

    @Test("The same key again is the same row and a check; a removed one is a new row")
    func again() async throws {
        let bench = try await ServiceBench()
        bench.vendor.withLock { $0 = RecycledKeyFinding(.refused(.wrongKey)) }
        let first = try await bench.submit()
        #expect(first.key.life.state == .invalid && first.key.life.reason == .wrongKey)
        bench.vendor.withLock { $0 = RecycledKeyFinding(.known) }
        let second = try await bench.submit()
        #expect(!second.isNew && second.key.id == first.key.id && second.key.life.state == .active)
        _ = try await bench.service.remove(first.key.id, of: bench.holder(1))
        let third = try await bench.submit()
        #expect(third.isNew && third.key.id != first.key.id && third.key.life.state == .active)
    }

    @Test("A wrong key that somebody else has handed over meanwhile is in use")
    func claimed() async throws {
        let bench = try await ServiceBench()
        bench.vendor.withLock { $0 = RecycledKeyFinding(.refused(.wrongKey)) }
        _ = try await bench.submit()
        bench.vendor.withLock { $0 = RecycledKeyFinding(.known) }
        #expect(try await bench.submit(by: 2).key.life.state == .active)
        #expect(await bench.refusal { try await bench.submit() } == "ERROR_RECYCLED_KEY_IN_USE")
    }

    @Test("A key that somebody else has counts as handed over")
    func othersKeysCount() async throws {
        let bench = try await ServiceBench()
        _ = try await bench.submit()
        for _ in 0..<Limits.keySubmissionsPerHour {
            #expect(await bench.refusal { try await bench.submit(by: 2) } == "ERROR_RECYCLED_KEY_IN_USE")
        }
        #expect(await bench.refusal { try await bench.submit(by: 2) } == "ERROR_TOO_MANY_REQUESTS")
    }

    @Test("The same key handed over twice at once becomes one")
    func twice() async throws {
        let bench = try await ServiceBench()
        let keys = try await withThrowingTaskGroup(of: SubmittedKey.self) { group in
            for _ in 0..<8 { group.addTask { try await bench.submit() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(keys.map(\.key.id)).count == 1 && keys.count(where: \.isNew) == 1)
        #expect(try bench.rows.recycledKeys(of: nil).count == 1)
    }

    @Test("An account sees, checks and removes its own keys alone, and asks so often an hour")
    func owners() async throws {
        let bench = try await ServiceBench()
        let id = try await bench.submit().key.id
        let service = try bench.service
        #expect(
            await bench.refusal {
                try await service.recycledKey(id, of: bench.holder(2), historyAfter: 0, limit: 9).key
            }
                == "ERROR_NO_SUCH_RECYCLED_KEY")
        #expect(
            await bench.refusal { try await service.check(id, of: bench.holder(2)) } == "ERROR_NO_SUCH_RECYCLED_KEY")
        #expect(
            await bench.refusal { try await service.remove(id, of: bench.holder(2)) } == "ERROR_NO_SUCH_RECYCLED_KEY")
        #expect(try await service.recycledKeys(of: bench.holder(2), after: nil, limit: 9).keys.isEmpty)
        bench.vendor.withLock { $0 = RecycledKeyFinding(.known, balance: .usd("4.5")) }
        for _ in 0..<Limits.keyChecksPerHour {
            let checked = try await service.check(id, of: bench.holder(1))
            #expect(checked.key.funds.balance == .usd("4.5") && checked.isAnswered)
        }
        #expect(await bench.refusal { try await service.check(id, of: bench.holder(1)) } == "ERROR_TOO_MANY_REQUESTS")
        #expect(try await service.remove(id, of: bench.holder(1)).life.state == .removed)
        let removed = try await service.check(id, of: bench.holder(1))
        #expect(removed.key.life.state == .removed && !removed.isAnswered)
    }

    @Test("Keys and what they have been through are read a page at a time, and it is told whether there is more")
    func pages() async throws {
        let bench = try await ServiceBench()
        let id = try await bench.submit().key.id
        let (service, holder) = (try bench.service, bench.holder(1))
        let first = try await service.recycledKey(id, of: holder, historyAfter: 0, limit: 1)
        #expect(first.history.map(\.life.state) == [.pending] && first.hasMore)
        let second = try await service.recycledKey(id, of: holder, historyAfter: 1, limit: 1)
        #expect(second.history.map(\.life.state) == [.active] && !second.hasMore)
        let keys = try await service.recycledKeys(of: holder, after: nil, limit: 1)
        #expect(keys.keys.map(\.id) == [id] && !keys.hasMore)
        let rest = try await service.recycledKeys(of: holder, after: id, limit: 1)
        #expect(rest.keys.isEmpty && !rest.hasMore)
    }

    @Test("A key that is ACTIVE and cannot be used says so, and a check of it that nobody was asked")
    func unusable() async throws {
        let bench = try await ServiceBench()
        let id = try await bench.submit().key.id
        let service = try bench.service
        bench.isUsable.withLock { $0 = false }
        let holder = bench.holder(1)
        let one = try await service.recycledKey(id, of: holder, historyAfter: 0, limit: 9)
        let shown = try await [one.key] + service.recycledKeys(of: holder, after: nil, limit: 9).keys
        for key in shown { #expect(key.life.state == .active && key.life.reason == .unavailable) }
        let checked = try await service.check(id, of: holder)
        #expect(!checked.isAnswered && checked.key.life.reason == .unavailable)
        bench.isUsable.withLock { $0 = true }
        let good = try await service.check(id, of: holder)
        #expect(good.isAnswered && good.key.life.reason == nil)
    }

    @Test("One key belongs to one account also where a vendor has several adapters, and in either case of its digits")
    func sameVendor() async throws {
        let bench = try await ServiceBench()
        let first = try await bench.submit()
        #expect(await bench.refusal { try await bench.submit(at: "clone", by: 2) } == "ERROR_RECYCLED_KEY_IN_USE")
        let upper = ServiceBench.hex.uppercased()
        #expect(await bench.refusal { try await bench.submit(upper, by: 2) } == "ERROR_RECYCLED_KEY_IN_USE")
        let again = try await bench.submit(upper, at: "clone")
        #expect(!again.isNew && again.key.id == first.key.id)
        bench.configured.withLock { $0 = Secret(ServiceBench.other) }
        #expect(
            await bench.refusal { try await bench.submit(ServiceBench.other, at: "clone") }
                == "ERROR_RECYCLED_KEY_IN_USE")
        // Another vendor's key may look the same.
        #expect(await bench.refusal { try await bench.submit(at: "elsewhere", by: 2) } == nil)
    }

    @Test("An account hands over so many keys an hour")
    func tooMany() async throws {
        let bench = try await ServiceBench()
        for number in 0..<Limits.keySubmissionsPerHour {
            let digits = "\(number)"
            _ = try await bench.submit(String(repeating: "0", count: 32 - digits.count) + digits)
        }
        #expect(await bench.refusal { try await bench.submit() } == "ERROR_TOO_MANY_REQUESTS")
        #expect(await bench.refusal { try await bench.submit(by: 2) } == nil)
    }
}
