import ProviderKit

/// A part of a proxy, as clients name it.
enum ProxyPart: Int, Sendable, CaseIterable {
    case type, address, port, login, password
    /// All in one: text or an object.
    case whole

    /// The canonical name first.
    var names: [String] {
        switch self {
        case .type: ["proxyType"]
        case .address: ["proxyAddress", "proxyHost", "proxyIP"]
        case .port: ["proxyPort"]
        case .login: ["proxyLogin", "proxyUser", "proxyUsername"]
        case .password: ["proxyPassword", "proxyPass"]
        case .whole: ["proxy"]
        }
    }

    /// The part that a member of a `proxy` object means.
    static func inObject(_ name: String) -> ProxyPart? {
        switch name.asciiLowercasedTrimmed {
        case "type", "proxytype", "scheme", "protocol": .type
        case "address", "proxyaddress", "host", "ip", "server": .address
        case "port", "proxyport": .port
        case "login", "proxylogin", "user", "username": .login
        case "password", "proxypassword", "pass": .password
        default: nil
        }
    }
}

/// What a task says of a proxy, and the five canonical fields that come of it.
struct TaskProxy {
    private struct Found {
        let value: JSONValue
        let place: FieldPlace
    }

    private var parts: [ProxyPart: Found] = [:]

    /// Keeps a part; an empty one counts as missing, and of several the first holds.
    mutating func add(_ part: ProxyPart, _ value: JSONValue, _ place: FieldPlace) {
        if value.isNull || value.string?.isBlank == true || parts[part] != nil { return }
        parts[part] = Found(value: value, place: place)
    }

    /// The fields of the proxy, in their order; empty when the task has none.
    ///
    /// - Throws: `proxyFormat` for a text that cannot be read, `badProxy` for a part that cannot be, `badParameters`
    ///   for one of the wrong kind.
    func fields() throws(ClientError) -> [JSONObject.Member] {
        if let address = parts[.address] { return try fields(address) }
        guard let whole = parts[.whole] else {
            // A port is of no use alone: solved without its proxy, the client would pay for what its site refuses. Some
            // clients send 0 for a proxy that they do not have.
            if let port = parts[.port], FieldKind.integer(port.value) != 0 {
                throw FieldPlace("proxyAddress").refusal("The field is missing, and there is a proxyPort.")
            }
            return []
        }
        switch whole.value {
        case .string(let text): return try fields(text.trimmed, whole.place)
        case .object(let object):
            var inner = TaskProxy()
            for member in object.members {
                guard let part = ProxyPart.inObject(member.name) else { continue }
                inner.add(part, member.value, FieldPlace("\(whole.place.name).\(member.name)"))
            }
            guard let address = inner.parts[.address] else {
                throw FieldPlace("\(whole.place.name).address").refusal("The field is missing.")
            }
            return try inner.fields(address)
        default: throw whole.place.refusal("It has to be text or an object, not \(whole.value.kind).")
        }
    }

    private func fields(_ address: Found) throws(ClientError) -> [JSONObject.Member] {
        guard let port = parts[.port] else { throw FieldPlace("proxyPort").refusal("The field is missing.") }
        guard let number = FieldKind.integer(port.value) else {
            throw port.place.refusal("It has to be a whole number, not \(port.value.kind).")
        }
        var fields = [
            JSONObject.Member("proxyType", .string(try type())),
            JSONObject.Member("proxyAddress", .string(try TaskProxy.host(text(address), address.place))),
            JSONObject.Member("proxyPort", try TaskProxy.port(number, port.place)),
        ]
        for (part, name) in [(ProxyPart.login, "proxyLogin"), (.password, "proxyPassword")] {
            guard let found = parts[part] else { continue }
            fields.append(JSONObject.Member(name, .string(try TaskProxy.secret(text(found), found.place))))
        }
        return fields
    }

    private func fields(_ whole: String, _ place: FieldPlace) throws(ClientError) -> [JSONObject.Member] {
        guard let text = ProxyText(whole) else {
            throw place.refusal(
                "It has to be type://user:password@host:port, type:host:port:user:password, or without type or user.",
                .proxyFormat)
        }
        let typeField = try type()
        var fields = [
            JSONObject.Member("proxyType", .string(text.type ?? typeField)),
            JSONObject.Member("proxyAddress", .string(try TaskProxy.host(text.host, place))),
            JSONObject.Member("proxyPort", try TaskProxy.port(text.port, place)),
        ]
        for (value, name) in [(text.login, "proxyLogin"), (text.password, "proxyPassword")] where !value.isEmpty {
            fields.append(JSONObject.Member(name, .string(try TaskProxy.secret(value, place))))
        }
        return fields
    }

    private func text(_ found: Found) throws(ClientError) -> String {
        guard let text = found.value.string ?? found.value.numberText else {
            throw found.place.refusal("It has to be text, not \(found.value.kind).")
        }
        return text
    }

    private func type() throws(ClientError) -> String {
        guard let found = parts[.type] else { return "http" }
        guard let type = ProxyText.type(try text(found)) else {
            throw found.place.refusal("It has to be http, https, socks4 or socks5.", .badProxy)
        }
        return type
    }

    private static func port(_ number: Int64, _ place: FieldPlace) throws(ClientError) -> JSONValue {
        guard (1...65535).contains(number) else {
            throw place.refusal("A port is a number from 1 to 65535.", .badProxy)
        }
        return .number(JSONNumber(number))
    }

    /// A name or an address, without the brackets of one of version 6.
    private static func host(_ given: String, _ place: FieldPlace) throws(ClientError) -> String {
        var host = given.trimmed
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let isFit = host.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-._:".utf8.contains(byte)
            }
        }
        // A single colon is a port that was left on the host; an address of version 6 has more.
        guard isFit, (1...253).contains(host.utf8.count), host.utf8.count(where: { $0 == 0x3A }) != 1 else {
            throw place.refusal("The host has to be a name or an address, without type and port.", .badProxy)
        }
        return host
    }

    private static func secret(_ text: String, _ place: FieldPlace) throws(ClientError) -> String {
        guard !text.hasControlCharacters, text.utf8.count <= Limits.proxyTextBytes else {
            throw place.refusal(
                "User and password of a proxy have at most \(Limits.proxyTextBytes) bytes and no control characters.",
                .badProxy)
        }
        return text
    }
}
