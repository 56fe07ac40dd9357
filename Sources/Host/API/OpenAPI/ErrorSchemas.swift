import Domain
import ProviderKit

/// The errors of one way of answering, made from the catalogue: which codes come under which HTTP status.
struct ErrorSchemas {
    /// What the descriptions' names begin with: `CapSolver`.
    let name: String
    /// What each error is called, by the status under which it comes.
    private var codes: [Int: [String: [ErrorCode]]]

    /// The errors of the calls under `/v1`, each under its own status. None of them comes under that of success: how a
    /// task ended is no error there.
    static let account: ErrorSchemas = {
        var errors = ErrorSchemas(name: "Account", shape: .automatic, hasStatuses: true)
        errors.codes[200] = nil
        return errors
    }()

    /// The errors of a dialect's JSON calls.
    init(name: String, _ shape: AnswerShape) {
        self.init(name: name, shape: shape, hasStatuses: shape.hasStatuses)
    }

    /// The errors of whichever dialect it comes to be answered in.
    init(name: String, anyOf all: [ErrorSchemas]) {
        self.name = name
        codes = all.reduce(into: [:]) { codes, one in
            codes.merge(one.codes) { $0.merging($1) { Array(Set($0 + $1)) } }
        }
    }

    private init(name: String, shape: AnswerShape, hasStatuses: Bool) {
        self.name = name
        var codes: [Int: [String: [ErrorCode]]] = [:]
        for code in ErrorCode.allCases {
            let status = hasStatuses ? code.httpStatus : 200
            codes[status, default: [:]][shape.codes[code] ?? code.rawValue, default: []].append(code)
        }
        let fieldStatus = hasStatuses ? ErrorCode.badParameters.httpStatus : 200
        for name in shape.fieldCodes.values { codes[fieldStatus, default: [:]][name] = [.badParameters] }
        self.codes = codes
    }

    /// The descriptions of the errors' bodies, by name under `components`.
    var schemas: JSONObject {
        JSONObject(
            codes.sorted { $0.key < $1.key }.map { status, codes in
                let names = codes.keys.sorted()
                return JSONObject.Member(
                    schemaName(status),
                    Schema.object([
                        "errorId": ["const": 1],
                        "errorCode": Schema.word(names, names.map { sentence($0, codes[$0] ?? []) }.joined()),
                        "errorDescription": Schema.text("What is wrong, for people."),
                    ]))
            })
    }

    /// The responses with an error that is not under status 200, by status.
    var responses: JSONObject {
        JSONObject(
            statuses.filter { $0 != 200 }.map { status in
                JSONObject.Member("\(status)", ["$ref": .string("#/components/responses/\(responseName(status))")])
            })
    }

    /// These responses themselves, by name under `components`.
    var components: JSONObject {
        JSONObject(
            statuses.filter { $0 != 200 }.map { status in
                JSONObject.Member(
                    responseName(status),
                    [
                        "description": .string(
                            (codes[status] ?? [:]).keys.sorted().map { "`\($0)`" }.joined(separator: ", ")),
                        "headers": .object(headers(status)),
                        "content": OpenAPIDocument.json(Schema.reference(schemaName(status))),
                    ])
            })
    }

    /// The headers of answers under status 200.
    var headersUnderSuccess: JSONObject { headers(200) }

    private func headers(_ status: Int) -> JSONObject {
        var names: [String] = []
        if status == 405 { names.append("Allow") }
        let isTooMany = codes[status]?.values.contains { $0.contains(.tooManyRequests) } ?? false
        if isTooMany { names.append("Retry-After") }
        return OpenAPIDocument.rateHeaders.adding(OpenAPIDocument.headers(names))
    }

    /// The description of an error's body under status 200.
    var underSuccess: JSONValue { Schema.reference(schemaName(200)) }

    private var statuses: [Int] { codes.keys.sorted() }

    private func schemaName(_ status: Int) -> String { "\(name)Error\(status == 200 ? "" : "\(status)")" }

    private func responseName(_ status: Int) -> String { "\(name)\(status)" }

    private func sentence(_ name: String, _ codes: [ErrorCode]) -> String {
        let sentences = ErrorCode.allCases.filter { codes.contains($0) }.map(\.sentence)
        return "- `\(name)`: \(sentences.joined(separator: " Or: "))\n"
    }
}
