import Domain
import NIOCore
import ProviderKit
import Tasks

/// The answers of Death By Captcha's dialect: JSON, or a form where the client asks for one.
struct DeathByCaptchaAnswers: Sendable {
    static let form = "application/x-www-form-urlencoded"
    /// What stands for the text of a task that failed. Clients of the vendor take a task without a text for one that
    /// is still open, and ask until their time is over.
    private static let unsolved = "?"
    /// What a task that failed says.
    static let taskFailed = "Task failed"
    let isForm: Bool
    /// Whether the request came by a path of the vendor's own clients, which want a `status` in what is no error, and a
    /// text of all that has ended.
    let isVendors: Bool

    init(_ request: ServerRequest) {
        isForm = request.prefers(DeathByCaptchaAnswers.form, to: ServerResponse.json)
        isVendors = DeathByCaptchaAnswers.isVendors(request.path)
    }

    /// As JSON.
    init(path: String = "") {
        isForm = false
        isVendors = DeathByCaptchaAnswers.isVendors(path)
    }

    /// Whether a path is one of the vendor's own clients.
    static func isVendors(_ path: String) -> Bool { path == "/api" || path.hasPrefix("/api/captcha") }

    /// How a task stands.
    ///
    /// - Parameter name: the task's name, as the client has it.
    func task(_ name: JSONValue, _ task: ClientTask) -> ServerResponse {
        switch task.status {
        case .processing: captcha(name, isCorrect: true, isSolved: false, "")
        case .ready(let solution, _, _):
            captcha(name, isCorrect: true, isSolved: true, SolutionText.value(of: solution, task.family, .lists))
        case .failed:
            captcha(
                name, isCorrect: false, isSolved: true,
                isVendors ? .string(DeathByCaptchaAnswers.unsolved) : "", error: DeathByCaptchaAnswers.taskFailed)
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

    /// The account, its balance in USD; by a path of the vendor's own clients in US cents, which is what they take it
    /// for.
    func user(balance: Money, isBanned: Bool = false) -> ServerResponse {
        let told = isVendors ? DeathByCaptchaAnswers.cents(balance) : balance.json
        return success(["user": 0, "rate": 0, "balance": told, "is_banned": .bool(isBanned)])
    }

    private static func cents(_ balance: Money) -> JSONValue {
        let (whole, rest) = balance.nanos.quotientAndRemainder(dividingBy: 10_000_000)
        // A whole number of cents and what is left of one, which is an amount of its own with the point moved.
        guard let cents = Money(nanos: rest * 100), rest != 0 else { return .number(JSONNumber(whole)) }
        let fraction = cents.description.drop { $0 != "." }
        let sign = balance.nanos < 0 && whole == 0 ? "-" : ""
        return (try? JSONValue(parsing: "\(sign)\(whole)\(fraction)")) ?? .null
    }

    /// Whether tasks are taken, and how long one takes, by the figures of the family that every client has.
    func service(_ figures: QueueFigures?) -> ServerResponse {
        let seconds = figures.flatMap { JSONNumber(($0.seconds * 10).rounded() / 10) }
        return response([
            "status": 0, "is_service_overloaded": .bool((figures?.free ?? 0) == 0),
            "solved_in": seconds.map { .number($0) } ?? 0,
        ])
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
        return success(json)
    }

    private func success(_ json: JSONObject) -> ServerResponse {
        guard isVendors else { return response(json) }
        var told: JSONObject = ["status": 0]
        for member in json.members { told[member.name] = member.value }
        return response(told)
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
