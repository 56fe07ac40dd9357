import ProviderKit

extension OutputOptions {
    /// Prints an answer: as JSON, or as the lines that `text` makes of it.
    func show(_ answer: JSONValue, _ text: (JSONValue) -> [String]) {
        if json {
            print(answer.text)
        } else {
            for line in text(answer) { print(line) }
        }
    }
}

extension JSONValue {
    /// A member as it is shown to people.
    func shown(_ name: String) -> String {
        switch self[name] {
        case .string(let text)?: text
        case .bool(let flag)?: flag ? "yes" : "no"
        case .array(let elements)?: elements.map { $0.string ?? $0.text }.joined(separator: ", ")
        case .null?, nil: "-"
        case let value?: value.text
        }
    }
}

/// Rows under their headings, in columns as wide as they need to be.
func table(_ headings: [String], _ rows: [[String]]) -> [String] {
    let all = [headings.map { $0.uppercased() }] + rows
    let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
        let cells = row.enumerated().map { column, text in
            column == row.count - 1 ? text : text + String(repeating: " ", count: widths[column] - text.count)
        }
        return cells.joined(separator: "  ")
    }
}
