import Domain
import ProviderKit

/// What Death By Captcha's calls answer, made from the table of their errors.
enum DeathByCaptchaSchemas {
    /// The name of what a call answers.
    ///
    /// - Parameter isVendors: whether the path is one of the vendor's own clients.
    static func answer(_ call: DeathByCaptchaCall, isVendors: Bool) -> String {
        let name =
            switch call {
            case .submit, .result, .report: "DeathByCaptchaTask"
            case .user: "DeathByCaptchaAccount"
            case .service: "DeathByCaptchaService"
            }
        return isVendors && call != .service ? name + "WithStatus" : name
    }

    /// By name under `components`.
    static var components: JSONObject {
        let status: JSONObject = ["status": ["const": 0]]
        let answers: JSONObject = [
            "DeathByCaptchaTask": Schema.object(task, optional: ["error"]),
            "DeathByCaptchaTaskWithStatus": Schema.object(status.adding(task), optional: ["error"]),
            "DeathByCaptchaAccount": Schema.object(account("USD, exact.")),
            "DeathByCaptchaAccountWithStatus": Schema.object(status.adding(account("US cents, exact."))),
            "DeathByCaptchaService": Schema.object(
                status.adding([
                    "is_service_overloaded": Schema.flag(), "solved_in": Schema.number("Seconds.", least: 0),
                ])),
        ]
        let failures = JSONObject(
            words.sorted { $0.key < $1.key }.map { status, words in
                JSONObject.Member(
                    "DeathByCaptchaError\(status)",
                    Schema.object(
                        [
                            "status": ["const": 255], "error": Schema.word(words.sorted()),
                            "message": Schema.text("What is wrong, for people."),
                        ], optional: ["message"]))
            })
        return .joining(answers, failures, DeathByCaptchaBodies.components)
    }

    /// The responses with an error, by name under `components`.
    static var responses: JSONObject {
        JSONObject(
            words.sorted { $0.key < $1.key }.map { status, words in
                var headers = OpenAPIDocument.rateHeaders
                if status == 405 { headers = headers.adding(OpenAPIDocument.headers(["Allow"])) }
                if status == DeathByCaptchaError(.tooManyRequests).status {
                    headers = headers.adding(OpenAPIDocument.headers(["Retry-After"]))
                }
                return JSONObject.Member(
                    "DeathByCaptcha\(status)",
                    [
                        "description": .string(words.sorted().map { "`\($0)`" }.joined(separator: ", ")),
                        "headers": .object(headers),
                        "content": content(Schema.reference("DeathByCaptchaError\(status)")),
                    ])
            })
    }

    /// The responses with an error, by status.
    static var errorReferences: JSONObject {
        JSONObject(
            words.keys.sorted().map {
                JSONObject.Member("\($0)", ["$ref": .string("#/components/responses/DeathByCaptcha\($0)")])
            })
    }

    /// A body that is JSON, or a form where the client asks for one.
    static func content(_ schema: JSONValue, examples: JSONObject = [:]) -> JSONValue {
        var content = OpenAPIDocument.json(schema, examples: examples).object ?? [:]
        content[DeathByCaptchaAnswers.form] = ["schema": form]
        return .object(content)
    }

    private static let form = Schema.text(
        "The same members as a form, where `Accept` asks for one: `captcha=7&is_correct=1&solved=1&text=abc`. True is "
            + "1 and false 0; what is a list or an object is its JSON.")

    /// What errors are called, by their status.
    private static let words = ErrorCode.allCases.reduce(into: [Int: Set<String>]()) { words, code in
        let error = DeathByCaptchaError(code)
        words[error.status, default: []].insert(error.word)
    }

    private static let task: JSONObject = [
        "captcha": ["type": ["integer", "string"], "description": "The task, as the request names it."],
        "is_correct": Schema.flag("False for a task that has failed or is not known."),
        "solved": Schema.flag("Whether it has ended."),
        "text": ["description": "The solution: text, or lists or an object where it is more than that."],
        "error": ["const": .string(DeathByCaptchaAnswers.taskFailed)],
    ]

    private static func account(_ unit: String) -> JSONObject {
        [
            "user": ["const": 0], "rate": ["const": 0], "balance": Schema.number(unit, least: 0),
            "is_banned": Schema.flag("Whether the account is suspended; the balance is 0 then."),
        ]
    }
}
