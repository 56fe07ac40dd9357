internal import CProviderABI
public import ProviderKit

typealias StartFunction = @convention(c) (UnsafeMutableRawPointer?, UInt64, ucaptcha_bytes) -> Void
typealias CancelFunction = @convention(c) (UnsafeMutableRawPointer?, UInt64) -> Void

/// A plug-in that is part of the process: checked, and its table read. It stays until the process ends.
public final class LoadedPlugin: Sendable {
    /// The file it came from, as the operator knows it.
    public let file: String
    public let manifest: Manifest
    /// The origins that the manifest declares.
    let origins: Set<Origin>
    nonisolated(unsafe) let table: UnsafePointer<ucaptcha_plugin>
    private let starts: [StartFunction?]
    let cancel: CancelFunction?

    /// Reads everything that does not change from the plug-in's table. Runs code of the plug-in.
    init(file: String, table: UnsafePointer<ucaptcha_plugin>, limits: PluginLimits) throws(PluginRefusal) {
        guard let manifestFunction = table.pointee.manifest, let ability = table.pointee.ability,
            table.pointee.create != nil
        else { throw .badTable(file: file, reason: "a function is missing in its table") }
        self.file = file
        self.table = table
        manifest = try LoadedPlugin.manifest(manifestFunction(), file, limits)
        var origins: Set<Origin> = []
        for text in manifest.origins {
            guard let origin = Origin(declared: text) else {
                throw .badManifest(
                    file: file, reason: "origins: \(quoted(text)) is no origin such as https://host:port")
            }
            origins.insert(origin)
        }
        self.origins = origins
        var starts: [StartFunction?] = []
        for operation in Operation.allCases {
            let found = ability(operation.identifier)?.assumingMemoryBound(to: ucaptcha_operation.self)
            if let found, found.pointee.start == nil {
                throw .badTable(file: file, reason: "its operation \(operation.rawValue) has no function")
            }
            starts.append(found?.pointee.start)
        }
        self.starts = starts
        guard starts[LoadedPlugin.index(.submit)] != nil else {
            throw .badTable(file: file, reason: "it has no operation submit")
        }
        let cancellation = ability(UCAPTCHA_ABILITY_CANCEL)?.assumingMemoryBound(to: ucaptcha_cancellation.self)
        cancel = cancellation?.pointee.cancel
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
        starts[LoadedPlugin.index(operation)]
    }

    /// The place of the operation in `Operation.allCases`.
    private static func index(_ operation: Operation) -> Int {
        switch operation {
        case .validate: 0
        case .balance: 1
        case .submit: 2
        case .poll: 3
        case .report: 4
        }
    }
}
