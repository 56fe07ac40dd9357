public import ProviderKit

/// How tasks of one family look: the names that clients have for it, and its fields.
///
/// Forms are data; `TaskForm.all` has one for each family, and documentation is made from them.
public final class TaskForm: Sendable {
    /// Whether tasks of a family go through a proxy of the client's.
    public enum ProxyRule: Sendable, Hashable {
        /// Never: what is sent of one is dropped.
        case never
        /// With a proxy or without.
        case possible
        case needed
    }

    /// The family whose tasks look so.
    public let family: TaskFamily
    /// What people call it.
    public let title: String
    /// What clients write as `type`, in any case of letters.
    public let names: [TypeName]
    /// The fields, required ones first, without those of a proxy.
    public let fields: [TaskField]
    /// Whether there are fields of a proxy as well.
    public let proxy: ProxyRule
    /// The fields of a solution by their canonical names; empty where they are the vendor's own.
    public let solution: [String]

    /// A member whose own members count as the task's: CapSolver's `metadata`.
    let lifted: String?
    /// What the members that the host knows mean, by their names as they are written here and in lower case.
    let slots: [String: Slot]

    enum Slot: Sendable {
        /// The field with this index.
        case field(Int, canonical: Bool, encoded: Bool)
        case proxy(ProxyPart)
        /// The member whose members count as the task's.
        case lifted
        /// It has done its work when the form was chosen, or means nothing for this family.
        case dropped
    }

    /// - Parameters:
    ///   - fields: without those of the page, which `proxy` adds.
    ///   - dropped: members that adapters are not given.
    init(
        _ family: TaskFamily, _ title: String, _ names: [TypeName], _ fields: [TaskField],
        proxy: ProxyRule = .possible, lifted: String? = nil, dropped: [String] = [], solution: [String]
    ) {
        self.family = family
        self.title = title
        self.names = names
        var all = fields
        if proxy != .never {
            for field in [TaskField.userAgent, .cookies] where !fields.contains(where: { $0.name == field.name }) {
                all.append(field)
            }
        }
        self.fields = all
        self.proxy = proxy
        self.solution = solution
        self.lifted = lifted
        let isCustom = names.contains { if case .custom = $0 { true } else { false } }
        slots = TaskForm.slots(all, proxy, lifted, dropped + (isCustom ? ["class"] : []))
    }

    private static func slots(
        _ fields: [TaskField], _ proxy: ProxyRule, _ lifted: String?, _ dropped: [String]
    ) -> [String: Slot] {
        var slots: [String: Slot] = ["type": .dropped]
        func add(_ name: String, _ slot: Slot) {
            for spelling in [name, name.lowercased()] where slots[spelling] == nil { slots[spelling] = slot }
        }
        for (index, field) in fields.enumerated() { add(field.name, .field(index, canonical: true, encoded: false)) }
        for (index, field) in fields.enumerated() {
            for name in field.synonyms { add(name, .field(index, canonical: false, encoded: false)) }
            for name in field.encodedSynonyms { add(name, .field(index, canonical: false, encoded: true)) }
        }
        if let lifted { add(lifted, .lifted) }
        for part in ProxyPart.allCases {
            for name in part.names { add(name, proxy == .never ? .dropped : .proxy(part)) }
        }
        // The envelope's language is handed on inside the task, to the few families that have a use for it.
        for name in dropped + ["languagePool"] { add(name, .dropped) }
        return slots
    }

    /// The forms by family.
    static let byFamily = Dictionary(uniqueKeysWithValues: all.map { ($0.family, $0) })

    /// The form of every family, in the order of the documentation.
    public static let all: [TaskForm] = tokens + sites + images
}

/// A name by which clients call tasks of a form.
public enum TypeName: Sendable, Hashable {
    /// The stem of a name: `Turnstile` stands for `TurnstileTask`, `TurnstileTaskProxyless`, `TurnstileToken` and
    /// `TurnstileTokenProxyless`.
    case stem(String)
    /// The whole name.
    case exactly(String)
    /// CapMonster's `CustomTask` with this `class`.
    case custom(class: String)

    /// The names in full, as they are written in a request; empty for a `custom` one.
    public var spellings: [String] {
        switch self {
        case .stem(let stem): ["Task", "TaskProxyless", "Token", "TokenProxyless"].map { stem + $0 }
        case .exactly(let name): [name]
        case .custom: []
        }
    }
}
