import Domain
import ProviderKit
import TestSupport

/// A way by which a recorded task gets to the adapter.
enum Way: String, Sendable, CaseIterable {
    /// The canonical fields, as they were recorded.
    case canonical
    /// A client that calls the family and its fields by our own names.
    case client
    /// A client that sends us what the vendor's library sends to the vendor.
    case library

    /// The task as the adapter is given it.
    func task(_ recorded: SDKRequest) throws -> (family: TaskFamily, fields: JSONObject) {
        switch self {
        case .canonical:
            guard let family = TaskFamily(rawValue: recorded.family) else {
                throw TestFailure("\(recorded): no family.")
            }
            return (family, recorded.task)
        case .client:
            var task: JSONObject = ["type": .string(Way.ownName(of: recorded.family))]
            for member in recorded.task.members { task[member.name] = member.value }
            return try Way.understood(task)
        case .library:
            guard let task = recorded.request["task"]?.object else { throw TestFailure("\(recorded) has no task.") }
            return try Way.understood(task)
        }
    }

    /// The first of a family's names; challenge pages are told from widgets by their fields.
    private static func ownName(of family: String) -> String {
        let form = TaskForm.all.first { $0.family.rawValue == family }
        return form?.names.lazy.flatMap(\.spellings).first ?? "TurnstileTask"
    }

    private static func understood(_ task: JSONObject) throws -> (family: TaskFamily, fields: JSONObject) {
        let understood = try TaskVocabulary.understand(task)
        return (understood.family, understood.fields)
    }
}
