public import Foundation
public import ProviderKit
import Synchronization

/// A real `ucaptcha serve` on a database and a configuration of its own, for tests from outside.
public final class HostProcess {
    public let folder: URL
    public let port: Int
    public let adminPort: Int
    public var environment: [String: String] = [:]
    private var process: Process?
    private var starts = 0

    public var config: URL { folder.appending(path: "ucaptcha.yaml") }
    public var database: URL { folder.appending(path: "db.sqlite") }
    public var plugins: URL { folder.appending(path: "plugins") }
    public static var program: URL { Repository.build.appending(path: "ucaptcha") }

    /// - Parameters:
    ///   - folder: has to outlive the host.
    ///   - adapters: the lines under `adapters:`, two spaces in.
    ///   - extra: further top-level lines of the configuration.
    public init(in folder: URL, adapters: String, extra: String = "") throws {
        self.folder = folder
        port = try HostProcess.freePort()
        adminPort = try HostProcess.freePort()
        try FileManager.default.createDirectory(
            at: folder.appending(path: "plugins"), withIntermediateDirectories: true)
        try Data(
            """
            server:
              host: 127.0.0.1
              port: \(port)
            admin:
              port: \(adminPort)
            database:
              path: db.sqlite
              synchronous: \(ProcessInfo.processInfo.environment["UCAPTCHA_TEST_SYNCHRONOUS"] ?? "full")
            plugins:
              directory: plugins
            adapters:
            \(adapters)
            \(extra)

            """.utf8
        ).write(to: config)
    }

    deinit {
        kill()
    }

    /// Puts the bundled adapter `native` of this build into the folder of plug-ins.
    public func installNative() throws {
        try FileManager.default.copyItem(
            at: Repository.build.appending(path: "libnative.so"), to: plugins.appending(path: "native.so"))
    }

    /// Puts a plug-in of Tests/Support/Plugins into the folder of plug-ins, written beside and renamed as a running
    /// host requires it.
    public func install(_ name: String, as installed: String? = nil) throws {
        let target = plugins.appending(path: "\(installed ?? name).so")
        let beside = plugins.appending(path: ".new")
        try FileManager.default.copyItem(atPath: "\(try PluginBuilder.build(name))/\(name).so", toPath: beside.path)
        guard rename(beside.path, target.path) == 0 else { throw TestFailure("\(target.path) cannot be written") }
    }

    public var log: String {
        (try? String(contentsOf: folder.appending(path: "log-\(starts)"), encoding: .utf8)) ?? ""
    }

    /// Starts the host without waiting for it.
    public func launch() throws {
        starts += 1
        let path = folder.appending(path: "log-\(starts)")
        _ = FileManager.default.createFile(atPath: path.path, contents: nil)
        let process = Process()
        process.executableURL = HostProcess.program
        process.arguments = ["serve", "--config", config.path]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = try FileHandle(forWritingTo: path)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        self.process = process
    }

    /// Starts the host and waits until it takes requests.
    public func start() async throws {
        try launch()
        try await eventually("the host is ready") { [self] in
            guard isRunning else { throw TestFailure("The host ended:\n\(log)") }
            return (try? LoopbackHTTP(port: port).get("/readyz").status) == 200
        }
    }

    public var isRunning: Bool { process?.isRunning ?? false }

    public var pid: pid_t { process?.processIdentifier ?? 0 }

    /// SIGKILL, and waits for the end.
    public func kill() {
        guard let process, process.isRunning else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// SIGTERM, and waits for the end.
    ///
    /// - Returns: the exit status.
    @discardableResult
    public func stop() -> Int32 {
        guard let process else { return -1 }
        process.terminate()
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Waits for a host that ends by itself.
    public func waitForEnd() -> Int32 {
        process?.waitUntilExit()
        return process?.terminationStatus ?? -1
    }

    /// Runs a subcommand on this host's configuration.
    @discardableResult
    public func command(_ words: String...) throws -> ProgramResult {
        try run(HostProcess.program, words + ["--config", config.path])
    }

    /// Makes an account and returns its number and key.
    public func makeAccount(deposit: String) throws -> (account: Int64, key: String) {
        let made = try command("account", "create", "--deposit", deposit, "--json")
        let json = (try? JSONValue(parsing: made.output)) ?? .null
        guard let account = json["account"]?.integer, let key = json["apiKey"]?.string else {
            throw TestFailure("account create: \(made.output)\(made.errors)")
        }
        return (account, key)
    }

    /// What `account list` says of an account.
    public func account(_ number: Int64) throws -> JSONValue {
        let listed = try command("account", "list", "--json")
        let accounts = (try? JSONValue(parsing: listed.output))?.array ?? []
        guard let account = accounts.first(where: { $0["account"]?.integer == number }) else {
            throw TestFailure("account list: \(listed.output)\(listed.errors)")
        }
        return account
    }

    private static let givenPorts = Mutex<Set<Int>>([])

    /// A port that is free and was given to no other host of these tests: theirs may not listen yet.
    private static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = try unusedPort()
            if givenPorts.withLock({ $0.insert(port).inserted }) { return port }
        }
        throw TestFailure("No free port")
    }

    private static func unusedPort() throws -> Int {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard bound else { throw TestFailure("No free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
