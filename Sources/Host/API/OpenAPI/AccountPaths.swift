import Domain
import ProviderKit

/// The calls under `/v1`, made from the list of endpoints.
enum AccountPaths {
    static let tag: JSONValue = [
        "name": "v1", "x-title": "The account",
        "description": "Looking after an account. The API key has to have the scope `manage`.",
    ]

    static var responses: JSONObject { errors.components }
    static var schemas: JSONObject { AccountSchemas.components.adding(errors.schemas) }

    private static let errors = ErrorSchemas.account

    /// By path. An endpoint of whose call nothing is known here is left out; a test sees that there is none.
    static var paths: JSONObject {
        V1Endpoint.all.reduce(into: JSONObject()) { paths, endpoint in
            guard let call = AccountCall(endpoint.call) else { return }
            var methods = paths[endpoint.path.text]?.object ?? [:]
            methods[endpoint.method.lowercased()] = .object(operation(endpoint, call))
            paths[endpoint.path.text] = .object(methods)
        }
    }

    private static func operation(_ endpoint: V1Endpoint, _ call: AccountCall) -> JSONObject {
        var operation: JSONObject = [
            "operationId": .string(endpoint.call.rawValue), "tags": ["v1"], "summary": .string(call.summary),
            "security": [["bearer": []]],
        ]
        let parameters = endpoint.path.gaps.map { call.gap($0) } + endpoint.query.map(\.description)
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        if !endpoint.body.isEmpty {
            operation["requestBody"] = [
                "required": true,
                "content": OpenAPIDocument.json(
                    BodySchemas.object(endpoint.body, required: call.required, closed: true),
                    examples: AccountExamples.request(endpoint.call)),
            ]
        }
        operation["responses"] = .object(success(endpoint, call).adding(errors.responses))
        return operation
    }

    private static func success(_ endpoint: V1Endpoint, _ call: AccountCall) -> JSONObject {
        var content =
            OpenAPIDocument.json(
                Schema.reference(call.answer), examples: AccountExamples.answer(endpoint.call)
            ).object ?? [:]
        var headers = OpenAPIDocument.rateHeaders
        if endpoint.query.contains(.format) {
            content["text/csv"] = [
                "schema": Schema.text(
                    "What the JSON lists, a row each, by RFC 4180; the first row has the names of the members. A text "
                        + "that a spreadsheet would take for a formula has an apostrophe before it.")
            ]
            // JSON has it in the body.
            if endpoint.query.contains(.cursor) {
                headers = headers.adding(OpenAPIDocument.headers(["Next-Cursor"]))
            }
        }
        let answer: JSONObject = [
            "description": .string(call.makes ? "It was known already." : "What was asked for."),
            "headers": .object(headers), "content": .object(content),
        ]
        guard call.makes else { return ["200": .object(answer)] }
        headers = headers.adding(OpenAPIDocument.headers(["Location"]))
        let made = answer.adding(["description": "It is new.", "headers": .object(headers)])
        return ["200": .object(answer), "201": .object(made)]
    }
}

/// What there is to say of a call under `/v1` beside what its endpoint says.
private struct AccountCall {
    let summary: String
    /// The name of what is answered.
    let answer: String
    /// What has to be in the body.
    let required: [BodyMember]
    /// Whether something may be made by it.
    let makes: Bool

    /// Nil for what is no call under `/v1`.
    init?(_ call: APICall) {
        switch call {
        case .createTask, .getTaskResult, .getBalance, .reportTask, .queueFigures, .accountFigures, .other: return nil
        case .taskRoute: self.init("Ask why a task went where it went", "Route")
        case .recycledKeys: self.init("List the recycled keys", "RecycledKeys")
        case .submitRecycledKey:
            self.init("Hand over a key at a provider", "RecycledKeyAnswer", required: [.provider, .key], makes: true)
        case .recycledKey: self.init("Show a recycled key and what it has been through", "RecycledKeyHistory")
        case .removeRecycledKey: self.init("Take a recycled key out of the pool for good", "RecycledKeyAnswer")
        case .checkRecycledKey: self.init("Have the provider asked about a recycled key", "CheckedRecycledKey")
        case .transactions: self.init("Read what changed the balance, the newest first", "Transactions")
        case .usage: self.init("Read what was used, day by day", "Usage")
        }
    }

    private init(_ summary: String, _ answer: String, required: [BodyMember] = [], makes: Bool = false) {
        self.summary = summary
        self.answer = answer
        self.required = required
        self.makes = makes
    }

    /// A gap in the path: a task's ID or a recycled key's number.
    func gap(_ name: String) -> JSONValue {
        let isTask = answer == "Route"
        return [
            "name": .string(name), "in": "path", "required": true,
            "example": isTask ? "aaaaaaaa-bbbb-4ccc-8ddd-000000000007" : 7,
            "schema": isTask
                ? Schema.text("What createTask answered: a UUID or a number.")
                : Schema.whole(1 ... .max, "The number of the recycled key."),
        ]
    }
}
