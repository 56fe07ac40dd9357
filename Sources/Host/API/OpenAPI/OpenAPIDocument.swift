import Domain
import ProviderKit

/// The description of every JSON call in OpenAPI 3.1, made from the tables by which the calls are answered.
enum OpenAPIDocument {
    /// The whole of it.
    static let value: JSONValue = .object([
        "openapi": "3.1.0",
        "info": [
            "title": "ucaptcha", "version": "1",
            "summary": "Tasks for CAPTCHA-solving providers, and looking after an account.",
            "description": .string(introduction),
        ],
        "servers": [["url": "/"]],
        "tags": .array(TaskCallPaths.all.map(\.tag) + [DeathByCaptchaPaths.tag, AccountPaths.tag]),
        "paths": .object(
            TaskCallPaths.all.reduce(JSONObject()) { $0.adding($1.paths) }.adding(DeathByCaptchaPaths.paths)
                .adding(AccountPaths.paths)),
        "components": components,
    ])

    /// What all calls have in common, a sentence or two each.
    static let rules = [
        "Bodies are JSON, whatever their content type says, of \(Limits.requestBodyBytes >> 20) MiB and "
            + "\(Limits.jsonDepth) levels at most. Members that a call does not know are ignored; under `/v1` "
            + "they are refused, and so are parameters of the query.",
        "The API key is `ucap_` and 32 letters and digits. It stands in `clientKey`, or in the header "
            + "`Authorization: Bearer`; under `/v1` only in the header, and there it has to have the scope `manage`.",
        "An answer that went well has `errorId` 0, an error 1 with `errorCode` and "
            + "`errorDescription`. A value that cannot be used is told with its field.",
        "Amounts are USD, exact decimal numbers; times are UTC.",
        "With a header `\(ServerRequest.idempotencyKeyName)` createTask may be sent twice and makes one task.",
        "Every answer has the headers `X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset`, unless the "
            + "operator has turned the limit off: how many requests an address may send, how many are left, and when "
            + "the next window begins.",
    ]

    private static let introduction =
        rules.map { "- \($0)\n" }.joined()
        + "\nNot described here are `/in.php` and `/res.php`, which answer text unless they are asked for JSON.\n"

    /// What can be solved.
    static let tasks = TaskSchemas.components

    private static var components: JSONValue {
        let schemas = JSONObject.joining(
            tasks, TaskCallPaths.schemas, DeathByCaptchaSchemas.components, AccountPaths.schemas)
        return [
            "securitySchemes": [
                "bearer": [
                    "type": "http", "scheme": "bearer",
                    "description": .string(
                        "An API key, `ucap_` and 32 letters and digits. The calls about tasks take it as `clientKey` "
                            + "in the body, too; those under `/v1` need one with the scope `manage`."),
                ]
            ],
            "parameters": ["IdempotencyKey": idempotencyKey],
            "headers": .object(descriptions),
            "responses": .object(
                .joining(TaskCallPaths.responses, DeathByCaptchaSchemas.responses, AccountPaths.responses)),
            "schemas": .object(schemas),
        ]
    }

    /// The parameter of what makes tasks.
    static let idempotencyKeyReference: JSONValue = ["$ref": "#/components/parameters/IdempotencyKey"]

    private static let idempotencyKey: JSONValue = [
        "name": .string(ServerRequest.idempotencyKeyName), "in": "header", "required": false,
        "description": .string(
            "The same key with the same request is answered with the task of the first one, with another request it "
                + "is refused."),
        "schema": [
            "type": "string", "minLength": 1, "maxLength": .number(JSONNumber(Limits.idempotencyKeyBytes)),
            "pattern": "^[!-~]([ -~]*[!-~])?$",
        ],
    ]

    private static let descriptions: JSONObject = [
        "X-RateLimit-Limit": header(Schema.whole(1 ... .max, "Requests that an address may send within a window.")),
        "X-RateLimit-Remaining": header(Schema.whole(0 ... .max, "Requests that are left in this window.")),
        "X-RateLimit-Reset": header(Schema.whole(0 ... .max, "When the next window begins, in seconds since 1970.")),
        "Allow": header(Schema.text("The methods that there are at the path.")),
        "Location": header(Schema.text("The path of what was made.")),
        "Retry-After": header(Schema.whole(1 ... .max, "Seconds to wait, where it is known.")),
        "Next-Cursor": header(Schema.text("The cursor of the next page; the last page has none.")),
    ]

    private static func header(_ schema: JSONValue) -> JSONValue { ["schema": schema] }

    /// The headers of every response, unless the configuration turns the limit off.
    static let rateHeaders = headers(["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"])

    /// Headers that are described under `components`.
    static func headers(_ names: [String]) -> JSONObject {
        JSONObject(names.map { .init($0, ["$ref": .string("#/components/headers/\($0)")]) })
    }

    /// A body that is JSON.
    static func json(_ schema: JSONValue, examples: JSONObject = [:]) -> JSONValue {
        var media: JSONObject = ["schema": schema]
        if !examples.members.isEmpty { media["examples"] = .object(examples) }
        return .object(JSONObject([.init(ServerResponse.json, .object(media))]))
    }
}
