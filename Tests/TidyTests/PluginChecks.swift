/// What the built plug-ins show to the outside.
enum PluginChecks {
    static let entry = "ucaptcha_provider_v1"

    /// - Parameter listing: what `nm -D -g --defined-only` prints for the file: address, kind and name in each line.
    static func exports(_ listing: String, of path: String) -> [String] {
        let names = listing.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
        if names == [entry] { return [] }
        let shown = names.isEmpty ? "nothing" : names.sorted().prefix(5).joined(separator: ", ")
        return ["\(path): exports \(shown). It has to export `\(entry)` and nothing else: link it with exports.map."]
    }
}
