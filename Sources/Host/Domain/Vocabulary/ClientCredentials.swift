import ProviderKit

extension TaskVocabulary.Understood {
    /// Whether the task carries what opens something of the client's: the user or password of its proxy, or cookies.
    ///
    /// Whoever owns the provider's key can see such a task in the provider's records, so that it goes through no
    /// stranger's. Members that the host does not know are looked at by their names.
    public var carriesCredentials: Bool { fields.carriesCredentials }
}

extension JSONObject {
    fileprivate var carriesCredentials: Bool {
        members.contains { member in
            switch member.value {
            case .string(let text): !text.isEmpty && member.holdsCredentials(text)
            case .object(let inner): member.holdsCredentials(inner) || inner.carriesCredentials
            case .array(let elements):
                member.name.isOfCookies && !elements.isEmpty
                    || elements.contains { $0.object?.carriesCredentials ?? false }
            case .number: member.name.isOfLogin
            case .null, .bool: false
            }
        }
    }
}

extension JSONObject.Member {
    /// A proxy that stands where no form has one may still be a whole one, as in `http://user:password@host:port`.
    fileprivate func holdsCredentials(_ text: String) -> Bool {
        name.isOfLogin || name.isOfCookies || name.isOfProxy && !(ProxyText(text)?.login.isEmpty ?? true)
    }

    fileprivate func holdsCredentials(_ object: JSONObject) -> Bool {
        guard !name.isOfCookies else { return !object.members.isEmpty }
        return name.isOfProxy
            && object.members.contains { inner in
                let part = ProxyPart.inObject(inner.name)
                return (part == .login || part == .password) && !(inner.value.string?.isEmpty ?? false)
            }
    }
}

private let cookie = [UInt8]("cookie".utf8)

extension String {
    fileprivate var isOfProxy: Bool { utf8.count == 5 && lowercased() == "proxy" }

    /// Whether a member of this name holds cookies: `cookies`, `datadomeCookie`.
    fileprivate var isOfCookies: Bool {
        var matched = 0
        for byte in utf8 {
            let letter = byte | 0x20
            matched = letter == cookie[matched] ? matched + 1 : letter == cookie[0] ? 1 : 0
            if matched == cookie.count { return true }
        }
        return false
    }

    /// Whether a member of this name holds the user or the password of a proxy.
    fileprivate var isOfLogin: Bool {
        guard utf8.count > 5, utf8.first.map({ $0 | 0x20 }) == UInt8(ascii: "p") else { return false }
        let name = lowercased()
        return [ProxyPart.login, .password].contains { part in part.names.contains { $0.lowercased() == name } }
    }
}
