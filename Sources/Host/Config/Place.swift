import Yams

/// A node of the document, and what is needed to speak of it.
struct Place {
    let node: Node
    let path: [String]
    /// The folder of the file.
    let folder: String

    func child(_ name: String, _ node: Node) -> Place { Place(node: node, path: path + [name], folder: folder) }

    func problem(_ sentence: String) -> ConfigurationError.Problem { problem(at: node, sentence) }

    func problem(at node: Node, _ sentence: String) -> ConfigurationError.Problem {
        .init(
            line: node.mark?.line, column: node.mark?.column, key: path.map(Place.shown).joined(separator: "."),
            sentence)
    }

    /// The text of a scalar, and whether it stands there without quotes.
    var scalar: (text: String, plain: Bool)? { node.scalar.map { ($0.string, $0.style == .plain) } }

    /// Whether nothing stands behind the key.
    var isEmpty: Bool { scalar.map { $0.plain && ["", "~", "null", "Null", "NULL"].contains($0.text) } ?? false }

    /// Whether YAML takes the text for a number or a truth value, so that meant as text it needs quotes.
    var isNumberOrTruthValue: Bool { kind == Place.number || kind == Place.truthValue }

    /// What stands there, in words: never the value.
    var kind: String {
        if isEmpty { return "nothing" }
        guard let scalar else { return node.mapping == nil ? "a list" : "a mapping" }
        guard scalar.plain else { return "text in quotes" }
        if ["true", "false", "yes", "no", "on", "off"].contains(scalar.text.lowercased()) { return Place.truthValue }
        return Double(scalar.text) == nil ? "text" : Place.number
    }

    private static let number = "a number"
    private static let truthValue = "a truth value"

    /// A name of the file as it may stand in a message: short, on one line.
    private static func shown(_ name: String) -> String {
        let clean = String(String.UnicodeScalarView(name.unicodeScalars.prefix(40).map { $0.value < 0x20 ? "?" : $0 }))
        return name.unicodeScalars.count > 40 ? clean + "…" : clean
    }
}
