import Domain
import ProviderKit
import Storage
import Synchronization
import Testing
import Vault

@testable import Tasks

@Suite("What operators do with recycled keys", .timeLimit(.minutes(1)))
struct RecycledKeyDeskTests {
    private func perform(_ desk: RecycledKeyDesk, _ request: RecycledKeyRequest) async -> JSONValue {
        do {
            return try await desk.perform(request)
        } catch {
            return .string(error.description)
        }
    }

    @Test("Requests travel as JSON and come back the same, and nothing else is one")
    func travel() throws {
        let id = try #require(ProviderKeyID(7))
        let requests: [RecycledKeyRequest] = [
            .list(nil, after: nil), .list(AccountID(3), after: id), .show(id), .check(id), .remove(id), .resume(id),
            .add(AccountID(3), provider: "a", label: "l", key: Secret("k")),
        ]
        for request in requests {
            #expect(OperatorRequest(json: request.json) == .recycledKeys(request))
        }
        for bad: JSONValue in [
            ["do": "showRecycledKey"], ["do": "showRecycledKey", "id": 0], ["do": "addRecycledKey", "account": 1],
            ["do": "listRecycledKeys", "account": "x"], ["do": "listRecycledKeys", "after": 0],
        ] { #expect(OperatorRequest(json: bad) == nil) }
        #expect(!"\(requests)".contains("\"k\""))
    }

    @Test("With a host a key is added, shown with its history, checked, removed and resumed")
    func running() async throws {
        let bench = try await ServiceBench()
        let desk = RecycledKeyDesk(store: bench.threads, service: try bench.service)
        let request = RecycledKeyRequest.add(
            AccountID(2), provider: "2captcha", label: "l", key: Secret(ServiceBench.hex))
        let added = await perform(desk, request)
        #expect(added["state"]?.string == "ACTIVE" && added["new"]?.bool == true, "\(added.text)")
        #expect(added["key"]?.string == "0123...cdef" && added["account"]?.integer == 2)
        #expect(added["balance"]?.string == "5" && added["credited"]?.string == "0")
        #expect(!added.text.contains(ServiceBench.hex))
        let id = try #require((added["id"]?.integer).flatMap { ProviderKeyID($0) })
        let shown = await perform(desk, .show(id))
        #expect(shown["history"]?.array?.map { $0["state"]?.string } == ["PENDING", "ACTIVE"])
        #expect(await perform(desk, .list(AccountID(1), after: nil)) == [])
        #expect(await perform(desk, .list(nil, after: nil)).array?.count == 1)
        #expect(await perform(desk, .list(nil, after: id)) == [])
        // It is used elsewhere.
        bench.vendor.withLock { $0 = RecycledKeyFinding(.known, balance: .usd("1")) }
        let suspended = await perform(desk, .check(id))
        #expect(suspended["suspended"]?.bool == true && suspended["drift"]?.string == "4", "\(suspended.text)")
        let resumed = await perform(desk, .resume(id))
        #expect(resumed["suspended"]?.bool == false && resumed["drift"]?.string == "0")
        #expect(await perform(desk, .resume(id)).string?.contains("not suspended") == true)
        #expect(await perform(desk, .remove(id))["state"]?.string == "REMOVED")
        let nobody = await perform(
            desk, .add(AccountID(9), provider: "2captcha", label: "", key: Secret(ServiceBench.other)))
        #expect(nobody.string?.contains("There is no such account") == true)
        let wrong = await perform(desk, .add(AccountID(1), provider: "2captcha", label: "", key: Secret("x")))
        #expect(wrong.string?.hasPrefix("key:") == true && wrong.string?.contains("bytes") == true, "\(wrong.text)")
    }

    @Test("Without a host keys are shown, removed and resumed on the file; for the rest one is needed")
    func file() async throws {
        let bench = try await ServiceBench()
        let id = try await bench.submit().key.id
        let desk = RecycledKeyDesk(store: bench.threads, service: nil)
        #expect(await perform(desk, .show(id))["state"]?.string == "ACTIVE")
        #expect(await perform(desk, .check(id)).string?.contains("no host runs") == true)
        let add = RecycledKeyRequest.add(
            AccountID(1), provider: "2captcha", label: "", key: Secret(ServiceBench.other))
        #expect(await perform(desk, add).string?.contains("no host runs") == true)
        #expect(await perform(desk, .remove(id))["state"]?.string == "REMOVED")
        let unknown = try #require(ProviderKeyID(99))
        for request in [RecycledKeyRequest.show(unknown), .remove(unknown), .resume(unknown)] {
            #expect(await perform(desk, request).string?.contains("no such recycled key") == true)
        }
    }

    @Test(
        "The vault's status counts recycled keys, and a host that has only those does not start without its master key")
    func vault() async throws {
        let bench = try await ServiceBench()
        _ = try await bench.submit()
        let keeper = try bench.vault
        let service = CredentialService(
            store: bench.threads, keeper: keeper, desk: CredentialDesk(adapters: [], configured: []))
        let status = try await service.perform(.vaultStatus(current: nil))
        #expect(status["keys"]?.integer == 1 && status["recycledKeys"]?.integer == 1, "\(status.text)")
        #expect(status["dataKeys"]?.array?.first?["keys"]?.integer == 1)
        bench.master.withLock { $0 = nil }
        let late = VaultKeeper(store: bench.threads, opener: keeper.opener, masterKey: keeper.masterKey)
        await #expect(throws: OperatorError.self) { try await late.openAtStart() }
    }
}
