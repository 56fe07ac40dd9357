import Domain
import ProviderKit

/// Death By Captcha's calls, made from the list of their paths. Their answers are JSON, their bodies forms or JSON.
enum DeathByCaptchaPaths {
    static let name = "deathbycaptcha"

    static let tag: JSONValue = [
        "name": .string(name), "x-title": "As Death By Captcha",
        "description": .string(
            "For clients of Death By Captcha. Bodies are forms, multipart with files, or JSON; the API key is the "
                + "`authtoken`, or what `username` or `password` says. A client whose header `Accept` asks for "
                + "`application/x-www-form-urlencoded` is answered with a form. `captcha` is a number that nobody can "
                + "guess, different from the `taskId` of the other dialects."),
    ]

    /// By path.
    static var paths: JSONObject {
        DeathByCaptchaCall.all.reduce(into: JSONObject()) { paths, place in
            guard let call = DeathByCaptchaCall(place.method, path: place.path) else { return }
            var methods = paths[place.path]?.object ?? [:]
            methods[place.method.lowercased()] = .object(operation(place.method, place.path, call))
            paths[place.path] = .object(methods)
        }
    }

    private static func operation(_ method: String, _ path: String, _ call: DeathByCaptchaCall) -> JSONObject {
        let words = path.split { !$0.isLetter }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        var operation: JSONObject = [
            "operationId": .string("\(method.lowercased())\(words)"), "tags": [.string(name)],
            "summary": .string(call.summary),
        ]
        if path.contains("{captcha}") { operation["parameters"] = [captcha] }
        if call == .submit { operation["parameters"] = [OpenAPIDocument.idempotencyKeyReference] }
        let examples = DeathByCaptchaExamples(call, path: path)
        operation["security"] = call.security(method)
        if let body = call.body(method) {
            let media: JSONObject = ["schema": Schema.reference(body)]
            operation["requestBody"] = [
                "required": .bool(call == .submit),
                "content": .object([
                    "application/json": .object(media.adding(["examples": .object(examples.requests)])),
                    "application/x-www-form-urlencoded": .object(media), "multipart/form-data": .object(media),
                ]),
            ]
        }
        let answer = DeathByCaptchaSchemas.answer(call, isVendors: DeathByCaptchaAnswers.isVendors(path))
        let success: JSONValue = [
            "description": "What was asked for.", "headers": .object(OpenAPIDocument.rateHeaders),
            "content": DeathByCaptchaSchemas.content(Schema.reference(answer), examples: examples.answers),
        ]
        operation["responses"] = .object(.joining(["200": success], DeathByCaptchaSchemas.errorReferences))
        return operation
    }

    private static let captcha: JSONValue = .object([
        "name": "captcha", "in": "path", "required": true,
        "example": .number(JSONNumber(DeathByCaptchaExamples.captcha)),
        "schema": Schema.text("What the submission answered: a number; with a key, the task's UUID too."),
    ])
}

extension DeathByCaptchaCall {
    fileprivate var summary: String {
        switch self {
        case .submit: "Have a task solved"
        case .user: "Read the balance"
        case .service: "Read whether tasks are taken, and how long a picture takes"
        case .result: "Ask how a task stands"
        case .report: "Say that the site did not accept a solution; what it cost is given back"
        }
    }

    /// The name of what is sent; nil where nothing is.
    fileprivate func body(_ method: String) -> String? {
        guard method == "POST" else { return nil }
        return self == .submit ? "DeathByCaptchaSubmission" : "DeathByCaptchaUser"
    }

    /// Results can be had without a key, by whoever knows the task.
    fileprivate func security(_ method: String) -> JSONValue {
        switch self {
        case .service: []
        case .result: [[:], ["bearer": []]]
        case .submit, .user, .report: method == "GET" ? [["bearer": []]] : [["bearer": []], [:]]
        }
    }
}
