import ProviderKit

/// A task's proxy, by five fields or in one text.
///
/// Addresses in 192.0.2.0/24, which belong to nobody, stand for proxies that do not work; the last number picks the
/// failure: that of the error's number at Anti-Captcha (25 refused, 26 timed out, 27 slow, 28 banned, 29 transparent,
/// 49 not authorised), anything else a proxy that cannot be reached.
struct ProxyCheck {
    let needsType: Bool
    let needsAddress: Bool
    let takesOneText: Bool
    var refusesPercent = false

    static let names: Set<String> = [
        "proxyType", "proxyAddress", "proxyPort", "proxyLogin", "proxyPassword", "proxy", "proxytype",
    ]
    private static let types: Set<String> = ["http", "https", "socks4", "socks5"]

    /// Whether the task has a proxy.
    static func hasProxy(_ fields: JSONObject) -> Bool {
        [fields["proxyAddress"], fields["proxy"]].contains { $0?.string.map { !$0.isEmpty } ?? false }
    }

    func check(_ fields: JSONObject, _ rule: TaskShape.ProxyRule) throws(Problem) {
        if case .none = rule { return }
        guard ProxyCheck.hasProxy(fields) else {
            if case .required = rule { throw .missingProxy }
            return
        }
        if takesOneText, let text = fields["proxy"]?.string, !text.isEmpty { return try checkText(text) }
        guard let address = fields["proxyAddress"]?.string, !address.isEmpty else { throw .missingProxy }
        if needsType {
            guard let type = fields["proxyType"]?.string, ProxyCheck.types.contains(type.lowercased()) else {
                throw .malformedProxy("proxyType")
            }
        }
        guard let port = fields["proxyPort"]?.integer, (1...65535).contains(port) else {
            throw .malformedProxy("proxyPort")
        }
        for name in ["proxyLogin", "proxyPassword"] {
            guard let value = fields[name], value != .null else { continue }
            guard let text = value.string else { throw .malformedProxy(name) }
            if refusesPercent, text.contains("%") { throw .badProxyCredentials }
        }
        try checkAddress(address)
    }

    /// `login:password@host:port`, `host:port`, or CapSolver's `scheme:host:port:login:password`.
    func checkText(_ text: String) throws(Problem) {
        var rest = text
        for type in ProxyCheck.types where rest.lowercased().hasPrefix(type + ":") {
            rest = String(rest.dropFirst(type.count + 1)).replacing("//", with: "")
        }
        let place = rest.split(separator: "@").last.map(String.init) ?? rest
        let parts = place.split(separator: ":").map(String.init)
        guard parts.count == 2 || parts.count == 4, let port = Int(parts[1]), (1...65535).contains(port) else {
            throw .malformedProxy("proxy")
        }
        try checkAddress(parts[0])
    }

    private func checkAddress(_ address: String) throws(Problem) {
        let numbers = address.split(separator: ".").compactMap { UInt8($0) }
        if needsAddress, numbers.count != 4, !address.contains(":") { throw .malformedProxy("proxyAddress") }
        if numbers.count == 4, numbers.prefix(3) == [192, 0, 2] { throw .proxy(failure: Int(numbers[3])) }
    }
}
