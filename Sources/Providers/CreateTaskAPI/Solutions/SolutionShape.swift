public import ProviderKit

/// Where the parts of a vendor's solution are, and which of them make it one.
public struct SolutionShape: Sendable {
    /// The canonical fields; what no rule names stays as the vendor sent it.
    public var rules: [SolutionRule]
    /// The solution is complete when all fields of one of these lists are there. Empty: whatever comes is a solution.
    public var needs: [[String]]
    /// What cannot be said by rules: completes the solution after the rules have been applied.
    public var finish: (@Sendable (inout JSONObject) -> Void)?

    /// - Parameter needs: nil when all fields that have a rule are needed.
    public init(
        _ rules: [SolutionRule], needs: [[String]]? = nil, finish: (@Sendable (inout JSONObject) -> Void)? = nil
    ) {
        self.rules = rules
        self.needs = needs ?? [rules.map(\.field)]
        self.finish = finish
    }

    /// Whatever the vendor sends is the solution.
    public static let asItIs = SolutionShape([], needs: [])

    /// The vendor's solution in canonical fields.
    ///
    /// - Throws: `protocolError` when a part that makes it a solution is missing.
    func read(_ solution: JSONObject, vendor: String) throws(Fault) -> JSONObject {
        var result = solution
        for rule in rules {
            guard let value = rule.value(in: solution) else { continue }
            result[rule.field] = value
        }
        finish?(&result)
        guard needs.isEmpty || needs.contains(where: { $0.allSatisfy { result.said($0) != nil } }) else {
            let wanted = needs.map { $0.joined(separator: ", ") }.joined(separator: ", or ")
            throw Fault(.protocolError, "\(vendor) called the task ready without \(wanted).")
        }
        return result
    }
}

/// One canonical field of a solution and the places where vendors put it, the likeliest first.
///
/// In a place, names are separated by slashes, and `*` is the first member of an object that leads on: the vendor names
/// it after a host.
public struct SolutionRule: Sendable {
    let field: String
    let places: [[String]]
    let form: SolutionForm

    /// - Parameter places: where to look; empty for the field's own name.
    public init(_ field: String, from places: [String] = [], _ form: SolutionForm = .asItIs) {
        self.field = field
        self.places = (places.isEmpty ? [field] : places).map { $0.split(separator: "/").map(String.init) }
        self.form = form
    }

    func value(in solution: JSONObject) -> JSONValue? {
        for place in places {
            for found in SolutionRule.values(.object(solution), place[...]) {
                if found.isNull || found == "" { continue }
                if let value = form.convert(found) { return value }
            }
        }
        return nil
    }

    private static func values(_ value: JSONValue, _ place: ArraySlice<String>) -> [JSONValue] {
        guard let name = place.first else { return [value] }
        guard let object = value.object else { return [] }
        let rest = place.dropFirst()
        if name == "*" { return object.members.flatMap { values($0.value, rest) } }
        return object[name].map { values($0, rest) } ?? []
    }
}
