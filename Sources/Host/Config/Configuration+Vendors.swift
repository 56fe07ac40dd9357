extension Configuration {
    /// The vendor that an adapter's keys are of: its plug-in, and the address where the configuration names one.
    /// Adapters of one vendor share its keys, whatever they are called.
    public func vendor(of adapter: String) -> String {
        guard let known = adapters.first(where: { $0.name == adapter }) else { return adapter }
        return known.endpoint.map { known.plugin + " " + Configuration.origin(of: $0) } ?? known.plugin
    }

    /// Scheme, host and port of an address, without the port that its scheme has anyway.
    private static func origin(of endpoint: String) -> String {
        let text = endpoint.lowercased()
        guard let scheme = text.firstRange(of: "://") else { return text }
        let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        let port = text[..<scheme.lowerBound] == "https" ? ":443" : ":80"
        return String(text[..<scheme.upperBound])
            + (authority.hasSuffix(port) ? authority.dropLast(port.count) : authority)
    }
}
