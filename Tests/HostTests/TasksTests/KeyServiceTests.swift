import Domain
import ProviderKit
import Storage
import Synchronization
import Tasks
import Testing
import Vault

/// The use cases of operators over a store in memory with two accounts.
private final class Office: Sendable {
    let store = MemoryStore()
    let threads: StoreThreads
    let service: OperatorService
    private let changes = Changes()

    init(randomBytes: @escaping @Sendable (Int) throws -> [UInt8] = SecureRandom.bytes) async throws {
        threads = try StoreThreads(store) { Timestamp(milliseconds: 1_700_000_000_000) }
        let source = MasterKeySource(reference: nil) { () throws(OperatorError) in throw OperatorError("none") }
        let changes = changes
        service = OperatorService(
            store: threads,
            plugins: OperatorService.PluginDesk(
                list: { () throws(OperatorError) in .null }, release: { _ throws(OperatorError) in "" }),
            credentials: CredentialService(
                store: threads, keeper: VaultKeeper(store: threads, opener: KeyVaultOpener(), masterKey: source),
                desk: CredentialDesk(adapters: [], configured: [])),
            randomBytes: randomBytes, hash: { SHA256.hash($0) }, changed: { changes.count.withLock { $0 += 1 } })
        for name in ["one", "two"] {
            _ = try store.commit([.createAccount(name: name)], at: Timestamp(milliseconds: 0))[0].get()
        }
    }

    private final class Changes: Sendable { let count = Mutex(0) }

    deinit { threads.stop() }

    var changed: Int { changes.count.withLock { $0 } }

    func perform(_ request: KeyRequest) async throws(OperatorError) -> JSONValue {
        // As it comes over the control socket.
        guard let travelled = OperatorRequest(json: request.json) else { throw OperatorError("It did not travel.") }
        return try await service.perform(travelled)
    }
}

@Suite("What operators do with API keys")
struct KeyServiceTests {
    @Test("A new key is shown once, with its scopes, and stored by its hash")
    func create() async throws {
        let office = try await Office()
        let made = try await office.perform(.create(AccountID(2), name: "shop", scopes: [.manage]))
        let text = try #require(made["apiKey"]?.string)
        #expect(APIKeyText(text) != nil)
        let stored = try #require(office.store.key(hash: SHA256.hash(Array(text.utf8))))
        #expect(stored.key.account == AccountID(2))
        #expect(stored.key.scopes == [.manage])
        #expect(stored.key.name == "shop")
        let listed = try await office.perform(.list(nil))
        #expect(!listed.text.contains(text))
        #expect(
            listed.text == #"[{"id":1,"account":2,"name":"shop","scopes":["manage"],"mode":"NORMAL","preset":"custom","#
                + #""slider":50,"keyPool":"all","dialect":"auto","addresses":[],"openTasks":null,"dailySpend":null,"#
                + #""revoked":false,"created":"2023-11-14T22:13:20Z"}]"#)
    }

    @Test("Keys are listed for all accounts or for one")
    func list() async throws {
        let office = try await Office()
        for account in [1, 2, 1] as [Int64] {
            _ = try await office.perform(.create(AccountID(account), name: "", scopes: [.solve, .manage]))
        }
        #expect(try await office.perform(.list(nil)).array?.compactMap { $0["id"]?.integer } == [1, 2, 3])
        #expect(try await office.perform(.list(AccountID(1))).array?.compactMap { $0["id"]?.integer } == [1, 3])
        #expect(try await office.perform(.list(AccountID(5))) == .array([]))
    }

    @Test("A changed key is answered as it is then, and what was remembered of keys is forgotten")
    func change() async throws {
        let office = try await Office()
        _ = try await office.perform(.create(AccountID(1), name: "", scopes: [.solve]))
        #expect(office.changed == 0)
        let renamed = try await office.perform(.rename(1, name: "b"))
        #expect(renamed["name"]?.string == "b" && renamed["apiKey"] == nil)
        let set = try await office.perform(.settings(1, try RoutingChange(mode: .lightning, slider: 80)))
        #expect(set["mode"]?.string == "LIGHTNING" && set["preset"]?.string == "custom")
        #expect(set["slider"]?.integer == 80)
        let spoken = try await office.perform(.dialect(1, DialectSetting(.capsolver)))
        #expect(spoken["dialect"] == "capsolver" && spoken["slider"]?.integer == 80)
        #expect(try await office.perform(.dialect(1, .automatic))["dialect"] == "auto")
        let strict = try await office.perform(.settings(1, try RoutingChange(keyPool: .platformOnly)))
        #expect(strict["keyPool"]?.string == "platformOnly" && strict["slider"]?.integer == 80)
        let shown = try await office.perform(.settings(1, try RoutingChange()))
        #expect(shown["slider"]?.integer == 80 && shown["keyPool"]?.string == "platformOnly")
        #expect(try await office.perform(.revoke(1))["revoked"]?.bool == true)
        #expect(office.changed == 7)
        let revoked = office.store.keys(of: nil)
        #expect(revoked.map(\.revoked) == [true])
        for request: KeyRequest in [
            .rename(1, name: "c"), .settings(1, try RoutingChange(slider: 1)), .dialect(1, .automatic),
            .allowAddresses(1, .clear),
        ] {
            let refusal = await #expect(throws: OperatorError.self) { try await office.perform(request) }
            #expect(refusal?.description.contains("is revoked") == true)
        }
        #expect(office.store.keys(of: nil) == revoked && office.changed == 7)
        #expect(try await office.perform(.settings(1, try RoutingChange()))["revoked"]?.bool == true, "it is shown")
    }

    @Test("A key's addresses and caps are set, shown and taken away")
    func access() async throws {
        let office = try await Office()
        _ = try await office.perform(.create(AccountID(1), name: "", scopes: [.solve]))
        let ranges = [try IPRange("192.0.2.1"), try IPRange("2001:db8::/32")]
        let allowed = try await office.perform(.allowAddresses(1, .allow(ranges)))
        #expect(allowed["addresses"] == ["192.0.2.1", "2001:db8::/32"])
        let money = try #require(Money(decimal: "2.50"))
        let capped = try await office.perform(
            .settings(1, try RoutingChange(slider: 7), AccessChange(openTasks: .set(3), dailySpend: .set(money))))
        #expect(capped["openTasks"]?.integer == 3 && capped["dailySpend"] == "2.5" && capped["slider"]?.integer == 7)
        #expect(try await office.perform(.allowAddresses(1, nil))["openTasks"]?.integer == 3)
        let lifted = try await office.perform(.settings(1, try RoutingChange(), AccessChange(openTasks: .lift)))
        #expect(lifted["openTasks"] == .null && lifted["dailySpend"] == "2.5")
        #expect(try await office.perform(.allowAddresses(1, .remove([ranges[0]])))["addresses"] == ["2001:db8::/32"])
        let many = (0..<10).map { IPRange(.v4(UInt32($0))) }
        let refusal = await #expect(throws: OperatorError.self) {
            try await office.perform(.allowAddresses(1, .allow(many)))
        }
        #expect(refusal?.description.contains("10 addresses and ranges") == true)
        #expect(try await office.perform(.allowAddresses(1, .clear))["addresses"] == [])
    }

    @Test("What cannot be is refused in words, and changes nothing")
    func refusals() async throws {
        let office = try await Office()
        _ = try await office.perform(.create(AccountID(1), name: "first", scopes: [.solve]))
        let before = office.store.keys(of: nil)
        let long = String(repeating: "x", count: Limits.nameBytes + 1)
        let wrong: [(KeyRequest, String)] = [
            (.create(AccountID(9), name: "", scopes: [.solve]), "`ucaptcha account list` shows them"),
            (.create(AccountID(1), name: "", scopes: []), "solve, manage or both"),
            (.create(AccountID(1), name: long, scopes: [.solve]), "longer than 200 bytes"),
            (.rename(1, name: "a\u{1B}[2J"), "control characters"), (.rename(2, name: "b"), "`ucaptcha key list`"),
            (.revoke(2), "`ucaptcha key list`"), (.settings(0, try RoutingChange(slider: 1)), "`ucaptcha key list`"),
        ]
        for (request, words) in wrong {
            let refusal = await #expect(throws: OperatorError.self) { try await office.perform(request) }
            #expect(refusal?.description.contains(words) == true, "\(request): \(refusal?.description ?? "")")
        }
        #expect(office.store.keys(of: nil) == before)
        #expect(office.changed == 0)
    }

    @Test("Without random bytes there is no key")
    func withoutRandom() async throws {
        let office = try await Office(randomBytes: { _ in [] })
        let refusal = await #expect(throws: OperatorError.self) {
            try await office.perform(.create(AccountID(1), name: "", scopes: [.solve]))
        }
        #expect(refusal?.description.contains("no random bytes") == true)
        #expect(office.store.keys(of: nil) == [])
    }

    @Test("Every request travels as JSON and arrives as it was")
    func travels() throws {
        let money = try #require(Money(decimal: "2.5"))
        let requests: [KeyRequest] = [
            .list(nil), .list(AccountID(3)), .create(AccountID(1), name: "ü", scopes: [.solve, .manage]),
            .create(AccountID(1), name: "", scopes: []), .rename(4, name: ""), .revoke(5),
            .settings(6, try RoutingChange()), .settings(6, try RoutingChange(preset: .reliable)),
            .settings(6, try RoutingChange(mode: .normal, preset: .custom, slider: 0)),
            .settings(6, try RoutingChange(keyPool: .platformOnly)),
            .settings(6, try RoutingChange(slider: 3), AccessChange(openTasks: .set(5), dailySpend: .lift)),
            .settings(6, try RoutingChange(), AccessChange(openTasks: .lift, dailySpend: .set(money))),
            .allowAddresses(7, nil), .allowAddresses(7, .clear), .allowAddresses(7, .remove([try IPRange("::1")])),
            .allowAddresses(7, .allow([try IPRange("10.0.0.0/8"), try IPRange("192.0.2.1")])),
            .dialect(7, .automatic), .dialect(7, DialectSetting(.twoCaptcha)),
        ]
        for request in requests { #expect(OperatorRequest(json: request.json) == .keys(request)) }
    }

    @Test(
        "A request that cannot be is none",
        arguments: [
            #"{"do":"listKeys","account":"1"}"#, #"{"do":"createKey","name":"","scopes":[]}"#,
            #"{"do":"createKey","account":1,"name":"","scopes":["all"]}"#,
            #"{"do":"createKey","account":1,"name":"","scopes":[1]}"#, #"{"do":"renameKey","id":1}"#,
            #"{"do":"revokeKey"}"#, #"{"do":"keySettings","id":1,"mode":"FAST"}"#,
            #"{"do":"keySettings","id":1,"preset":"best"}"#, #"{"do":"keySettings","id":1,"slider":101}"#,
            #"{"do":"keySettings","id":1,"slider":"5"}"#, #"{"do":"keySettings","id":1,"keyPool":"mine"}"#,
            #"{"do":"keySettings","id":1,"openTasks":0}"#, #"{"do":"keySettings","id":1,"dailySpend":"0"}"#,
            #"{"do":"keySettings","id":1,"dailySpend":2}"#, #"{"do":"allowAddresses","change":"clear"}"#,
            #"{"do":"allowAddresses","id":1,"change":"add","addresses":[]}"#,
            #"{"do":"allowAddresses","id":1,"change":"allow","addresses":["10.0.0.1/8"]}"#,
            #"{"do":"keySettings","id":1,"preset":"reliable","slider":5}"#, #"{"do":"keySettings","slider":5}"#,
            #"{"do":"keyDialect","id":1}"#,
            #"{"do":"keyDialect","id":1,"dialect":"x"}"#, #"{"do":"keyDialect","dialect":"auto"}"#,
        ])
    func malformed(_ text: String) throws {
        #expect(OperatorRequest(json: try JSONValue(parsing: Array(text.utf8))) == nil)
    }
}
