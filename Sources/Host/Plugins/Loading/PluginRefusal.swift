/// Why a plug-in, or one instance of it, is not used. The host starts with the rest, `missing` apart.
public enum PluginRefusal: Error, Sendable, Hashable {
    /// The configuration names a plug-in by a text that cannot be a file's name.
    case badName(String)
    /// There is no such file. An enabled adapter without its plug-in stops the start.
    case missing(file: String)
    /// The file is there but cannot be opened or read.
    case unreadable(file: String, reason: String)
    /// The path leads to a directory, a device or a socket.
    case notRegular(file: String)
    /// A text file, a damaged file: what `reason`, a clause, says.
    case notSharedObject(file: String, reason: String)
    /// The file does not fit this host, in every way that is listed.
    case mismatch(file: String, [Difference])
    /// Loading this plug-in took an earlier process down.
    case quarantined(file: String, Quarantine)
    /// The note of what is being loaded could not be written, and without it nothing is loaded.
    case cannotMark(file: String, reason: String)
    /// The dynamic loader refused the file.
    case loadFailed(file: String, reason: String)
    /// The file's code did not return in time. After `stage == .loading` no other plug-in can be loaded by this
    /// process any more: the dynamic loader's lock is never released.
    case hangs(file: String, stage: Stage, seconds: Double)
    /// An earlier plug-in hangs in the dynamic loader.
    case loaderOccupied(file: String, by: String)
    /// The entry returned no table, or one with holes: `reason`, a clause, says which.
    case badTable(file: String, reason: String)
    /// The manifest cannot be read or contradicts itself.
    case badManifest(file: String, reason: String)
    /// Another file that is loaded has the same id in its manifest.
    case nameTaken(file: String, id: String, by: String)
    /// The plug-in refuses the settings of this instance.
    case settingsRefused(file: String, adapter: String, reason: String)
    /// The adapter's own process ended, or hung, before the plug-in was ready there: `reason`, a clause, says how.
    case processEnded(file: String, reason: String)
    /// The adapter's own process refused the plug-in, for a reason that is one of these.
    case byProcess(label: String, sentence: String)

    public enum Stage: String, Sendable, Hashable {
        case loading, creating
    }

    /// One way in which a file does not fit the host.
    public enum Difference: Sendable, Hashable {
        case machine(file: String, host: String)
        case noSymbol(String)
        /// The file needs the Swift runtime of the host's process and comes from another compiler; nil without a mark.
        case toolchain(file: String?, host: String)
        /// The plug-in's table names another compiler than the file's mark.
        case toolchainText(table: String?, mark: String?)
        case digest(file: String, pinned: String)
        case abiVersion(file: UInt32, host: UInt32)
    }

    /// Whether only a new process can load further plug-ins.
    public var needsNewProcess: Bool {
        switch self {
        case .hangs(_, .loading, _), .loaderOccupied: true
        default: false
        }
    }

    /// A name of the closed set, for metrics.
    public var label: String {
        switch self {
        case .badName: "badName"
        case .missing: "missing"
        case .unreadable: "unreadable"
        case .notRegular: "notRegular"
        case .notSharedObject: "notSharedObject"
        case .mismatch: "mismatch"
        case .quarantined: "quarantined"
        case .cannotMark: "cannotMark"
        case .loadFailed: "loadFailed"
        case .hangs: "hangs"
        case .loaderOccupied: "loaderOccupied"
        case .badTable: "badTable"
        case .badManifest: "badManifest"
        case .nameTaken: "nameTaken"
        case .settingsRefused: "settingsRefused"
        case .processEnded: "processEnded"
        case .byProcess(let label, _): label
        }
    }
}

extension PluginRefusal: CustomStringConvertible {
    /// Sentences for the operator: what file, what is wrong, what to do.
    public var description: String {
        switch self {
        case .badName(let name):
            "\(quoted(name)) cannot be the name of a plug-in: use 1 to 64 letters, digits, hyphens and underscores."
        case .missing(let file):
            "The plug-in file \(file) is not there. Build or copy it to that place, or disable the adapter."
        case .unreadable(let file, let reason): "The plug-in file \(file) cannot be read: \(reason)."
        case .notRegular(let file): "\(file) is no regular file. Put the plug-in's shared object there."
        case .notSharedObject(let file, let reason):
            "\(file) \(reason). Replace it by the plug-in's shared object."
        case .mismatch(let file, let differences):
            "\(file) does not fit this host: \(differences.map(\.clause).joined(separator: "; "))."
        case .quarantined(let file, let quarantine):
            "\(file) was not loaded: \(quarantine.clause). Replace the file, then release it with "
                + "`ucaptcha adapter release \(quarantine.plugin)`."
        case .cannotMark(let file, let reason):
            "\(file) was not loaded, because the note of what is being loaded could not be written: \(reason)."
        case .loadFailed(let file, let reason): "\(file) could not be loaded: \(reason)."
        case .hangs(let file, let stage, let seconds):
            "\(file) did not return within \(seconds) seconds while it was \(stage.clause). It is quarantined: "
                + "the next start skips it."
        case .loaderOccupied(let file, let other):
            "\(file) cannot be loaded by this process, because \(other) hangs while it is being loaded. Start the "
                + "host again: it then skips \(other)."
        case .badTable(let file, let reason): "\(file) breaks the plug-in contract: \(reason)."
        case .badManifest(let file, let reason): "The manifest of \(file) is wrong: \(reason)."
        case .nameTaken(let file, let id, let other):
            "\(file) calls itself \(quoted(id)), and so does \(other), which is loaded already. Keep one of them."
        case .settingsRefused(let file, let adapter, let reason):
            "\(file) refuses the settings of adapters.\(adapter): \(reason)"
        case .processEnded(let file, let reason):
            "\(file) could not be loaded in a process of its own: \(reason). Repair or replace it."
        case .byProcess(_, let sentence): sentence
        }
    }
}

extension PluginRefusal.Stage {
    fileprivate var clause: String {
        switch self {
        case .loading: "being loaded"
        case .creating: "making an instance"
        }
    }
}

extension PluginRefusal.Difference {
    fileprivate var clause: String {
        switch self {
        case .machine(let file, let host): "it is for \(file) and the host runs on \(host)"
        case .noSymbol(let symbol): "it does not define the symbol \(symbol)"
        case .toolchain(let file?, let host):
            "it needs the host's Swift runtime and was built by \(quoted(file)), the host by \(quoted(host))"
        case .toolchain(nil, let host):
            "it needs the host's Swift runtime and does not say what compiler built it; the host was built by "
                + quoted(host)
        case .toolchainText(let table, let mark):
            "its table names the compiler \(table.map(quoted) ?? "of no one") and the file's mark "
                + (mark.map(quoted) ?? "is missing")
        case .digest(let file, let pinned): "its SHA-256 is \(file) and the configuration pins \(pinned)"
        case .abiVersion(let file, let host): "it speaks version \(file) of the contract and the host version \(host)"
        }
    }
}

/// A text from outside between quotation marks, on one line and not too long.
func quoted(_ text: String) -> String {
    "\u{201C}" + LogText.plain(text, limit: 200) + "\u{201D}"
}
