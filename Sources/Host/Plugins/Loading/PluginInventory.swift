/// What can be said of a file in the plug-ins' directory without loading it.
public struct PluginReport: Sendable, Hashable {
    /// The name by which the configuration calls it.
    public let plugin: String
    public let file: String
    /// What the file's headers say; nil when they cannot be read.
    public let elf: ELFFile?
    /// The SHA-256 of the file, in hexadecimal digits, for the configuration's pin; nil when it cannot be read.
    public let sha256: String?
    /// Why the file would not be loaded; nil when nothing speaks against it so far.
    public let refusal: PluginRefusal?
}

extension PluginLoader {
    /// Looks at all `.so` files of the directory without loading any; by name. Empty when there is no directory.
    public func inspect() -> [PluginReport] {
        let names = (try? Directory.names(in: directory)) ?? []
        return names.filter { $0.hasSuffix(".so") && $0.utf8.count > 3 }.sorted().map { report(String($0.dropLast(3))) }
    }

    private func report(_ plugin: String) -> PluginReport {
        let path = path(of: plugin)
        do throws(PluginRefusal) {
            guard PluginName.isValid(plugin) else { throw PluginRefusal.badName(plugin) }
            let file = try VerifiedFile.open(path)
            defer { file.close() }
            return PluginReport(
                plugin: plugin, file: path, elf: file.elf,
                sha256: try? sha256OfFile(file.descriptor).hexadecimal, refusal: refusal(plugin, file))
        } catch {
            return PluginReport(plugin: plugin, file: path, elf: nil, sha256: nil, refusal: error)
        }
    }

    private func refusal(_ plugin: String, _ file: VerifiedFile) -> PluginRefusal? {
        do {
            let differences = try file.differences(pin: nil, sha256OfFile: sha256OfFile)
            if !differences.isEmpty { return .mismatch(file: file.path, differences) }
            return markers.quarantine(of: plugin).map { .quarantined(file: file.path, $0) }
        } catch {
            return error
        }
    }
}
