import Domain

/// Finds providers by the names that clients write: `2captcha`, `CapSolver`, `Anti-Captcha`, `CapMonster Cloud`.
///
/// A name is that of an adapter in any case; else, letters and digits alone, that of an adapter or the one that its
/// plug-in shows to people. What two adapters could be called is the name of neither.
struct ProviderNames: Sendable {
    private var exact: [String: String] = [:]
    private var loose: [String: Set<String>] = [:]

    init(_ providers: some Sequence<Provider>) {
        let providers = Array(providers)
        for provider in providers {
            exact[provider.name.lowercased()] = provider.name
            loose[ProviderNames.plain(provider.name), default: []].insert(provider.name)
        }
        for provider in providers {
            let shown = ProviderNames.plain(provider.displayName)
            // The adapter that is called so itself comes before other instances of the same plug-in.
            guard loose[shown]?.contains(where: { ProviderNames.plain($0) == shown }) != true else { continue }
            loose[shown, default: []].insert(provider.name)
        }
    }

    /// The adapter behind a client's text; nil when there is none, or more than one.
    func adapter(_ text: String) -> String? {
        if let name = exact[text.lowercased()] { return name }
        guard let names = loose[ProviderNames.plain(text)], names.count == 1 else { return nil }
        return names.first
    }

    private static func plain(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}
