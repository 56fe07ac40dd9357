import ProviderKit

/// How a vendor is told of a client's proxy, and which ones it refuses anyway.
public struct ProxyRules: Sendable, Hashable {
    /// How the proxy is written.
    public enum Form: Sendable, Hashable {
        /// `proxyType`, `proxyAddress`, `proxyPort`, `proxyLogin`, `proxyPassword`.
        case fiveFields
        /// The same without `proxyType`: for HTTP proxies only.
        case fourFields
        /// `proxy`: `type:address:port:login:password`, the type left out for HTTP. A proxy whose parts have colons is
        /// written in five fields.
        case oneText
    }

    /// How the proxy is written.
    public var form: Form
    /// Whether the proxy has to be named by its IP address.
    public var addressesOnly: Bool
    /// Characters that its login and password must not have.
    public var forbiddenInCredentials: Set<Character>

    public init(form: Form = .fiveFields, addressesOnly: Bool = false, forbiddenInCredentials: Set<Character> = []) {
        self.form = form
        self.addressesOnly = addressesOnly
        self.forbiddenInCredentials = forbiddenInCredentials
    }

    /// The canonical fields of a proxy.
    static let fieldNames = ["proxyType", "proxyAddress", "proxyPort", "proxyLogin", "proxyPassword"]
    private static let types: Set<String> = ["http", "https", "socks4", "socks5"]

    /// Writes the proxy of a task's fields.
    func write(_ fields: JSONObject, to task: inout JSONObject, vendor: String) throws(Fault) {
        let type = (fields.said("proxyType")?.string ?? "http").lowercased()
        guard ProxyRules.types.contains(type) else {
            throw Fault(.badTask(field: "proxyType"), "proxyType has to be http, https, socks4 or socks5.")
        }
        guard let address = fields.said("proxyAddress")?.string else {
            throw Fault(.badTask(field: "proxyAddress"), "proxyAddress has to be text.")
        }
        guard !addressesOnly || ProxyRules.isAddress(address) else {
            throw Fault(.badTask(field: "proxyAddress"), "\(vendor) takes the proxy's IP address, not its name.")
        }
        guard let port = Lenient.integer(fields["proxyPort"]), (1...65_535).contains(port) else {
            throw Fault(.badTask(field: "proxyPort"), "proxyPort has to be a number from 1 to 65535.")
        }
        let login = try credential("proxyLogin", fields, vendor)
        let password = try credential("proxyPassword", fields, vendor)
        let parts = [address, String(port)] + (login.map { [$0, password ?? ""] } ?? [])
        if form == .oneText, !parts.contains(where: { $0.contains(":") }) {
            task["proxy"] = .string(((type == "http" ? [] : [type]) + parts).joined(separator: ":"))
            return
        }
        if form == .fourFields {
            guard type == "http" || type == "https" else {
                throw Fault(.unsupportedTask, "\(vendor) takes HTTP proxies only for this kind of task.")
            }
        } else {
            task["proxyType"] = .string(type)
        }
        task["proxyAddress"] = .string(address)
        task["proxyPort"] = .number(JSONNumber(port))
        task["proxyLogin"] = login.map { .string($0) }
        task["proxyPassword"] = password.map { .string($0) }
    }

    private func credential(_ field: String, _ fields: JSONObject, _ vendor: String) throws(Fault) -> String? {
        guard let value = fields.said(field) else { return nil }
        guard let text = value.string ?? value.numberText else {
            throw Fault(.badTask(field: field), "\(field) has to be text.")
        }
        guard let character = text.first(where: forbiddenInCredentials.contains) else { return text }
        throw Fault(.badTask(field: field), "\(vendor) does not take the character \(character) in \(field).")
    }

    private static func isAddress(_ text: String) -> Bool {
        if text.contains(":") { return text.allSatisfy { $0.isHexDigit || ":.[]".contains($0) } }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
