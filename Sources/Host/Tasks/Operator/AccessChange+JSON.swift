import Domain
import ProviderKit

extension AccessChange {
    /// The caps of a request that travelled: null lifts one. Nil when a member is there that cannot be.
    init?(json: JSONValue) {
        self.init()
        switch json["openTasks"] {
        case nil: break
        case .null?: openTasks = .lift
        case let value?:
            guard let cap = value.integer.flatMap({ Int(exactly: $0) }), cap > 0 else { return nil }
            openTasks = .set(cap)
        }
        switch json["dailySpend"] {
        case nil: break
        case .null?: dailySpend = .lift
        case let value?:
            guard let cap = value.string.flatMap({ Money(decimal: $0) }), cap > .zero else { return nil }
            dailySpend = .set(cap)
        }
    }
}

extension AccessChange.Addresses {
    /// How the change is called in a request.
    var word: String {
        switch self {
        case .allow: "allow"
        case .remove: "remove"
        case .clear: "clear"
        }
    }

    /// The addresses that it names.
    var ranges: [IPRange] {
        switch self {
        case .allow(let ranges), .remove(let ranges): ranges
        case .clear: []
        }
    }

    /// What a request has to say of addresses, which may be nothing.
    struct Read {
        let value: AccessChange.Addresses?
    }

    /// A change of a request that travelled, which may have none; nil when a member is there that cannot be.
    static func read(_ json: JSONValue) -> Read? {
        guard let word = json["change"] else { return Read(value: nil) }
        let texts = json["addresses"]?.array?.map { $0.string } ?? []
        let ranges = texts.compactMap { text in text.flatMap { try? IPRange($0) } }
        guard ranges.count == texts.count else { return nil }
        switch word {
        case "allow": return Read(value: .allow(ranges))
        case "remove": return Read(value: .remove(ranges))
        case "clear": return Read(value: .clear)
        default: return nil
        }
    }
}

extension KeyAccess {
    /// The members that a key's JSON has of it.
    var json: JSONObject {
        [
            "addresses": .array(addresses.map { .string($0.description) }),
            "openTasks": caps.openTasks.map { .number(JSONNumber($0)) } ?? .null,
            "dailySpend": caps.dailySpend.map { .string($0.description) } ?? .null,
        ]
    }
}
