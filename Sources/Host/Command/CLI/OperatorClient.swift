import ArgumentParser
import Config
import Domain
import FoundationEssentials
import OutboundHTTP
import ProviderKit
import Storage
import Tasks
import Vault

/// Has an operator's request done: by the running host through its control socket, or, when no host runs, here on the
/// file itself.
struct OperatorClient {
    private let common: CommonOptions

    init(_ common: CommonOptions) {
        self.common = common
    }

    /// - Throws: `CommandFailure` with a sentence for the operator.
    func perform(_ request: OperatorRequest) async throws -> JSONValue {
        do {
            let configuration = try Configuration(file: common.config)
            if let answer = try await withoutDatabase(request, configuration) { return answer }
            let end = ContinuousClock.now + .seconds(Limits.lockSeconds)
            while true {
                if let store = try openStore(configuration) {
                    return try await perform(request, here: store, configuration)
                }
                // Whoever has the database is a host, one that is still starting, or another command that ends soon.
                do {
                    return try askHost(request, socket: ControlSocket.path(of: configuration))
                } catch let failure as HTTPFailure {
                    guard failure.kind == .connect, ContinuousClock.now < end else {
                        throw unreachable(failure, configuration)
                    }
                }
                try await ContinuousClock().sleep(for: .milliseconds(50))
            }
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    private func unreachable(_ failure: HTTPFailure, _ configuration: Configuration) -> CommandFailure {
        CommandFailure(
            """
            Another process holds the database and does not answer on \(ControlSocket.path(of: configuration)): \
            \(failure.message) \(failure.sent == .maybe ? "It may have done what was asked: look first." : "")
            """)
    }

    /// What needs no database is done without one, and what reads or changes one does not make it: a mistyped path
    /// would look like an empty database.
    private func withoutDatabase(_ request: OperatorRequest, _ configuration: Configuration) async throws -> JSONValue?
    {
        guard !FileManager.default.fileExists(atPath: configuration.database.path) else { return nil }
        switch request {
        case .createAccount, .credentials(.initVault): return nil
        case .credentials(.vaultStatus(_)):
            return [
                "masterKey": (configuration.vault.masterKey?.description).map { .string($0) } ?? .null,
                "fit": "There is no vault yet.", "fits": false, "open": false, "keys": 0, "recycledKeys": 0,
                "dataKeys": [],
            ]
        case .routes: throw RouteService.noHost
        case .listAdapters: return try await PluginDesk.folder(of: configuration).list()
        case .releasePlugin(let name):
            return ["message": .string(try await PluginDesk.folder(of: configuration).release(name))]
        default:
            throw CommandFailure(
                """
                There is no database \(configuration.database.path). Check database.path, or make a first account \
                or the vault: `ucaptcha account create` and `ucaptcha vault init` make it.
                """)
        }
    }

    /// The database; nil while another process has it.
    private func openStore(_ configuration: Configuration) throws -> SQLiteStore? {
        do {
            return try SQLiteStore(configuration)
        } catch {
            guard error.kind == .inUse else { throw error }
            return nil
        }
    }

    private func askHost(_ request: OperatorRequest, socket: String) throws -> JSONValue {
        let exchange = HTTPRequest.post(
            "http://localhost/operator", json: request.json, timeoutSeconds: Limits.controlSeconds)
        let response = try UnixSocketHTTP.exchange(path: socket, request: exchange)
        let answer = (try? JSONValue(parsing: response.body)) ?? .null
        if let result = answer["result"] { return result }
        throw CommandFailure(answer["error"]?.string ?? "The host's answer makes no sense (HTTP \(response.status)).")
    }

    private func perform(
        _ request: OperatorRequest, here store: SQLiteStore, _ configuration: Configuration
    ) async throws -> JSONValue {
        let threads = try StoreThreads(store, now: WallClock.now)
        defer {
            threads.stop()
            store.close()
        }
        let keeper = VaultKeeper(store: threads, opener: KeyVaultOpener(), masterKey: .of(configuration))
        let service = OperatorService(
            store: threads, plugins: PluginDesk.folder(of: configuration),
            credentials: CredentialService(
                store: threads, keeper: keeper, desk: .file(of: configuration, keeper: keeper)),
            randomBytes: SecureRandom.bytes, hash: { SHA256.hash($0) }, changed: {})
        return try await service.perform(request)
    }
}

/// Ends a command with a sentence on standard error and exit status 1.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Where the running host listens to operators: beside its database, for the owner of the file alone.
enum ControlSocket {
    static func path(of configuration: Configuration) -> String { configuration.database.path + ".control" }

    /// Whether a host listens there now. The socket of one that died stays behind.
    static func isAnswered(_ configuration: Configuration) -> Bool {
        let request = HTTPRequest(
            method: "GET", url: "http://localhost/", headers: [], body: [], timeoutSeconds: Limits.lockSeconds)
        do {
            _ = try UnixSocketHTTP.exchange(path: path(of: configuration), request: request)
            return true
        } catch {
            return error.kind != .connect
        }
    }

    /// The system allows a socket's path 107 bytes.
    static func check(_ configuration: Configuration) throws {
        guard path(of: configuration).utf8.count <= 107 else {
            throw CommandFailure(
                "database.path is too long: the control socket beside it may have 107 bytes. Choose a shorter path.")
        }
    }
}

extension SQLiteStore {
    convenience init(_ configuration: Configuration) throws(StoreFailure) {
        let durability: Durability = configuration.database.synchronous == .full ? .full : .off
        try self.init(path: configuration.database.path, durability: durability)
    }

    /// Opens the database of a host that starts; a command that has it for a moment is waited for.
    static func opening(_ configuration: Configuration) async throws -> SQLiteStore {
        let end = ContinuousClock.now + .seconds(Limits.lockSeconds)
        while true {
            do {
                return try SQLiteStore(configuration)
            } catch {
                guard error.kind == .inUse, !ControlSocket.isAnswered(configuration), ContinuousClock.now < end else {
                    throw error
                }
            }
            try await ContinuousClock().sleep(for: .milliseconds(50))
        }
    }
}
