import Domain
import NIOCore
import ProviderKit
import Tasks

/// How to begin: lines for a shell that have a task solved, and what all calls have in common.
struct ReferenceBeginning {
    private let operations: [ReferenceOperation]
    private let document: JSONValue

    init(_ operations: [ReferenceOperation], _ document: JSONValue) {
        self.operations = operations
        self.document = document
    }

    /// What the lines on the page have their variables from.
    static let variables = """
        BASE=http://127.0.0.1:8080   # where you read this page, without /reference
        KEY=ucap_...                 # your API key

        """

    var html: String {
        let rules = OpenAPIDocument.rules.map { "<li>\(Markup.text($0))</li>" }.joined(separator: "\n")
        return """
            <p>You need the address of this service and an API key, which its operator has made for you \
            (<code>ucaptcha key create</code>). The examples on this page can be pasted into a shell once these two \
            are set:</p>
            \(Markup.block(ReferenceBeginning.variables, "command"))
            <p>Have something solved. \(Markup.link(to: "tasks", "Types of tasks")) has what can be.</p>
            \(example("/ucaptcha/createTask", "accepted"))
            <p>Fetch the solution. With <code>wait</code> the answer comes as soon as there is one; while the status \
            is <code>processing</code>, ask again. The <code>taskId</code> is the one of your answer.</p>
            \(example("/ucaptcha/getTaskResult", "solved"))
            <p>This is what an error looks like. \(Markup.link(to: "errors", "Errors")) has every code.</p>
            \(Markup.block(ReferenceBeginning.error))
            <h3>A client of another service?</h3>
            <p>Change its base URL and leave it as it is: it is answered as its service answers.</p>
            \(dialects)
            <h3>Good to know</h3>
            <ul>\(rules)</ul>
            """
    }

    private func example(_ path: String, _ name: String) -> String {
        guard let operation = operations.first(where: { $0.path == path }),
            let example = operation.examples.first(where: { $0.name == name })
        else { return "" }
        return Markup.block(operation.command(example), "command") + Markup.block(example.answer.pretty(columns: 80))
    }

    private static let error: String = {
        let body = TaskAnswers(.ucaptcha).failure(ClientError(.keyDoesNotExist)).body
        return ((try? JSONValue(parsing: body.readableBytesView)) ?? .null).pretty(columns: 80)
    }()

    private var dialects: String {
        let rows = ClientDialect.allCases.filter { $0 != .ucaptcha }.map { dialect in
            let shape = AnswerShape(dialect)
            let name = shape.name == .uuid ? "a UUID" : "a number"
            return "<tr><td>\(Markup.link(to: dialect.rawValue, dialect.service))</td>"
                + "<td><code>$BASE/\(dialect.rawValue)</code></td><td>\(name)</td></tr>"
        }
        return """
            <table><tr><th>it is written for</th><th>its base URL</th><th>tasks are named by</th></tr>
            \(rows.joined(separator: "\n"))</table>
            <p><code>$BASE</code> alone does as well, most of the time: see \(Markup.link(to: "root", "the root")). \
            Clients that send forms call <code>/in.php</code> and <code>/res.php</code>, which are not described here, \
            those of \(Markup.link(to: DeathByCaptchaPaths.name, "Death By Captcha")) <code>/api</code>.</p>
            """
    }
}
