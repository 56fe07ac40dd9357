internal import CProviderABI
public import ProviderKit

typealias CreateFunction =
    @convention(c) (
        UnsafePointer<ucaptcha_host>?, ucaptcha_bytes, UnsafeMutableRawPointer?,
        (@convention(c) (UnsafeMutableRawPointer?, ucaptcha_bytes) -> Void)?
    ) -> UnsafeMutableRawPointer?
typealias StartFunction = @convention(c) (UnsafeMutableRawPointer?, UInt64, ucaptcha_bytes) -> Void
typealias CancelFunction = @convention(c) (UnsafeMutableRawPointer?, UInt64) -> Void

/// A plug-in that can be called: checked, and its table read. It stays until the process ends.
public final class LoadedPlugin: Sendable {
    /// The file it came from, as the operator knows it.
    public let file: String
    public let manifest: Manifest
    /// The origins that the manifest declares.
    let origins: Set<Origin>
    /// Makes an instance; nil when the plug-in is loaded by another process, which makes it there.
    let create: CreateFunction?
    private let starts: [StartFunction?]
    let cancel: CancelFunction?

    /// Reads everything that does not change from the plug-in's table. Runs code of the plug-in.
    init(file: String, table: UnsafePointer<ucaptcha_plugin>, limits: PluginLimits) throws(PluginRefusal) {
        guard let manifestFunction = table.pointee.manifest, let ability = table.pointee.ability,
            let create = table.pointee.create
        else { throw .badTable(file: file, reason: "a function is missing in its table") }
        self.file = file
        self.create = create
        manifest = try LoadedPlugin.manifest(manifestFunction(), file, limits)
        origins = try LoadedPlugin.origins(of: manifest, file)
        var starts: [StartFunction?] = []
        for operation in Operation.allCases {
            let found = ability(operation.identifier)?.assumingMemoryBound(to: ucaptcha_operation.self)
            if let found, found.pointee.start == nil {
                throw .badTable(file: file, reason: "its operation \(operation.rawValue) has no function")
            }
            starts.append(found?.pointee.start)
        }
        self.starts = starts
        guard starts[Operation.submit.place] != nil else {
            throw .badTable(file: file, reason: "it has no operation submit")
        }
        let cancellation = ability(UCAPTCHA_ABILITY_CANCEL)?.assumingMemoryBound(to: ucaptcha_cancellation.self)
        cancel = cancellation?.pointee.cancel
    }

    /// A plug-in that another process has loaded: its functions send messages there.
    ///
    /// - Parameter abilities: as the message `loaded` tells them.
    init(file: String, manifest: Manifest, abilities: UInt64) throws(PluginRefusal) {
        self.file = file
        self.manifest = manifest
        create = nil
        origins = try LoadedPlugin.origins(of: manifest, file)
        starts = Operation.allCases.map { operation in
            abilities & 1 << UInt64(operation.place) == 0 ? nil : IsolatedAdapter.start(operation)
        }
        guard starts[Operation.submit.place] != nil else {
            throw .badTable(file: file, reason: "it has no operation submit")
        }
        let canCancel = abilities & FrameKind.cancelBit != 0
        cancel = canCancel ? { handle, call in IsolatedAdapter.from(handle)?.cancel(call) } : nil
    }

    /// What the plug-in can do, as the message `loaded` tells it.
    var abilities: UInt64 {
        Operation.allCases.reduce(cancel == nil ? 0 : FrameKind.cancelBit) { bits, operation in
            start(operation) == nil ? bits : bits | 1 << UInt64(operation.place)
        }
    }

    private static func origins(of manifest: Manifest, _ file: String) throws(PluginRefusal) -> Set<Origin> {
        var origins: Set<Origin> = []
        for text in manifest.origins {
            guard let origin = Origin(declared: text) else {
                throw .badManifest(
                    file: file, reason: "origins: \(quoted(text)) is no origin such as https://host:port")
            }
            origins.insert(origin)
        }
        return origins
    }

    private static func manifest(
        _ bytes: ucaptcha_bytes, _ file: String, _ limits: PluginLimits
    ) throws(PluginRefusal) -> Manifest {
        guard bytes.count <= limits.messageBytes else {
            throw .badManifest(file: file, reason: "it is larger than \(limits.messageBytes) bytes")
        }
        do {
            return try Manifest(parsing: bytes.buffer)
        } catch {
            throw .badManifest(file: file, reason: LogText.plain(error.description, limit: 300))
        }
    }

    /// The function of an operation; nil when the adapter does not have it.
    func start(_ operation: Operation) -> StartFunction? {
        starts[operation.place]
    }
}

extension Operation {
    /// Its place in `Operation.allCases`.
    var place: Int {
        switch self {
        case .validate: 0
        case .balance: 1
        case .submit: 2
        case .poll: 3
        case .report: 4
        }
    }
}

extension IsolatedAdapter {
    /// A C function for each operation: none can capture which one it is for.
    static func start(_ operation: Operation) -> StartFunction {
        switch operation {
        case .validate: { IsolatedAdapter.from($0)?.start(.validate, $1, $2) }
        case .balance: { IsolatedAdapter.from($0)?.start(.balance, $1, $2) }
        case .submit: { IsolatedAdapter.from($0)?.start(.submit, $1, $2) }
        case .poll: { IsolatedAdapter.from($0)?.start(.poll, $1, $2) }
        case .report: { IsolatedAdapter.from($0)?.start(.report, $1, $2) }
        }
    }
}
