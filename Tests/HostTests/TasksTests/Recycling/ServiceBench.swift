import Domain
import Logging
import NIOConcurrencyHelpers
import ProviderKit
import Routing
import Storage
import Synchronization
import Testing
import Vault

@testable import Tasks

/// The use cases of recycled keys over a store in memory with a real vault. Time passes when somebody has to wait.
final class ServiceBench: Sendable {
    static let hex = "0123456789abcdef0123456789abcdef"
    static let other = "fedcba9876543210fedcba9876543210"
    let store = MemoryStore()
    let threads: StoreThreads
    let clock = Mutex(Timestamp(milliseconds: 1_700_000_000_000))
    let master: Mutex<Secret?>
    let configured = Mutex<Secret?>(nil)
    /// What the vendor says of every key.
    let vendor = Mutex(RecycledKeyFinding(.known, balance: Money(decimal: "5")))
    let isUsable = Mutex(true)
    /// Keys at providers, as the host opens them.
    let held = Mutex<[ProviderKeyID: String]>([:])
    private let parts = NIOLockedValueBox<(VaultKeeper, RecycledKeyKeeper, RecycledKeyService)?>(nil)

    init(isEnabled: Bool = true, withVault: Bool = true) async throws {
        let key = try MasterKey.random()
        master = Mutex(key)
        threads = try StoreThreads(store) { Timestamp(milliseconds: 1_700_000_000_000) }
        let accounts = (1...2).map { StoreOperation.createAccount(name: "\($0)") }
        _ = try store.commit(accounts, at: clock.withLock { $0 })
        let source = MasterKeySource(reference: "file:key") { [self] () throws(OperatorError) in
            guard let key = master.withLock({ $0 }) else { throw OperatorError("file:key: There is no such file.") }
            return key
        }
        let vault = VaultKeeper(store: threads, opener: KeyVaultOpener(), masterKey: source)
        if withVault {
            let service = CredentialService(store: threads, keeper: vault, desk: desk)
            _ = try await service.perform(.initVault(masterKey: key))
        }
        let keeper = makeKeeper(vault)
        // Whoever waits has time pass until the next thing is due.
        keeper.onEarlierWake { [unowned keeper, self] in
            while let next = keeper.advance(), next.seconds(since: now()) < 1 {
                clock.withLock { $0 = max($0, next) }
            }
        }
        let market = Market(
            providers: providers, board: RouteBoard(offers: OfferTable([]), algorithm: .standard))
        let service = RecycledKeyService(
            keeper: keeper, vault: vault, desk: desk, market: market, isEnabled: isEnabled)
        parts.withLockedValue { $0 = (vault, keeper, service) }
        _ = try await keeper.load()
    }

    deinit { threads.stop() }

    /// What is stored, whatever stores it.
    var rows: any Store { store }

    func now() -> Timestamp { clock.withLock { $0 } }

    var service: RecycledKeyService {
        get throws { try #require(parts.withLockedValue { $0?.2 }) }
    }

    var keeper: RecycledKeyKeeper {
        get throws { try #require(parts.withLockedValue { $0?.1 }) }
    }

    var vault: VaultKeeper {
        get throws { try #require(parts.withLockedValue { $0?.0 }) }
    }

    private var providers: [Provider] {
        let names = [
            ("2captcha", "2Captcha"), ("native", "Native"), ("gone", "Gone"), ("clone", "Clone"),
            ("elsewhere", "Elsewhere"),
        ]
        return names.map { name, shown in
            let manifest = Manifest(id: name, displayName: shown, version: "1", key: nil, offers: [.init(.altcha)])
            return Provider(name: name, manifest: manifest, credentials: [:], caller: NobodyCalls())
        }
    }

    private var desk: CredentialDesk {
        let format = Manifest.KeyFormat(description: "32 hexadecimal digits", length: 32...32, hexadecimal: true)
        return CredentialDesk(
            adapters: [
                .init(name: "2captcha", keys: .format(format)), .init(name: "native", keys: .none),
                .init(name: "gone", keys: .unknown), .init(name: "clone", keys: .format(format)),
                .init(name: "elsewhere", keys: .format(format)),
            ], configured: [], vendor: { $0 == "clone" ? "2captcha" : $0 },
            isConfigured: { [self] provider, fingerprint in
                let vault = parts.withLockedValue { $0?.0.vault }
                return configured.withLock { key in
                    // The configuration has it for one adapter.
                    provider == "2captcha" && key.map { vault?.fingerprint(of: $0, provider: provider) } == fingerprint
                }
            })
    }

    private func makeKeeper(_ vault: VaultKeeper) -> RecycledKeyKeeper {
        let surroundings = KeeperSurroundings(
            take: { [self] key in
                let text = try? vault.vault?.withKey(key) { String(decoding: $0, as: UTF8.self) }
                held.withLock { $0[key.id] = text }
            }, release: { [self] id, _ in held.withLock { $0[id] = nil } },
            isUsable: { [self] _, _ in isUsable.withLock { $0 } },
            check: { [self] _, _, completion in completion(vendor.withLock { $0 }) }, pool: { _, _ in },
            unpool: { _, _ in }, openTasks: { _, _ in (0, .zero) }, cheapest: { _ in nil })
        return RecycledKeyKeeper(
            store: threads, surroundings: surroundings, bounds: .init(drift: Money(decimal: "1") ?? .zero),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { [self] in now() })
    }

    func holder(_ account: Int64) -> KeyHolder {
        let key = APIKey(
            id: account, account: AccountID(account), name: "", scopes: [.manage], revoked: false,
            settings: .standard, createdAt: now())
        return KeyHolder(key: key, accountSuspended: false)
    }

    func submit(
        _ key: String = hex, at provider: String = "2Captcha", label: String = "", by account: Int64 = 1
    ) async throws -> SubmittedKey {
        try await service.submit(Secret(key), at: provider, label: label, by: holder(account))
    }

    /// The code and the field of an error; nil when there is none.
    func refusal(_ body: () async throws -> some Sendable) async -> String? {
        do {
            _ = try await body()
            return nil
        } catch let error as ClientError {
            return [error.code.rawValue, error.field].compactMap(\.self).joined(separator: " ")
        } catch {
            return "\(error)"
        }
    }
}

/// Nobody calls this provider.
private struct NobodyCalls: ProviderCalling {
    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 {
        completion(CallAnswer(.fault(Fault(.transport)), sent: .no))
        return 0
    }

    func cancel(_ call: UInt64) {}
}
