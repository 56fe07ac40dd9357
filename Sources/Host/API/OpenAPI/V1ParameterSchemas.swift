import Domain
import ProviderKit

extension V1Parameter {
    /// The parameter as OpenAPI has it.
    var description: JSONValue {
        var parameter: JSONObject = ["name": .string(name), "in": "query", "schema": schema]
        parameter["example"] = example
        if self == .kind {
            parameter["style"] = "form"
            parameter["explode"] = false
        }
        return .object(parameter)
    }

    private var example: JSONValue? {
        switch self {
        case .kind: [.string(LedgerTransaction.Kind.recycleCredit.rawValue)]
        case .from: "2026-01-30"
        case .until: "2026-01-31"
        case .limit, .cursor, .format: nil
        }
    }

    private var schema: JSONValue {
        switch self {
        case .kind: Schema.list(of: Schema.word(LedgerTransaction.Kind.allCases.map(\.rawValue)), "Of any of these.")
        case .from(.day): Schema.described(V1Parameter.day, "From this day on.")
        case .until(.day): Schema.described(V1Parameter.day, "Until this day, included; today without it.")
        case .from(.dayOrTime): Schema.described(V1Parameter.dayOrTime, "From this day or time of UTC on.")
        case .until(.dayOrTime):
            Schema.described(V1Parameter.dayOrTime, "Until this day of UTC, included, or before this time.")
        case .limit(let most, let usual):
            .object([
                "type": "integer", "minimum": 1, "maximum": .number(JSONNumber(most)),
                "default": .number(JSONNumber(usual)), "description": "How many there may be in a page.",
            ])
        case .cursor: Schema.text("`nextCursor` of the page before, with everything else as it was.")
        case .format: Schema.word(["json", "csv"], "Without it the header `Accept` decides.")
        }
    }

    private static let day: JSONObject = ["type": "string", "format": "date"]
    private static let dayOrTime: JSONObject = ["anyOf": [.object(day), Schema.time()]]
}
