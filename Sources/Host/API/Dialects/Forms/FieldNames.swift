/// Parameters and the fields of a task that they are, written as `parameter:field` with blanks between; a name alone
/// stands for both.
struct FieldNames: Sendable {
    /// In their order, the parameters in lower case.
    let pairs: [(parameter: String, field: String)]

    init(_ text: String) {
        pairs = text.split(whereSeparator: \.isWhitespace).map { pair in
            let sides = pair.split(separator: ":")
            return (sides[0].lowercased(), String(sides[sides.count - 1]))
        }
    }
}
