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
            guard let store = try openStore(configuration) else {
                return try askHost(request, socket: ControlSocket.path(of: configuration))
            }
            return try await perform(request, here: store, configuration)
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    /// The database; nil while a host has it.
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
        let response: HTTPResponse
        do {
            response = try UnixSocketHTTP.exchange(path: socket, request: exchange)
        } catch {
            throw CommandFailure(
                "A host holds the database but does not answer on \(socket): \(error.message)"
                    + " Wait until it has started, or look at its log.")
        }
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
        let service = OperatorService(
            store: threads, plugins: PluginDesk.folder(of: configuration), randomBytes: SecureRandom.bytes,
            hash: { SHA256.hash($0) }, changed: {})
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
}

extension SQLiteStore {
    convenience init(_ configuration: Configuration) throws(StoreFailure) {
        let durability: Durability = configuration.database.synchronous == .full ? .full : .off
        try self.init(path: configuration.database.path, durability: durability)
    }
}
