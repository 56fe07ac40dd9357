public import ProviderKit

/// How a vendor's behaviour changes over time: settings from a second on, counted from the script's start.
public struct VendorScript: Sendable, Hashable {
    /// In the order of their times.
    public private(set) var phases: [Phase]

    /// Settings from a time on, until those of the next phase.
    public struct Phase: Sendable, Hashable {
        public var from: Double
        public var settings: VendorSettings

        public init(from: Double, _ settings: VendorSettings) {
            self.from = from
            self.settings = settings
        }
    }

    public init(_ phases: [Phase] = []) {
        self.phases = phases.sorted { $0.from < $1.from }
    }

    /// One behaviour for all time.
    public init(_ settings: VendorSettings) {
        phases = [Phase(from: 0, settings)]
    }

    /// The phase at a time, and its settings.
    func phase(at seconds: Double) -> (index: Int, settings: VendorSettings) {
        guard let index = phases.lastIndex(where: { $0.from <= seconds }) else { return (-1, VendorSettings()) }
        return (index, phases[index].settings)
    }
}

/// A script or control request that cannot be read.
public struct ScriptError: Error, Sendable, CustomStringConvertible {
    /// A sentence that says what to do.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Scripts of several vendors, as in a file.
public struct SimulatorScript: Sendable, Hashable {
    public var vendors: [Vendor: VendorScript] = [:]

    public init() {}

    /// Reads `{"2captcha": [{"from": 0, "latency": {"fixed": 5}}, {"from": 60, "faults": [{"kind": "stall"}]}]}`.
    ///
    /// - Throws: `ScriptError` with the field that is wrong.
    public init(_ json: JSONValue) throws(ScriptError) {
        guard let object = json.object else { throw ScriptError("A script is a JSON object of vendors.") }
        for member in object.members {
            guard let vendor = Vendor(rawValue: member.name) else {
                let names = Vendor.allCases.map(\.rawValue).joined(separator: ", ")
                throw ScriptError("`\(member.name)` is no vendor. Use one of \(names).")
            }
            vendors[vendor] = try SettingsReader.script(member.value)
        }
    }
}
