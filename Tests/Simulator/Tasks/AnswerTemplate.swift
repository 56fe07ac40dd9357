import Foundation
import ProviderKit
import TestSupport

/// A solution by its fields, such as `gRecaptchaResponse:recaptcha token:=gRecaptchaResponse`: a path and what makes
/// its value.
///
/// `=PATH` repeats a value of the solution, `@PATH` one of the task, `'TEXT'` is the text, and `{host}` in a path is
/// the host of the task's page. Everything else names a maker of `Maker`.
struct AnswerTemplate: Sendable {
    static let geetestV3 = "challenge:@challenge validate:hex32 seccode:seccode"
    static let geetestV4 =
        "captcha_id:@captchaId lot_number:hex32 pass_token:hex64 gen_time:unixTime captcha_output:token"

    private let parts: [(path: [String], maker: String)]

    init(_ text: String) {
        parts = text.split(separator: " ").map { part in
            let halves = part.split(separator: ":", maxSplits: 1)
            return (halves[0].split(separator: ".").map(String.init), halves.count > 1 ? String(halves[1]) : "token")
        }
    }

    /// Makes a solution for a task; equal tasks get equal solutions from equal generators, pictures' texts always.
    func make(for task: JSONObject, at unixSeconds: Int64, random: inout SeededGenerator) -> JSONObject {
        let host = AnswerTemplate.host(of: task)
        var solution = JSONObject()
        var maker = Maker(task: task, host: host, unixSeconds: unixSeconds, random: random)
        for part in parts {
            let value: JSONValue
            switch part.maker.first {
            case "=": value = solution.at(String(part.maker.dropFirst())) ?? .null
            case "@": value = task.at(String(part.maker.dropFirst())) ?? .null
            case "'": value = .string(part.maker.replacing("'", with: ""))
            default: value = maker.value(part.maker)
            }
            solution.put(value, at: part.path.map { $0 == "{host}" ? host : $0 }[...])
        }
        random = maker.random
        return solution
    }

    private static func host(of task: JSONObject) -> String {
        let page = task["websiteURL"]?.string ?? task["pageurl"]?.string ?? ""
        return URL(string: page)?.host() ?? "example.com"
    }
}

extension JSONObject {
    /// Sets a value, making the objects on the way.
    mutating func put(_ value: JSONValue, at path: ArraySlice<String>) {
        guard let first = path.first else { return }
        guard path.count > 1 else { return self[first] = value }
        var inner = self[first]?.object ?? JSONObject()
        inner.put(value, at: path.dropFirst())
        self[first] = .object(inner)
    }
}
