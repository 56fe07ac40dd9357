internal import CProviderABI
import Glibc
import ProviderKit
import Synchronization

/// Finds, checks and loads plug-ins. Its functions block: call them from a thread of your own.
///
/// Nothing is ever unloaded, and the descriptor of a loaded file stays open: the dynamic loader knows the file by the
/// descriptor's path, which must not come to mean another file.
public final class PluginLoader: Sendable {
    let directory: String
    let markers: LoadMarkers
    let limits: PluginLimits
    let sha256OfFile: @Sendable (Int32) throws -> [UInt8]
    /// What runs isolated adapters.
    let program: AdapterProgram
    private let state = Mutex(State())

    private struct State {
        /// What came of each file that was handed to the dynamic loader, refusals included: it does so once only.
        var outcomes: [FileIdentity: Result<LoadedPlugin, PluginRefusal>] = [:]
        var filesByID: [String: String] = [:]
    }

    /// Only one plug-in is being loaded by a process at a time, whoever asks.
    private static let loading = Monitor()
    /// The file that hangs in the dynamic loader, with its lock.
    private static let occupied = Mutex<String?>(nil)

    /// - Parameters:
    ///   - directory: where the plug-ins are: `<directory>/<plugin>.so`.
    ///   - markers: the notes of what is being loaded.
    ///   - program: what runs adapters that get a process of their own.
    ///   - sha256OfFile: the SHA-256 (32 bytes) of the whole file that a descriptor belongs to, wherever in the file it
    ///     stands.
    public init(
        directory: String, markers: LoadMarkers, limits: PluginLimits = PluginLimits(),
        program: AdapterProgram = .own,
        sha256OfFile: @escaping @Sendable (Int32) throws -> [UInt8]
    ) {
        self.directory = directory
        self.markers = markers
        self.limits = limits
        self.program = program
        self.sha256OfFile = sha256OfFile
    }

    /// The file that is looked for.
    public func path(of plugin: String) -> String { "\(directory)/\(plugin).so" }

    /// Checks a plug-in's file, without running any code of it.
    ///
    /// - Parameter pin: the SHA-256 that the file has to have, 32 bytes; nil for any.
    /// - Throws: `PluginRefusal`.
    public func verify(_ plugin: String, pin: [UInt8]? = nil) throws(PluginRefusal) {
        try openVerified(plugin, pin: pin).close()
    }

    /// Loads a plug-in, makes something with it, and keeps a note of it meanwhile.
    ///
    /// - Parameter use: makes the instance; it may take what is left of the time (seconds).
    func load<Made>(
        _ plugin: String, pin: [UInt8]?, use: (LoadedPlugin, Double) throws(PluginRefusal) -> Made
    ) throws(PluginRefusal) -> Made {
        PluginLoader.loading.lock()
        defer { PluginLoader.loading.unlock() }
        let file = try openVerified(plugin, pin: pin)
        var keepsDescriptor = false
        defer { if !keepsDescriptor { file.close() } }
        let marker: LoadMarkers.Marker
        do {
            marker = try markers.begin(plugin)
        } catch {
            throw .cannotMark(file: file.path, reason: error.description)
        }
        CrashWitness.begin(marker.descriptor)
        let end = Clocks.monotonicNanoseconds &+ UInt64(nanosecondsIn: limits.loadSeconds)
        do {
            let loaded = try outcome(file, keepsDescriptor: &keepsDescriptor)
            let now = Clocks.monotonicNanoseconds
            let made = try use(loaded, end > now ? Double(end - now) / 1e9 : 0)
            CrashWitness.end()
            markers.end(marker)
            return made
        } catch {
            CrashWitness.end()
            if case .hangs = error { markers.hang(marker) } else { markers.end(marker) }
            throw error
        }
    }

    // MARK: Steps

    /// - Parameter isContained: a plug-in that took an earlier process down may be loaded: it can do this one no harm.
    func openVerified(
        _ plugin: String, pin: [UInt8]?, isContained: Bool = false
    ) throws(PluginRefusal) -> VerifiedFile {
        guard PluginName.isValid(plugin) else { throw .badName(plugin) }
        let path = path(of: plugin)
        let file = try VerifiedFile.open(path)
        do throws(PluginRefusal) {
            let differences = try file.differences(pin: pin, sha256OfFile: sha256OfFile)
            guard differences.isEmpty else { throw PluginRefusal.mismatch(file: path, differences) }
            if !isContained, let quarantine = markers.quarantine(of: plugin) {
                throw PluginRefusal.quarantined(file: path, quarantine)
            }
            return file
        } catch {
            file.close()
            throw error
        }
    }

    private func outcome(_ file: VerifiedFile, keepsDescriptor: inout Bool) throws(PluginRefusal) -> LoadedPlugin {
        if let outcome = state.withLock({ $0.outcomes[file.identity] }) { return try outcome.get() }
        if let other = PluginLoader.occupied.withLock({ $0 }) {
            throw .loaderOccupied(file: file.path, by: other)
        }
        keepsDescriptor = true
        let limits = limits
        let returned = OSThread.run(named: "plugin loader", seconds: limits.loadSeconds) {
            () -> Result<LoadedPlugin, PluginRefusal> in
            Result { () throws(PluginRefusal) in try PluginLoader.open(file, limits: limits) }
        }
        guard let returned else {
            PluginLoader.occupied.withLock { $0 = file.path }
            throw .hangs(file: file.path, stage: .loading, seconds: limits.loadSeconds)
        }
        let outcome = returned.flatMap { claimID(of: $0) }
        state.withLock { $0.outcomes[file.identity] = outcome }
        return try outcome.get()
    }

    /// Hands the file to the dynamic loader and reads the table. Runs code of the plug-in.
    static func open(_ file: VerifiedFile, limits: PluginLimits) throws(PluginRefusal) -> LoadedPlugin {
        try LoadedPlugin(file: file.path, table: try table(of: file), limits: limits)
    }

    /// The plug-in's table, of this version of the contract and made by the compiler that the file names.
    static func table(of file: VerifiedFile) throws(PluginRefusal) -> UnsafePointer<ucaptcha_plugin> {
        let name = "/proc/self/fd/\(file.descriptor)"
        guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            throw .loadFailed(file: file.path, reason: loaderError().replacing(name, with: file.path))
        }
        guard let symbol = dlsym(handle, UCAPTCHA_PROVIDER_SYMBOL) else {
            throw .loadFailed(file: file.path, reason: loaderError().replacing(name, with: file.path))
        }
        typealias Entry = @convention(c) () -> UnsafePointer<ucaptcha_plugin>?
        guard let table = unsafeBitCast(symbol, to: Entry.self)() else {
            throw .badTable(file: file.path, reason: "its entry returns no table")
        }
        // Only the first field is sure to be there whatever the version.
        guard table.pointee.abi_version == UCAPTCHA_PROVIDER_ABI_VERSION else {
            throw .mismatch(
                file: file.path,
                [.abiVersion(file: table.pointee.abi_version, host: UCAPTCHA_PROVIDER_ABI_VERSION)])
        }
        let text = table.pointee.toolchain.map { String(cString: $0) }
        if file.elf.needsSwiftRuntime ? text != hostToolchain : text != nil && text != file.elf.compilerMark {
            throw .mismatch(file: file.path, [.toolchainText(table: text, mark: file.elf.compilerMark)])
        }
        return table
    }

    func claimID(of plugin: LoadedPlugin) -> Result<LoadedPlugin, PluginRefusal> {
        state.withLock { state in
            // Several processes may have loaded one file.
            if let other = state.filesByID[plugin.manifest.id], other != plugin.file {
                return .failure(.nameTaken(file: plugin.file, id: plugin.manifest.id, by: other))
            }
            state.filesByID[plugin.manifest.id] = plugin.file
            return .success(plugin)
        }
    }

    private static func loaderError() -> String {
        dlerror().map { LogText.plain(String(cString: $0), limit: 500) } ?? "the dynamic loader gives no reason"
    }
}
