import Domain
import NIOCore
import ProviderKit
import Tasks

/// The answers of Death By Captcha's dialect: JSON, or a form where the client asks for one.
struct DeathByCaptchaAnswers: Sendable {
    private static let form = "application/x-www-form-urlencoded"
    let isForm: Bool

    init(_ request: ServerRequest) {
        isForm = request.prefers(DeathByCaptchaAnswers.form, to: ServerResponse.json)
    }

    /// As JSON.
    init() {
        isForm = false
    }

    /// How a task stands.
    ///
    /// - Parameter name: the task's name, as the client has it.
    func task(_ name: JSONValue, _ task: ClientTask) -> ServerResponse {
        switch task.status {
        case .processing: captcha(name, isCorrect: true, isSolved: false, "")
        case .ready(let solution, _, _):
            captcha(name, isCorrect: true, isSolved: true, SolutionText.value(of: solution, task.family, .lists))
        case .failed: captcha(name, isCorrect: false, isSolved: true, "", error: "Task failed")
        }
    }

    /// A task that was taken.
    func created(_ name: JSONValue) -> ServerResponse {
        captcha(name, isCorrect: true, isSolved: false, "")
    }

    /// A task that there is not.
    func unknown(_ name: JSONValue) -> ServerResponse {
        captcha(name, isCorrect: false, isSolved: false, "")
    }

    /// A task that was reported.
    func reported(_ name: JSONValue) -> ServerResponse {
        captcha(name, isCorrect: false, isSolved: true, "")
    }

    func user(balance: Money) -> ServerResponse {
        response(["user": 0, "rate": 0, "balance": balance.json, "is_banned": false])
    }

    func failure(_ error: ClientError) -> ServerResponse {
        let own = DeathByCaptchaError(error.code)
        var json: JSONObject = ["status": 255, "error": .string(own.word)]
        if own != .notOwned { json["message"] = .string(error.description) }
        return response(json, status: own.status)
    }

    private func captcha(
        _ name: JSONValue, isCorrect: Bool, isSolved: Bool, _ text: JSONValue, error: String? = nil
    ) -> ServerResponse {
        var json: JSONObject = [
            "captcha": name, "is_correct": .bool(isCorrect), "solved": .bool(isSolved), "text": text,
        ]
        json["error"] = error.map { .string($0) }
        return response(json)
    }

    private func response(_ json: JSONObject, status: Int = 200) -> ServerResponse {
        guard isForm else { return ServerResponse(status: status, bytes: JSONValue.object(json).bytes) }
        let pairs = json.members.map { "\($0.name)=\(FormText.encoded(DeathByCaptchaAnswers.text($0.value)))" }
        return ServerResponse(
            status: status, contentType: DeathByCaptchaAnswers.form, bytes: Array(pairs.joined(separator: "&").utf8))
    }

    private static func text(_ value: JSONValue) -> String {
        value.bool.map { $0 ? "1" : "0" } ?? value.string ?? value.text
    }
}
