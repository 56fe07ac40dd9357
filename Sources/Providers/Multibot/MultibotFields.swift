import ProviderKit

/// Reads the canonical fields of a task; every refusal is a fault that names the field.
struct MultibotFields {
    let fields: JSONObject

    init(_ fields: JSONObject) {
        self.fields = fields
    }

    static func unsupported(_ field: String) -> Fault {
        Fault(.unsupportedTask, "Multibot has no parameter for \(field).")
    }

    /// A text that has to be there.
    func text(_ name: String) throws(Fault) -> String {
        guard let text = try optionalText(name) else { throw Fault(.badTask(field: name), "\(name) is missing.") }
        return text
    }

    /// A text; nil when it is not there, null or empty.
    func optionalText(_ name: String) throws(Fault) -> String? {
        guard let value = fields[name], !value.isNull, value != "" else { return nil }
        guard let text = value.string else {
            throw Fault(.badTask(field: name), "\(name) has to be a string, not \(value.kind).")
        }
        return text
    }

    /// A truth value; nil when it is not there or null.
    func flag(_ name: String) throws(Fault) -> Bool? {
        guard let value = fields[name], !value.isNull else { return nil }
        guard let flag = value.bool else {
            throw Fault(.badTask(field: name), "\(name) has to be true or false, not \(value.kind).")
        }
        return flag
    }

    /// The page and its site key, under the name that the method has for it.
    func site(key: String) throws(Fault) -> FormFields {
        FormFields([key: try text("websiteKey"), "pageurl": try text("websiteURL")])
    }

    /// Refuses a task that has one of these fields.
    func refuse(_ names: [String]) throws(Fault) {
        for name in names {
            if let value = fields[name], !value.isNull, value != "" { throw MultibotFields.unsupported(name) }
        }
    }

    /// Refuses a task with a proxy: nothing says that the method would use it, or that it does as well without.
    func refuseProxy() throws(Fault) {
        try refuse(["proxyAddress"])
    }

    /// The client's proxy as `login:password@host:port` and its kind; nothing for a task without one.
    func proxy() throws(Fault) -> FormFields {
        guard let address = try optionalText("proxyAddress") else { return FormFields() }
        let type = try text("proxyType").uppercased()
        guard ["HTTP", "HTTPS", "SOCKS4", "SOCKS5"].contains(type) else {
            throw Fault(.badTask(field: "proxyType"), "proxyType has to be http, https, socks4 or socks5.")
        }
        guard let port = fields["proxyPort"]?.integer, (1...65535).contains(port) else {
            throw Fault(.badTask(field: "proxyPort"), "proxyPort has to be a whole number from 1 to 65535.")
        }
        // An IPv6 address has colons of its own.
        let host = address.contains(":") && !address.hasPrefix("[") ? "[\(address)]" : address
        var proxy = "\(host):\(port)"
        if let login = try optionalText("proxyLogin") {
            proxy = "\(login):\(try optionalText("proxyPassword") ?? "")@\(proxy)"
        }
        return FormFields(["proxy": proxy, "proxytype": type])
    }
}
