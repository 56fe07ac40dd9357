import ProviderKit

/// One call on the page.
struct ReferenceOperation {
    let document: JSONValue
    let method: String
    let path: String
    let json: JSONValue

    /// Something that can be sent, and what it is answered with.
    struct Example {
        let name: String
        /// What is special about it; empty for the only one of a call.
        let summary: String
        /// Null where there is no body.
        let sent: JSONValue
        let answer: JSONValue
    }

    /// Every call of a description, in its order.
    static func all(of document: JSONValue) -> [ReferenceOperation] {
        (document["paths"]?.object?.members ?? []).flatMap { path in
            (path.value.object?.members ?? []).map {
                ReferenceOperation(document: document, method: $0.name.uppercased(), path: path.name, json: $0.value)
            }
        }
    }

    var tag: String { json["tags"]?.array?.first?.string ?? "" }

    /// Whether the two differ in nothing but the path.
    func isAlike(_ other: ReferenceOperation) -> Bool {
        method == other.method && json["summary"] == other.json["summary"]
            && json["requestBody"] == other.json["requestBody"] && json["responses"] == other.json["responses"]
    }

    /// - Parameters:
    ///   - isWhole: whether what is sent is told in full.
    ///   - others: further paths of the call.
    func html(isWhole: Bool, others: [String] = []) -> String {
        let id = json["operationId"]?.string ?? ""
        let names = others.map { "<code>\(Markup.escaped($0))</code>" }.joined(separator: ", ")
        return """
            <details id="\(id)"><summary><b class="\(method)">\(method)</b> <code>\(Markup.escaped(path))</code> \
            <span>\(Markup.text(json["summary"]?.string ?? ""))</span></summary>
            \(names.isEmpty ? "" : "<p>The same: \(names).</p>")
            \(isWhole ? parameters + sent : "")\(shownExamples)</details>
            """
    }

    private var parameters: String {
        let all = (json["parameters"]?.array ?? []).map { document.resolved($0) }
        guard !all.isEmpty else { return "" }
        let rows = all.map { parameter in
            MemberTable.row(
                parameter["name"]?.string ?? "", in: parameter["in"]?.string ?? "", parameter["schema"] ?? .null,
                isRequired: parameter["required"] == true, parameter["description"]?.string, document)
        }
        return "<h4>Parameters</h4>\(MemberTable.table(rows))"
    }

    private var sent: String {
        guard let schema = json["requestBody"]?["content"]?["application/json"]?["schema"] else { return "" }
        return "<h4>Body</h4>\(MemberTable(document: document, schema: document.resolved(schema), without: []).html)"
    }

    // MARK: Examples

    /// By their names; a body that is sent has the name of its answer.
    var examples: [Example] {
        let sent = json["requestBody"]?["content"]?["application/json"]?["examples"]
        let answers = json["responses"]?["200"]?["content"]?["application/json"]?["examples"]?.object?.members ?? []
        return answers.map { answer in
            Example(
                name: answer.name, summary: answer.value["summary"]?.string ?? "",
                sent: sent?[answer.name]?["value"] ?? .null, answer: answer.value["value"] ?? .null)
        }
    }

    /// Each request with all that it may be answered with. What is special stands before the request, or before each
    /// of its answers.
    private var shownExamples: String {
        var html = "<h4>Example\(examples.count > 1 ? "s" : "")</h4>"
        var sent: [JSONValue] = []
        for example in examples where !sent.contains(example.sent) {
            sent.append(example.sent)
            let alike = examples.filter { $0.sent == example.sent }
            let isOnly = alike.count == 1
            html += (isOnly ? remark(example) : "") + Markup.block(command(example), "command")
            html += alike.map { (isOnly ? "" : remark($0)) + Markup.block($0.answer.pretty(columns: 80)) }.joined()
        }
        return html
    }

    private func remark(_ example: Example) -> String {
        example.summary.isEmpty ? "" : "<p>\(Markup.text(example.summary)):</p>"
    }

    /// A line for a shell that sends an example, with the variables `BASE` and `KEY`.
    func command(_ example: Example) -> String {
        // A path with a question mark or an ampersand means something to a shell.
        var line = "curl \"$BASE\(exampleTarget)\""
        let isHeader = json["security"] == [["bearer": []]]
        if isHeader { line += " -H \"Authorization: Bearer $KEY\"" }
        if method != (example.sent == .null ? "GET" : "POST") { line += " -X \(method)" }
        guard example.sent != .null else { return line + "\n" }
        let body = example.sent.pretty(columns: 80).dropLast().replacing("'", with: #"'\''"#)
            .replacing(TaskCallExamples.key, with: "'$KEY'")
        return "\(line) -d '\(body)'\n"
    }

    /// The path with the examples of its gaps and of the query.
    var exampleTarget: String {
        var target = path
        var query: [String] = []
        for parameter in (json["parameters"]?.array ?? []).map({ document.resolved($0) }) {
            guard let name = parameter["name"]?.string, let example = parameter["example"] else { continue }
            let values = (example.array ?? [example]).map { $0.string ?? $0.text }.joined(separator: ",")
            switch parameter["in"] {
            case "path": target = target.replacing("{\(name)}", with: values)
            case "query": query.append("\(name)=\(values)")
            default: break
            }
        }
        return query.isEmpty ? target : "\(target)?\(query.joined(separator: "&"))"
    }
}
