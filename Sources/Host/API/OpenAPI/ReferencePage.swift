import Domain
import ProviderKit

/// The description of the calls as a page for people. It has no script and loads nothing but its own style.
struct ReferencePage {
    let document: JSONValue

    var html: String {
        let parts = sections
        let links = parts.map { "<li>\(Markup.link(to: $0.id, $0.title))</li>" }.joined(separator: "\n")
        let shown = parts.map { part in
            "<section id=\"\(part.id)\"><h2>\(Markup.escaped(part.title))</h2>\n\(part.html)</section>"
        }
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>ucaptcha: the API</title><link rel="stylesheet" href="/reference.css"></head><body>
            <nav><strong>ucaptcha</strong><ul>
            \(links)
            </ul><a href="/openapi.json">openapi.json</a></nav>
            <main><header><h1>The API</h1>
            <p>\(Markup.text(document["info"]?["summary"]?.string ?? "")) For programs all of this is in \
            <a href="/openapi.json">openapi.json</a>, OpenAPI 3.1.</p></header>
            \(shown.joined(separator: "\n"))
            </main></body></html>

            """
    }

    /// A part of the page: where links lead to, its heading, its content.
    private struct Section {
        let id: String
        let title: String
        let html: String
    }

    private var sections: [Section] {
        let operations = ReferenceOperation.all(of: document)
        let groups = document["tags"]?.array ?? []
        return [Section(id: "begin", title: "Begin here", html: ReferenceBeginning(operations, document).html)]
            + groups.map { group in
                let name = group["name"]?.string ?? ""
                return Section(
                    id: name, title: group["x-title"]?.string ?? name,
                    html: calls(group, operations.filter { $0.tag == name }))
            } + [
                Section(id: "tasks", title: "Types of tasks", html: tasks),
                Section(id: "errors", title: "Errors", html: errors),
            ]
    }

    /// The calls of one group. What is sent is told once: it is the same in all dialects.
    private func calls(_ group: JSONValue, _ operations: [ReferenceOperation]) -> String {
        let name = group["name"]?.string ?? ""
        let isWhole = ["v1", ClientDialect.ucaptcha.rawValue, DeathByCaptchaPaths.name].contains(name)
        let own = ClientDialect.ucaptcha.rawValue
        let note = isWhole ? "" : " What is sent is told with \(Markup.link(to: own, "Tasks"))."
        // Calls by many names are shown as one.
        var kinds: [[ReferenceOperation]] = []
        for operation in operations {
            if let place = kinds.firstIndex(where: { $0[0].isAlike(operation) }) {
                kinds[place].append(operation)
            } else {
                kinds.append([operation])
            }
        }
        let all = kinds.map { $0[0].html(isWhole: isWhole, others: $0.dropFirst().map(\.path)) }
        return """
            <p>\(Markup.text(group["description"]?.string ?? ""))\(note)</p>
            \(all.joined(separator: "\n"))
            \(ClientDialect(rawValue: name).map { otherCodes(AnswerShape($0)) } ?? "")
            """
    }

    /// What the errors of the catalogue are called in a dialect that has other names for some.
    private func otherCodes(_ shape: AnswerShape) -> String {
        var names = ErrorCode.allCases.compactMap { code in shape.codes[code].map { (code.rawValue, $0, "") } }
        names += shape.fieldCodes.sorted { $0.key < $1.key }.map { field, name in
            (ErrorCode.badParameters.rawValue, name, ", about the field <code>\(field)</code>")
        }
        guard !names.isEmpty else { return "" }
        let rows = names.map { "<tr><td><code>\($0)</code>\($2)</td><td><code>\($1)</code></td></tr>" }
        return """
            <details><summary>Errors that have another name here</summary>
            <table><tr><th>in the catalogue</th><th>here</th></tr>\(rows.joined(separator: "\n"))</table></details>
            """
    }

    /// What can be in `task`, family by family.
    private var tasks: String {
        let schemas = document["components"]?["schemas"]
        let all = TaskForm.all.map { form in
            let schema = schemas?[TaskSchemas.name(of: form)] ?? .null
            let types = schema["properties"]?["type"]?["enum"]?.array?.compactMap(\.string) ?? []
            return """
                <details id="\(form.family)"><summary><span class="name">\(Markup.escaped(form.title))</span> \
                <code>\(Markup.escaped(types.first ?? ""))</code></summary>
                <p>\(Markup.text(schema["description"]?.string ?? ""))</p>
                <p class="types">\(types.map { "<code>\(Markup.escaped($0))</code>" }.joined(separator: " "))</p>
                \(MemberTable(document: document, schema: schema, without: ["type"]).html)</details>
                """
        }
        return """
            <p>\(Markup.text(schemas?["Task"]?["description"]?.string ?? ""))</p>
            \(all.joined(separator: "\n"))
            """
    }

    private var errors: String {
        let rows = ErrorCode.allCases.map { code in
            "<tr><td><code>\(code.rawValue)</code></td><td>\(code.httpStatus)</td>"
                + "<td>\(Markup.text(code.sentence))</td></tr>"
        }
        return """
            <p>The catalogue, with the HTTP statuses of <code>ucaptcha</code> and <code>v1</code>. Other dialects have \
            status 200 for all of them, and names of their own for some, which stand with their calls.</p>
            <table class="stack"><tr><th>code</th><th>status</th><th>what it says</th></tr>\
            \(rows.joined(separator: "\n"))</table>
            """
    }
}
