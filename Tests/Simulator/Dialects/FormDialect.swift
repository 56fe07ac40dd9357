import Domain
import ProviderKit

/// The interface of in.php and res.php: plain text, and JSON with `json=1`.
extension SimulatedVendor {
    mutating func answerForm(_ route: Route, _ request: SimulatedRequest, _ now: Timestamp) -> SimulatedAnswer {
        do throws(Problem) {
            if vendor == .twoCaptcha, route.parameters["method"] == "get_server_errors" {
                return .text(vendor.formErrors.map(\.code).joined(separator: "\n"))
            }
            let key = try formKey(route, now)
            if route.name == "in.php" { return try submit(route, key, now) }
            return try ask(route, key, now)
        } catch {
            return formError(error, route)
        }
    }

    private mutating func formKey(_ route: Route, _ now: Timestamp) throws(Problem) -> String {
        if vendor == .twoCaptcha, let until = bannedUntil, now < until {
            throw .scripted(route.name == "in.php" ? "IP_BANNED" : "ERROR: 1004")
        }
        let key = try authorised(route.parameters["key"], now)
        if let ban = formBans[key] {
            if now < ban.until { throw .scripted(ban.code) }
            formBans[key] = nil
        }
        return key
    }

    private mutating func submit(_ route: Route, _ key: String, _ now: Timestamp) throws(Problem) -> SimulatedAnswer {
        do throws(Problem) {
            let given = route.parameters
            let type = given["method"] ?? (given["textcaptcha"] == nil ? "" : "post")
            if vendor == .twoCaptcha, type == "hcaptcha" { throw .scripted("ERROR_METHOD_CALL") }
            var fields = JSONObject()
            for (name, value) in given.sorted(by: { $0.key < $1.key }) where !Route.envelope.contains(name) {
                fields[name] = .string(value)
            }
            let shape = try shape(formShapes[type], type, fields)
            if shape.family == "imageToText", vendor != .multibot { try checkUpload(given, type) }
            try check(fields, shape, fromForm: true)
            // Multibot's pictures to put in order come under the numbers of their links.
            if type == "antibot", !fields.members.contains(where: { Int($0.name) != nil }) { throw .missing("1") }
            let task = try take(shape, fields, key: key, now)
            accounts[key]?.formTasks += 1
            return formAnswer(.string(task.id), route)
        } catch {
            countFormError(error, key, now)
            throw error
        }
    }

    private func checkUpload(_ given: [String: String], _ type: String) throws(Problem) {
        guard type == "post" else { return }
        guard let name = given["file.filename"], let content = given["file"], !content.isEmpty else {
            throw .scripted("ERROR_UPLOAD")
        }
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        guard ["jpg", "jpeg", "png", "gif", "bmp", "webp"].contains(ending) else {
            throw .scripted("ERROR_WRONG_FILE_EXTENSION")
        }
    }

    private mutating func ask(_ route: Route, _ key: String, _ now: Timestamp) throws(Problem) -> SimulatedAnswer {
        try countFormCall(key, now)
        let action = route.parameters["action"] ?? ""
        switch action {
        case "get", "get2": return try answer(route, key, withPrice: action == "get2", now)
        case "" where vendor == .multibot: return try answer(route, key, withPrice: false, now)
        case "": throw .emptyAction
        case "getbalance" where vendor != .multibot:
            let told = toldBalance(key, now)
            return formAnswer(.string(told.numberText ?? told.string ?? told.text), route)
        case "userinfo" where vendor == .multibot: return .json(["balance": toldBalance(key, now)])
        case "reportgood", "reportbad":
            guard vendor != .multibot else { throw .emptyAction }
            try report(try formID(route), key: key, good: action == "reportgood", now)
            return formAnswer("OK_REPORT_RECORDED", route)
        case _ where vendor == .twoCaptcha && action.hasSuffix("_pingback"): return callbackAddress(action, route)
        default: throw .emptyAction
        }
    }

    private func formID(_ route: Route) throws(Problem) -> String {
        guard let id = route.parameters["id"], !id.isEmpty, id.allSatisfy(\.isNumber) else { throw .malformedTaskID }
        return id
    }

    private mutating func answer(_ route: Route, _ key: String, withPrice: Bool, _ now: Timestamp) throws(Problem)
        -> SimulatedAnswer
    {
        let task = try polled(try formID(route), key: key, now)
        guard task.finishedAt <= now else { throw .scripted("CAPCHA_NOT_READY") }
        guard case .solved(let fields) = task.outcome else {
            if case .failed(let code) = task.outcome { throw .scripted(code) }
            throw .unknownTask
        }
        let value: JSONValue = task.answersObject ? .object(fields) : fields.members.first?.value ?? .null
        var extra = JSONObject()
        if withPrice { extra["price"] = .string(task.price.description) }
        // Turnstile tells the user agent in JSON only.
        if let agent = fields["useragent"] { extra["useragent"] = agent }
        return formAnswer(value, route, extra: extra, suffix: withPrice ? "|\(task.price)" : "")
    }

    private mutating func callbackAddress(_ action: String, _ route: Route) -> SimulatedAnswer {
        let address = route.parameters["addr"] ?? ""
        switch action {
        case "add_pingback":
            callbackAddresses.append(address)
            return formAnswer(.string("OK_\(address)"), route, bare: true)
        case "get_pingback":
            return formAnswer(.string((["OK"] + callbackAddresses).joined(separator: "|")), route, bare: true)
        default:
            callbackAddresses.removeAll { address == "all" || $0 == address }
            return formAnswer("OK", route, bare: true)
        }
    }

    /// - Parameter bare: whether the text goes out without `OK|` before it.
    private func formAnswer(
        _ value: JSONValue, _ route: Route, extra: JSONObject = [:], suffix: String = "", bare: Bool = false
    ) -> SimulatedAnswer {
        if route.parameters["json"] == "1" {
            var reply: JSONObject = ["status": 1, "request": value]
            for member in extra.members { reply[member.name] = member.value }
            return .json(.object(reply))
        }
        let plain = value.string ?? value.text
        let unmarked = bare || value == "OK_REPORT_RECORDED" || route.parameters["action"] == "getbalance"
        return .text((unmarked ? plain : "OK|\(plain)") + suffix)
    }

    func formError(_ problem: Problem, _ route: Route) -> SimulatedAnswer {
        let code = vendor == .multibot ? multibotCode(problem) : formCode(problem)
        return route.parameters["json"] == "1" ? .json(["status": 0, "request": .string(code)]) : .text(code)
    }
}

extension Route {
    /// Parameters of in.php that are no fields of a task.
    static let envelope: Set<String> = ["key", "method", "json"]

    /// Parameters that every method takes.
    static let commonParameters: Set<String> = [
        "soft_id", "softId", "pingback", "callback", "lang", "language", "header_acao", "debug_dump", "file.filename",
    ]

    /// Methods whose answer is a JSON object.
    static let objectMethods: Set<String> = [
        "geetest", "geetest_v4", "capy", "lemin", "amazon_waf", "tencent", "vkimage",
    ]
}
