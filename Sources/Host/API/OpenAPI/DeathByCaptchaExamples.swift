import Domain
import NIOCore
import ProviderKit
import Tasks

/// Examples of Death By Captcha's calls. The answers are written by what writes them to clients.
struct DeathByCaptchaExamples {
    /// By name: what is sent, in JSON.
    let requests: JSONObject
    /// By the same names: what is answered under status 200.
    let answers: JSONObject

    /// The secret number of the task.
    static let captcha: Int64 = 9_000_000_000_007

    init(_ call: DeathByCaptchaCall, path: String) {
        let answers = DeathByCaptchaAnswers(path: path)
        let name = JSONValue.number(JSONNumber(DeathByCaptchaExamples.captcha))
        let key: JSONObject = ["authtoken": .string(TaskCallExamples.key)]
        var sent = key
        let got: [(name: String, answer: ServerResponse)]
        switch call {
        case .submit:
            sent = key.adding([
                "type": 12,
                "turnstile_params": ["sitekey": "0x4AAAAAAADnPIDROrmt1Wwj", "pageurl": "https://example.com/login"],
            ])
            got = [("accepted", answers.created(name))]
        case .user: got = [("balance", answers.user(balance: TaskCallExamples.balance))]
        case .service: got = [("figures", answers.service(TaskCallExamples.figures))]
        case .result:
            got = TaskCallExamples.ends.compactMap { end in
                TaskID(7).map { (end.name, answers.task(name, TaskCallExamples.example($0, end.status))) }
            }
        case .report: got = [("recorded", answers.reported(name))]
        }
        requests = JSONObject(got.map { .init($0.name, ["value": .object(sent)]) })
        self.answers = JSONObject(
            got.map {
                let answer = try? JSONValue(parsing: $0.answer.body.readableBytesView)
                return .init($0.name, TaskCallExamples.described($0.name, answer ?? .null))
            })
    }
}
