/// What may stand in the body of a JSON call.
///
/// A call reads the members in its own list and no others, and is described by the same list: what has no description
/// is not read.
enum BodyMember: String, Sendable, CaseIterable {
    case clientKey
    case task, provider, selectionMode, keyPoolMode, callbackUrl, languagePool
    /// What clients say of themselves. It shows whose clients they are.
    case softID = "softId"
    case softIDWithLine = "soft_id"
    case appID = "appId"
    case source, version
    case taskID = "taskId"
    case wait, result
    case queueID = "queueId"
    case key, label
}
