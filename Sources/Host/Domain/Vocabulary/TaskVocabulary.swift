public import ProviderKit

/// The names by which clients call the kinds of task, and what each kind needs.
public enum TaskVocabulary {
    /// A task as the host understands it: its family and its fields by canonical names.
    public struct Understood: Sendable, Hashable {
        public let family: TaskFamily
        public let fields: JSONObject
    }

    /// Reads a client's `task` object: finds its family, checks the fields that the host knows and gives them their
    /// canonical names and kinds, keeps the others as they are.
    ///
    /// - Throws: `taskNotSupported`, `badParameters`, `badProxy`, `proxyFormat`, `emptyImage` or `imageTooBig`, with
    ///   the field.
    public static func understand(_ task: JSONObject) throws(ClientError) -> Understood {
        guard let type = task["type"] else {
            throw ClientError(.badParameters, field: "task.type", "It is missing. Send the task's type as text.")
        }
        guard let name = type.string else {
            throw ClientError(.badParameters, field: "task.type", "It has to be text, not \(type.kind).")
        }
        guard name.utf8.count <= Limits.taskTypeCharacters,
            let meaning = TypeNames.meanings[name.asciiLowercasedTrimmed]
        else { throw ClientError(.taskNotSupported, field: "task.type") }
        let form = try meaning.choice.form(of: task)
        var reader = TaskReader(form, expecting: task.members.count)
        try reader.read(task.members)
        if let implied = meaning.implied { reader.imply(implied) }
        switch form.family {
        case .altcha: try AltchaTask.complete(&reader)
        // It says no more than the family does; a waiting room is another matter.
        case .cloudflareClearance: reader.drop("cloudflareTaskType", if: "cf_clearance")
        default: break
        }
        return Understood(family: form.family, fields: try reader.finish(proxyless: meaning.isProxyless))
    }
}

extension TaskVocabulary {
    /// The family that a name means: a family's own, or what clients write as `type`, in any case of letters. A type
    /// that means several kinds of task by some of their fields means the plain one without them.
    ///
    /// - Throws: `taskNotSupported` or, for a type that says nothing without its other fields, `badParameters`.
    public static func family(named name: String) throws(ClientError) -> TaskFamily {
        let lower = name.asciiLowercasedTrimmed
        if let family = TaskFamily.all.first(where: { $0.rawValue.lowercased() == lower }) { return family }
        guard name.utf8.count <= Limits.taskTypeCharacters, let meaning = TypeNames.meanings[lower] else {
            throw ClientError(.taskNotSupported, field: "task.type")
        }
        return try meaning.choice.form(of: [:]).family
    }
}
