import Domain
import ProviderKit
import Storage
import Synchronization
import Tasks
import Testing
import Vault

/// The use cases over a store in memory, with a real vault.
private final class Desk: Sendable {
    struct State {
        var added: [SealedProviderKey] = []
        var removed: [ProviderKeyID] = []
        var configured: [UInt8] = []
    }

    static let key = "0123456789abcdef0123456789abcdef"
    static let other = "fedcba9876543210fedcba9876543210"
    let store: MemoryStore
    let threads: StoreThreads
    let master: Mutex<Secret?>
    /// What is where the master key was, once that was fetched.
    let nextMaster = Mutex<Secret?>(nil)
    let state = Mutex(State())
    private let opened: Mutex<VaultKeeper?> = Mutex(nil)

    init(_ store: MemoryStore = MemoryStore(), master: Secret? = nil) throws {
        self.store = store
        threads = try StoreThreads(store) { Timestamp(milliseconds: 1_700_000_000_000) }
        self.master = Mutex(try master ?? MasterKey.random())
    }

    deinit { threads.stop() }

    /// The vault of this process.
    var keeper: VaultKeeper {
        opened.withLock { opened in
            if let opened { return opened }
            let source = MasterKeySource(reference: "file:key") { [self] () throws(OperatorError) in
                guard let key = master.withLock({ $0 }) else { throw OperatorError("file:key: There is no such file.") }
                if let next = nextMaster.withLock({ $0 }) { master.withLock { $0 = next } }
                return key
            }
            let made = VaultKeeper(store: threads, opener: KeyVaultOpener(), masterKey: source)
            opened = made
            return made
        }
    }

    func service(
        check: (@Sendable (String, String) async -> KeyCheck)? = nil,
        foundGood: @escaping @Sendable (String, String) -> Void = { _, _ in },
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) -> CredentialService {
        let format = Manifest.KeyFormat(description: "32 hexadecimal digits", length: 32...32, hexadecimal: true)
        let desk = CredentialDesk(
            adapters: [
                .init(name: "a", keys: .format(format)), .init(name: "b", keys: .unknown),
                .init(name: "free", keys: .none),
            ], configured: [.init(provider: "a", credential: "config-1", reference: "env:A")],
            isConfigured: { [self] _, fingerprint in state.withLock { $0.configured == fingerprint } }, check: check,
            foundGood: foundGood, added: { [self] key in state.withLock { $0.added.append(key) } },
            removed: { [self] id in state.withLock { $0.removed.append(id) } })
        return CredentialService(store: threads, keeper: keeper, desk: desk, now: now)
    }

    func secret() throws -> Secret { try #require(master.withLock { $0 }) }

    /// Sets the vault up.
    func initialised() async throws -> CredentialService {
        let service = service()
        _ = try await service.perform(.initVault(masterKey: secret()))
        return service
    }
}

extension CredentialService {
    /// Adds a key to the provider `a`.
    fileprivate func add(_ key: String, at provider: String = "a") async throws -> JSONValue {
        try await perform(.addKey(provider: provider, label: "l", key: Secret(key)))
    }

    fileprivate func refusal(_ request: CredentialRequest) async -> String {
        do {
            let answer = try await perform(request)
            return "done: \(answer.text)"
        } catch {
            return error.description
        }
    }
}

@Suite("The vault's use cases")
struct VaultServiceTests {
    @Test("A vault is set up once")
    func initOnce() async throws {
        let desk = try Desk()
        let service = try await desk.initialised()
        #expect(desk.store.dataKeys().map(\.key.version) == [1])
        let before = desk.store.dataKeys()
        #expect(await service.refusal(.initVault(masterKey: try MasterKey.random())).contains("set up already"))
        #expect(await service.refusal(.initVault(masterKey: Secret("short"))).contains("set up already"))
        #expect(desk.store.dataKeys() == before)
        let other = try Desk()
        #expect(await other.service().refusal(.initVault(masterKey: Secret("short"))).contains("64 hexadecimal digits"))
        #expect(other.store.dataKeys().isEmpty)
    }

    @Test("The status tells versions, counts and whether the master key fits")
    func status() async throws {
        let desk = try Desk()
        #expect(try await desk.service().perform(.vaultStatus(current: nil))["fits"] == false)
        let service = try await desk.initialised()
        _ = try await service.add(Desk.key)
        _ = try await service.perform(.rotateVault(to: nil, current: nil, newDataKey: true))
        _ = try await service.add(Desk.other)
        _ = try await service.add(Desk.key, at: "b")
        let status = try await service.perform(.vaultStatus(current: nil))
        #expect(status["fits"] == true && status["keys"] == 3 && status["masterKey"] == "file:key")
        #expect(status["dataKeys"]?.array?.map { $0["version"]?.integer } == [1, 2])
        #expect(status["dataKeys"]?.array?.map { $0["keys"]?.integer } == [1, 2])
        #expect(status["dataKeys"]?.array?.first?["made"] == "2023-11-14T22:13:20Z")
        desk.master.withLock { $0 = nil }
        let missing = try await service.perform(.vaultStatus(current: nil))
        #expect(missing["fits"] == false && missing["fit"]?.string?.contains("no such file") == true)
        let wrong = try MasterKey.random()
        desk.master.withLock { $0 = wrong }
        #expect(try await service.perform(.vaultStatus(current: nil))["fit"]?.string?.contains("not the one") == true)
    }

    @Test("After a rotation only the new master key opens the vault, and no sealed key has changed")
    func rotation() async throws {
        let desk = try Desk()
        let service = try await desk.initialised()
        _ = try await service.add(Desk.key)
        let sealed = desk.store.providerKeys()
        let old = try desk.secret()
        #expect(await service.refusal(.rotateVault(to: old, current: nil, newDataKey: false)).contains("already"))
        #expect(
            await service.refusal(.rotateVault(to: Secret("x"), current: nil, newDataKey: false)).contains("64 hex"))
        #expect(
            await service.refusal(.rotateVault(to: nil, current: nil, newDataKey: false)).contains("what to rotate"))
        let crashed = desk.store.snapshot()
        let new = try MasterKey.random()
        _ = try await service.perform(.rotateVault(to: new, current: nil, newDataKey: false))
        #expect(desk.store.providerKeys() == sealed)
        // What a crash before the commit leaves opens with the old one, what is there after it with the new one.
        #expect(try await Desk(crashed, master: old).keeper.openAtStart().keys.count == 1)
        #expect(try await Desk(desk.store, master: new).keeper.openAtStart().keys.count == 1)
        let refused = await #expect(throws: OperatorError.self) {
            try await Desk(desk.store, master: old).keeper.openAtStart()
        }
        #expect(refused?.description.contains("If it was rotated") == true)
        // The host goes on, also with keys that are sealed from now on.
        _ = try await service.add(Desk.other)
        #expect(try await service.perform(.listKeys).array?.last?["state"] == "ready")
        #expect(await service.refusal(.rotateVault(to: nil, current: nil, newDataKey: true)).contains("not the one"))
        // What the command finds where its configuration says counts too.
        let known = try await service.perform(.vaultStatus(current: new))
        #expect(known["fits"] == true)
        #expect(await service.refusal(.rotateVault(to: nil, current: old, newDataKey: true)).contains("not the one"))
        _ = try await service.perform(.rotateVault(to: nil, current: new, newDataKey: true))
        desk.master.withLock { $0 = new }
        _ = try await service.perform(.rotateVault(to: nil, current: nil, newDataKey: true))
        #expect(desk.store.dataKeys().count == 3)
    }

    @Test("A new data key is wrapped under the master key that was found to be right, not under one that came after")
    func changedMeanwhile() async throws {
        let desk = try Desk()
        let service = try await desk.initialised()
        let right = try desk.secret()
        let other = try MasterKey.random()
        desk.nextMaster.withLock { $0 = other }
        _ = try await service.perform(.rotateVault(to: nil, current: nil, newDataKey: true))
        #expect(try await Desk(desk.store, master: right).keeper.openAtStart().warning == nil)
        #expect(desk.store.dataKeys().count == 2)
    }

    @Test("A host does not start with a missing or wrong master key while there are keys, and changes nothing")
    func start() async throws {
        let desk = try Desk()
        #expect(try await desk.keeper.openAtStart() == (keys: [], warning: nil))
        _ = try await desk.initialised()
        let wrong = try MasterKey.random()
        #expect(try await Desk(desk.store, master: wrong).keeper.openAtStart().warning?.contains("stays shut") == true)
        _ = try await desk.service().add(Desk.key)
        let before = (desk.store.dataKeys(), desk.store.providerKeys())
        for key in [wrong, Secret("no master key"), nil] {
            let other = try Desk(desk.store, master: key)
            other.master.withLock { $0 = key }
            let error = await #expect(throws: OperatorError.self) { try await other.keeper.openAtStart() }
            #expect(error?.description.contains("Nothing was changed") == true, "\(error?.description ?? "")")
            #expect(error?.description.contains("file:key") == true)
            #expect(other.keeper.vault == nil)
        }
        #expect(desk.store.dataKeys() == before.0 && desk.store.providerKeys() == before.1)
        #expect(try await Desk(desk.store, master: desk.secret()).keeper.openAtStart().keys.map(\.id.number) == [1])
    }
}

@Suite("The use cases of providers' keys")
struct ProviderKeyServiceTests {
    @Test("A key is stored sealed, shown masked and handed to the host")
    func add() async throws {
        let desk = try Desk()
        let service = try await desk.initialised()
        let added = try await service.add(Desk.key)
        #expect(added["id"] == 1 && added["key"] == "0123...cdef" && added["formatChecked"] == true)
        #expect(try await service.add("any key of b", at: "b")["formatChecked"] == false)
        let stored = try #require(desk.store.providerKeys().first?.key)
        #expect(desk.state.withLock { $0.added.map(\.id.number) } == [1, 2])
        #expect(String(decoding: stored.sealed, as: UTF8.self).contains("01234567") == false)
        let opened = try desk.keeper.vault?.withKey(stored) { Array($0) }
        #expect(opened == Array(Desk.key.utf8))
        let rows = try await service.perform(.listKeys)
        #expect(rows.array?.map { $0["from"]?.string } == ["env:A", "the vault", "the vault"])
        #expect(rows.array?.map { $0["key"]?.string } == ["-", "0123...cdef", "an...b"])
        #expect(rows.array?.last?["added"] == "2023-11-14T22:13:20Z")
        #expect(!rows.text.contains(Desk.key))
    }

    @Test("What cannot be added is refused without a trace of it")
    func refused() async throws {
        let desk = try Desk()
        let early = await desk.service().refusal(.addKey(provider: "a", label: "", key: Secret(Desk.key)))
        #expect(early.contains("vault init"))
        let service = try await desk.initialised()
        _ = try await service.add(Desk.key)
        let cases: [(provider: String, label: String, key: String, words: String)] = [
            ("a", "", Desk.key, "already"), ("c", "", Desk.key, "There is no adapters.c"),
            ("free", "", Desk.key, "needs no keys"), ("a", "", "0123456789abcdeg", "32 hexadecimal digits"),
            ("a", "x\u{1B}", Desk.other, "control characters"), ("b", "", "secret\nsecret", "control characters"),
        ]
        for (provider, label, key, words) in cases {
            let refusal = await service.refusal(.addKey(provider: provider, label: label, key: Secret(key)))
            #expect(refusal.contains(words), "\(refusal)")
            #expect(!refusal.contains(key))
        }
        let print = desk.keeper.vault?.fingerprint(of: Secret(Desk.other), provider: "a")
        desk.state.withLock { $0.configured = print ?? [] }
        let configured = await service.refusal(.addKey(provider: "a", label: "", key: Secret(Desk.other)))
        #expect(configured.contains("The configuration refers to this key"))
        #expect(desk.store.providerKeys().count == 1)
        #expect(desk.state.withLock { $0.added.count } == 1)
    }

    @Test("The same key is refused also under a new data key and a new master key")
    func duplicateAfterRotation() async throws {
        let desk = try Desk()
        let service = try await desk.initialised()
        _ = try await service.add(Desk.key)
        _ = try await service.perform(.rotateVault(to: MasterKey.random(), current: nil, newDataKey: true))
        #expect(await service.refusal(.addKey(provider: "a", label: "", key: Secret(Desk.key))).contains("already"))
    }

    @Test("A removed key is gone, and its number does not come back")
    func remove() async throws {
        let desk = try Desk()
        let service = try await desk.initialised()
        _ = try await service.add(Desk.key)
        let id = try #require(ProviderKeyID(1))
        _ = try await service.perform(.removeKey(id))
        #expect(desk.store.providerKeys().isEmpty)
        #expect(desk.state.withLock { $0.removed } == [id])
        #expect(await service.refusal(.removeKey(id)).contains("provider-key list"))
        #expect(try await service.add(Desk.key)["id"] == 2)
    }

    @Test("A list is shown without the master key too, and a damaged key is called that")
    func listWithoutVault() async throws {
        let desk = try Desk()
        let service = try await desk.initialised()
        _ = try await service.add(Desk.key)
        _ = try await service.add(Desk.other)
        let shut = try Desk(desk.store)
        let rows = try await shut.service().perform(.listKeys).array ?? []
        #expect(rows.dropFirst().allSatisfy { $0["key"] == "-" && $0["state"]?.string?.contains("sealed") == true })
        let keys = desk.store.providerKeys().map(\.key)
        _ = try await desk.threads.perform(.vault(.removeProviderKey(keys[0].id)))
        let swapped = SealedProviderKey(
            id: keys[0].id, provider: "a", label: "", dataKey: 1, sealed: keys[1].sealed,
            fingerprint: keys[0].fingerprint)
        _ = try await desk.threads.perform(.vault(.addProviderKey(swapped)))
        let damaged = try await service.perform(.listKeys).array ?? []
        #expect(damaged.map { $0["state"]?.string } == ["in the configuration", "damaged", "ready"])
    }

    @Test("Keys are checked through the host, and only there")
    func check() async throws {
        let desk = try Desk()
        let without = try await desk.initialised()
        for number in 0..<20 { _ = try await without.add("a key with number \(number)", at: "b") }
        #expect(await without.refusal(.checkKeys(nil)).contains("no host runs"))
        let asked = Mutex<[String]>([])
        let service = desk.service { provider, credential in
            asked.withLock { $0.append("\(provider) \(credential)") }
            return switch credential {
            case "config-1": .valid(balance: "1.5 USD")
            case "vault-1", "vault-3", "vault-4": .refused("invalidKey")
            default: .unknown("no answer")
            }
        }
        let rows = try await service.perform(.checkKeys(nil)).array ?? []
        #expect(rows.count == 21)
        #expect(rows.first == ["id": "env:A", "provider": "a", "state": "valid", "balance": "1.5 USD"])
        #expect(rows[1] == ["id": 1, "provider": "b", "state": "refused", "reason": "invalidKey"])
        #expect(rows[2] == ["id": 2, "provider": "b", "state": "not known", "reason": "no answer"])
        #expect(rows[5...].allSatisfy { $0["state"] == "not known" })
        #expect(rows[20]["reason"]?.string?.contains("refused 3 keys") == true)
        // One after the other, and after three that were refused no more: many wrong keys get an address locked out.
        #expect(asked.withLock { $0 }.filter { $0 != "a config-1" } == (1...4).map { "b vault-\($0)" })
        #expect(asked.withLock { $0.count } == 5)
        #expect(try await service.perform(.checkKeys(ProviderKeyID(1))).array?.count == 1)
        #expect(await service.refusal(.checkKeys(ProviderKeyID(99))).contains("no such key"))
    }

    @Test("A check that takes long ends before the command stops waiting for it, and tells which keys are left")
    func slowCheck() async throws {
        let desk = try Desk()
        let without = try await desk.initialised()
        for number in 0..<5 { _ = try await without.add("a key with number \(number)", at: "b") }
        let time = Mutex(ContinuousClock.now)
        let service = desk.service(
            check: { _, _ in
                time.withLock { $0 = $0.advanced(by: .seconds(Limits.keyChecksSeconds / 2)) }
                return .unknown("no answer")
            }, now: { time.withLock { $0 } })
        // One at `a` and those at `b` are asked about side by side.
        let rows = try await service.perform(.checkKeys(nil)).array ?? []
        let left = rows.filter { $0["reason"]?.string?.contains("Check it by its number") == true }
        #expect(rows.count == 6 && (3...4).contains(left.count), "\(rows)")
        #expect(rows.last?["state"] == "not known" && rows.last == left.last)
        // Two questions about the last key may still be under way then.
        #expect(Limits.keyChecksSeconds + 2 * Limits.keyCheckSeconds < Limits.controlSeconds)
    }

    @Test("A check that finds a key good tells so, and not of one with nothing on it or of which nothing is known")
    func foundGood() async throws {
        let desk = try Desk()
        let without = try await desk.initialised()
        for number in 0..<7 { _ = try await without.add("another \(number)", at: "b") }
        let good = Mutex<[String]>([])
        let service = desk.service(
            check: { _, key in
                switch key {
                case "vault-1": .valid(balance: "0.00 USD")
                case "vault-2": .valid(balance: "0.05 points2")
                case "vault-3": .valid(balance: "-1 USD")
                case "vault-4": .valid(balance: nil)
                case "vault-5": .refused("invalidKey")
                default: .unknown("no answer")
                }
            }, foundGood: { provider, key in good.withLock { $0.append("\(provider) \(key)") } })
        _ = try await service.perform(.checkKeys(nil))
        #expect(good.withLock { $0 } == ["b vault-2", "b vault-4"])
    }

    @Test("What an adapter says of a key is read by its blame")
    func answers() {
        let valid = OperationReply.valid(ValidKey(balance: Balance(amount: "2")))
        #expect(KeyCheck(valid, unit: "USD") == .valid(balance: "2 USD"))
        #expect(KeyCheck(.valid(ValidKey()), unit: "USD") == .valid(balance: nil))
        #expect(KeyCheck(.balance(Balance(amount: "0.1")), unit: "points") == .valid(balance: "0.1 points"))
        #expect(KeyCheck(.fault(Fault(.noFunds)), unit: "USD") == .valid(balance: "0 USD"))
        #expect(KeyCheck(.fault(Fault(.invalidKey, "no")), unit: "USD") == .refused("invalidKey: no"))
        #expect(KeyCheck(.fault(Fault(.keyDisabled)), unit: "USD") == .refused("keyDisabled"))
        for kind: Fault.Kind in [
            .transport, .ipNotAllowed, .banned(.key, untilUnixSeconds: nil), .rateLimited(.key, retryAfterSeconds: nil),
        ] {
            if case .unknown = KeyCheck(.fault(Fault(kind, "no")), unit: "USD") {
            } else {
                Issue.record("known: \(kind)")
            }
        }
        if case .unknown = KeyCheck(.reported, unit: "USD") {} else { Issue.record("known") }
    }

    @Test("Requests travel as they are, and show no secret when they are printed")
    func requests() throws {
        let secret = Secret(Desk.key)
        let requests: [CredentialRequest] = [
            .initVault(masterKey: secret), .vaultStatus(current: nil),
            .vaultStatus(current: secret), .rotateVault(to: secret, current: secret, newDataKey: true),
            .rotateVault(to: nil, current: nil, newDataKey: false), .addKey(provider: "a", label: "l", key: secret),
            .listKeys, .checkKeys(nil), .checkKeys(ProviderKeyID(3)), .removeKey(try #require(ProviderKeyID(4))),
        ]
        for request in requests {
            let whole = OperatorRequest.credentials(request)
            #expect(OperatorRequest(json: whole.json) == whole)
            #expect(!"\(whole)".contains(Desk.key))
        }
        for json: JSONValue in [
            ["do": "removeProviderKey", "id": 0], ["do": "removeProviderKey"], ["do": "addProviderKey", "key": "x"],
            ["do": "checkProviderKeys", "id": "1"], ["do": "initVault"], ["do": "rotateVault"],
        ] {
            #expect(OperatorRequest(json: json) == nil)
        }
    }
}
