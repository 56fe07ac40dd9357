import ProviderKit

extension JSONValue {
    /// The value for people: what has no room in a line has a line for each member, two blanks further in.
    func pretty(columns: Int = 100) -> String { pretty(at: 0, columns) + "\n" }

    private func pretty(at depth: Int, _ columns: Int) -> String {
        let line = spaced
        let inner = String(repeating: " ", count: depth + 2)
        if depth + line.count <= columns { return line }
        let parts: [String]
        let (begin, end): (String, String)
        switch self {
        case .object(let object):
            parts = object.members.map {
                "\(JSONValue.string($0.name).text): \($0.value.pretty(at: depth + 2, columns))"
            }
            (begin, end) = ("{", "}")
        case .array(let elements):
            parts = elements.map { $0.pretty(at: depth + 2, columns) }
            (begin, end) = ("[", "]")
        default: return line
        }
        let lines = parts.map { inner + $0 }.joined(separator: ",\n")
        return "\(begin)\n\(lines)\n\(String(repeating: " ", count: depth))\(end)"
    }

    /// In one line, with a blank behind each colon and comma.
    private var spaced: String {
        switch self {
        case .object(let object):
            "{"
                + object.members.map { "\(JSONValue.string($0.name).text): \($0.value.spaced)" }
                .joined(separator: ", ") + "}"
        case .array(let elements): "[" + elements.map(\.spaced).joined(separator: ", ") + "]"
        default: text
        }
    }
}
