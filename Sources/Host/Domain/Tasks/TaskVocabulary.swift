public import ProviderKit

/// The names by which clients call the kinds of task, and what each kind needs.
public enum TaskVocabulary {
    /// A task as the host understands it: its family and its fields by canonical names.
    public struct Understood: Sendable, Hashable {
        public let family: TaskFamily
        public let fields: JSONObject
    }

    /// The families by the client's spelling of `type`, in lower case.
    static let families: [String: TaskFamily] = [
        "altchatask": .altcha,
        "altchataskproxyless": .altcha,
    ]

    /// Reads a client's `task` object: finds its family, checks the fields that the host knows, keeps the others.
    ///
    /// - Throws: `taskNotSupported` or `badParameters` with the field.
    public static func understand(_ task: JSONObject) throws(ClientError) -> Understood {
        guard let type = task["type"] else {
            throw ClientError(.badParameters, field: "task.type", "It is missing. Send the task's type as text.")
        }
        guard let name = type.string else {
            throw ClientError(.badParameters, field: "task.type", "It has to be text, not \(type.kind).")
        }
        guard name.utf8.count <= Limits.taskTypeCharacters,
            let family = families[name.lowercased().trimming { $0.isWhitespace }]
        else { throw ClientError(.taskNotSupported, field: "task.type") }
        var fields = task
        fields["type"] = nil
        if family == .altcha { try checkAltcha(&fields) }
        return Understood(family: family, fields: fields)
    }

    /// Clients send the challenge, or the address to fetch it from, and often an empty text for the other.
    private static func checkAltcha(_ fields: inout JSONObject) throws(ClientError) {
        for name in ["challengeJSON", "challengeURL"] where fields[name] == "" || fields[name]?.isNull == true {
            fields[name] = nil
        }
        if let challenge = fields["challengeJSON"] {
            guard challenge.object != nil || challenge.string != nil else {
                throw ClientError(
                    .badParameters, field: "task.challengeJSON",
                    "It has to be an object or text, not \(challenge.kind).")
            }
            if let text = challenge.string, (try? JSONValue(parsing: text))?.object == nil {
                throw ClientError(.badParameters, field: "task.challengeJSON", "Its text is no JSON object.")
            }
            return
        }
        guard let address = fields["challengeURL"] else {
            throw ClientError(
                .badParameters, field: "task.challengeJSON",
                "Send the challenge as challengeJSON or its address as challengeURL.")
        }
        guard let text = address.string else {
            throw ClientError(.badParameters, field: "task.challengeURL", "It has to be text, not \(address.kind).")
        }
        let lower = text.prefix(8).lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), text.utf8.count <= 2048 else {
            throw ClientError(
                .badParameters, field: "task.challengeURL", "It has to be an address with http:// or https://.")
        }
    }
}

extension String {
    /// The text without the characters at both ends that `drop` names.
    func trimming(_ drop: (Character) -> Bool) -> String {
        var rest = self[...]
        while let first = rest.first, drop(first) { rest.removeFirst() }
        while let last = rest.last, drop(last) { rest.removeLast() }
        return String(rest)
    }
}
