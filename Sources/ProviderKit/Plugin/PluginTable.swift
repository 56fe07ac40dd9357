public import CProviderABI
import Synchronization

/// Makes the C table of a plug-in out of a Swift adapter. A plug-in's whole entry is
///
///     @_cdecl("ucaptcha_provider_v1")
///     public func entry() -> UnsafePointer<ucaptcha_plugin> { PluginTable.of(MyAdapter.self) }
public enum PluginTable {
    /// The table for this adapter. A plug-in has one adapter: the type of the first call stays.
    public static func of<Adapter: ProviderAdapter>(_ type: Adapter.Type) -> UnsafePointer<ucaptcha_plugin> {
        shared.withLock { shared in
            if let made = shared { return made.table }
            let made = Made(type)
            shared = made
            return made.table
        }
    }

    private static let shared = Mutex<Made?>(nil)

    fileprivate static var made: Made? { shared.withLock { $0 } }

    /// What the table's functions, which can capture nothing, look up. Lives as long as the process.
    fileprivate final class Made: Sendable {
        let type: any ProviderAdapter.Type
        nonisolated(unsafe) let manifest: UnsafeBufferPointer<UInt8>
        nonisolated(unsafe) let table: UnsafePointer<ucaptcha_plugin>
        nonisolated(unsafe) let operations: [String: UnsafePointer<ucaptcha_operation>]
        nonisolated(unsafe) let cancellation: UnsafePointer<ucaptcha_cancellation>

        init(_ type: any ProviderAdapter.Type) {
            self.type = type
            manifest = permanent(type.manifest.bytes)
            var operations: [String: UnsafePointer<ucaptcha_operation>] = [:]
            for operation in Operation.allCases where AdapterInstance.serves(operation, type) {
                operations[operation.identifier] = permanent(ucaptcha_operation(start: start(operation)))
            }
            self.operations = operations
            cancellation = permanent(ucaptcha_cancellation(cancel: { AdapterInstance.from($0)?.cancel($1) }))
            table = permanent(
                ucaptcha_plugin(
                    abi_version: UCAPTCHA_PROVIDER_ABI_VERSION, toolchain: neededToolchain(),
                    manifest: { manifestBytes() }, create: { create($0, $1, $2, $3) }, ability: { ability($0) }))
        }
    }
}

private func permanent<Value>(_ value: Value) -> UnsafePointer<Value> {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    pointer.initialize(to: value)
    return UnsafePointer(pointer)
}

private func permanent(_ bytes: [UInt8]) -> UnsafeBufferPointer<UInt8> {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = buffer.initialize(from: bytes)
    return UnsafeBufferPointer(buffer)
}

/// A C function for each operation: none can capture which one it is for.
private func start(_ operation: Operation)
    -> @convention(c) (UnsafeMutableRawPointer?, UInt64, ucaptcha_bytes) -> Void
{
    switch operation {
    case .validate: { AdapterInstance.from($0)?.start(.validate, $1, $2) }
    case .balance: { AdapterInstance.from($0)?.start(.balance, $1, $2) }
    case .submit: { AdapterInstance.from($0)?.start(.submit, $1, $2) }
    case .poll: { AdapterInstance.from($0)?.start(.poll, $1, $2) }
    case .report: { AdapterInstance.from($0)?.start(.report, $1, $2) }
    }
}

/// A plug-in linked with `-static-stdlib` is built with UCAPTCHA_OWN_RUNTIME and needs nothing of the host's process.
private func neededToolchain() -> UnsafePointer<CChar>? {
    #if UCAPTCHA_OWN_RUNTIME
        nil
    #else
        ucaptcha_toolchain()
    #endif
}

private func manifestBytes() -> ucaptcha_bytes {
    guard let manifest = PluginTable.made?.manifest else { return ucaptcha_bytes(data: nil, count: 0) }
    return ucaptcha_bytes(data: manifest.baseAddress, count: manifest.count)
}

private func ability(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
    guard let id, let made = PluginTable.made else { return nil }
    let name = String(cString: id)
    if name == UCAPTCHA_ABILITY_CANCEL { return UnsafeRawPointer(made.cancellation) }
    return made.operations[name].map { UnsafeRawPointer($0) }
}

private func create(
    _ host: UnsafePointer<ucaptcha_host>?, _ settings: ucaptcha_bytes, _ refuseContext: UnsafeMutableRawPointer?,
    _ refuse: (@convention(c) (UnsafeMutableRawPointer?, ucaptcha_bytes) -> Void)?
) -> UnsafeMutableRawPointer? {
    guard let made = PluginTable.made else { return nil }
    do {
        guard let host, let services = HostServices(host) else {
            throw MessageError("the host does not lend the services that this plug-in needs")
        }
        let instance = AdapterInstance(
            try made.type.init(settings: try AdapterSettings(crossing: settings.buffer)), services: services)
        return Unmanaged.passRetained(instance).toOpaque()
    } catch {
        let sentence = (error as? Fault).map { $0.message.isEmpty ? $0.label : $0.message } ?? "\(error)"
        Array(sentence.utf8).withBytes { refuse?(refuseContext, $0) }
        return nil
    }
}

extension AdapterSettings {
    /// The settings as they cross the boundary.
    public var bytes: [UInt8] {
        var object: JSONObject = ["name": .string(name)]
        object["endpoint"] = endpoint.map { .string($0) }
        return JSONValue.object(object).bytes
    }

    init(crossing bytes: some Sequence<UInt8>) throws(MessageError) {
        let value = try JSONValue(crossing: bytes)
        self.init(name: try (value["name"]?.string).required("name"), endpoint: value["endpoint"]?.string)
    }
}
