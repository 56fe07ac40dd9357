import Domain
import ProviderKit

/// The JSON interface that four vendors share, with what differs.
extension SimulatedVendor {
    mutating func answerJSON(_ route: Route, _ request: SimulatedRequest, _ now: Timestamp) -> SimulatedAnswer {
        do throws(Problem) {
            if let open = try publicJSON(route, request) { return .json(open) }
            guard let body = request.json, body.object != nil, request.method == "POST" else { throw .notJSON }
            let key = try authorised(body["clientKey"]?.string, now)
            switch route.name {
            case "createTask": return try create(body, key, now)
            case "getTaskResult": return try result(body, key, now)
            case "getBalance": return .json(balance(key, now))
            default: return .json(try otherJSON(route.name, body, key, now))
            }
        } catch {
            return jsonError(error, route)
        }
    }

    /// Calls without a key; nil when this is none. An unknown path is told before the key is looked at.
    private mutating func publicJSON(_ route: Route, _ request: SimulatedRequest) throws(Problem) -> JSONValue? {
        switch (vendor, route.name) {
        case (.twoCaptcha, "test"), (.antiCaptcha, "test"): return request.json ?? .null
        case (.antiCaptcha, "getQueueStats"): return AntiCaptchaCalls.queueStats(request.json)
        default:
            guard vendor.jsonCalls.contains(route.name) else { throw .unknownPath }
            return nil
        }
    }

    private mutating func create(_ body: JSONValue, _ key: String, _ now: Timestamp) throws(Problem) -> SimulatedAnswer
    {
        do throws(Problem) {
            guard let fields = body["task"]?.object else { throw .noTask }
            let type = fields["type"]?.string ?? ""
            let shape = try shape(shapes[type], type, fields)
            try check(fields, shape)
            if let template = fields["templateName"]?.string, shape.type == "AntiGateTask",
                !templates.contains(template)
            {
                throw .scripted("ERROR_TEMPLATE_NOT_FOUND")
            }
            let task = try take(shape, fields, key: key, now)
            return createdAnswer(task, isSynchronous: shape.isSynchronous)
        } catch {
            countRefusal(key, now)
            throw error
        }
    }

    private func createdAnswer(_ task: SimulatedTask, isSynchronous: Bool) -> SimulatedAnswer {
        switch vendor {
        case .capSolver:
            var reply: JSONObject = [
                "errorId": 0, "errorCode": "", "errorDescription": "", "status": .null, "taskId": taskID(task),
            ]
            if isSynchronous {
                if case .failed(let code) = task.outcome {
                    return .json(capSolverError(ErrorRow.of(vendor, code), task: task), status: 400)
                }
                reply["status"] = "ready"
                reply["solution"] = task.solution
            }
            return .json(.object(reply))
        case .capMonster:
            return .json(["errorId": 0, "errorCode": .null, "errorDescription": .null, "taskId": taskID(task)])
        default: return .json(["errorId": 0, "taskId": taskID(task)])
        }
    }

    func taskID(_ task: SimulatedTask) -> JSONValue {
        vendor == .capSolver ? .string(task.id) : .decimal(task.id)
    }

    /// The ID of a request: a number, at CapSolver a text.
    func givenID(_ body: JSONValue) throws(Problem) -> String {
        let id = vendor == .capSolver ? body["taskId"]?.string : body["taskId"]?.numberText
        guard let id else { throw .malformedTaskID }
        return id
    }

    private mutating func result(_ body: JSONValue, _ key: String, _ now: Timestamp) throws(Problem) -> SimulatedAnswer
    {
        let task = try polled(try givenID(body), key: key, now)
        guard task.finishedAt <= now else { return .json(pendingReply(task, now)) }
        if case .failed(let code) = task.outcome { return failedAnswer(task, code) }
        switch vendor {
        case .capSolver:
            return .json([
                "errorId": 0, "errorCode": "", "errorDescription": "", "taskId": taskID(task), "status": "ready",
                "solution": task.solution,
            ])
        case .capMonster:
            var reply: JSONObject = [
                "status": "ready", "solution": task.solution, "errorId": 0, "errorCode": .null,
                "errorDescription": .null,
            ]
            if task.type == "ComplexImageTask" { reply["cost"] = .decimal(task.price.description) }
            return .json(.object(reply))
        default: return .json(paidReply(task))
        }
    }

    private func pendingReply(_ task: SimulatedTask, _ now: Timestamp) -> JSONValue {
        switch vendor {
        case .capSolver:
            [
                "errorId": 0, "errorCode": "", "errorDescription": "", "taskId": taskID(task),
                "status": task.polls == 1 ? "idle" : "processing",
            ]
        case .capMonster:
            [
                "status": "processing", "solution": .null, "errorId": 0, "errorCode": .null,
                "errorDescription": .null,
            ]
        default: ["errorId": 0, "status": "processing"]
        }
    }

    /// 2Captcha and Anti-Captcha tell the cost: the one as text, the other sometimes as text and sometimes as a number.
    private func paidReply(_ task: SimulatedTask) -> JSONValue {
        let cost = task.price.description
        let asText = vendor == .twoCaptcha || task.number % 2 == 0
        let count: JSONValue = vendor == .antiCaptcha && asText ? "1" : 1
        return [
            "errorId": 0, "status": "ready", "solution": task.solution, "cost": asText ? .string(cost) : .decimal(cost),
            "ip": "198.51.100.7", "createTime": .number(JSONNumber(task.createdAt.milliseconds / 1000)),
            "endTime": .number(JSONNumber(task.finishedAt.milliseconds / 1000)), "solveCount": count,
        ]
    }

    /// At CapSolver a failed task comes with status 400, or with 200 and `failed`: both are seen.
    private func failedAnswer(_ task: SimulatedTask, _ code: String) -> SimulatedAnswer {
        let row = ErrorRow.of(vendor, code)
        switch vendor {
        case .capSolver:
            return .json(capSolverError(row, task: task), status: task.number % 2 == 0 ? 400 : 200)
        case .capMonster:
            return .json([
                "status": .null, "solution": .null, "errorId": 1, "errorCode": .string(row.code),
                "errorDescription": .string(row.text),
            ])
        default:
            return .json([
                "errorId": .number(JSONNumber(row.id)), "errorCode": .string(row.code),
                "errorDescription": .string(row.text),
            ])
        }
    }

    private func capSolverError(_ row: ErrorRow, task: SimulatedTask) -> JSONValue {
        [
            "errorId": 1, "errorCode": .string(row.code), "errorDescription": .string(row.text),
            "taskId": taskID(task), "status": "failed",
        ]
    }

    private mutating func balance(_ key: String, _ now: Timestamp) -> JSONValue {
        let told = toldBalance(key, now)
        guard vendor == .capSolver else { return ["errorId": 0, "balance": told] }
        let left = accounts[key]?.packageTasks ?? 0
        let packages: [JSONValue] =
            left == 0
            ? []
            : [
                [
                    "packageId": "8a5b3d1e", "type": 1, "title": "monthly", "numberOfCalls": .number(JSONNumber(left)),
                    "status": 1, "token": "", "expireTime": .number(JSONNumber(now.milliseconds / 1000 + 2_592_000)),
                ]
            ]
        return ["errorId": 0, "balance": told, "packages": .array(packages)]
    }

    func jsonError(_ problem: Problem, _ route: Route) -> SimulatedAnswer {
        let (code, detail) = jsonWords(problem)
        let row = ErrorRow.of(vendor, code)
        var reply: JSONObject = [
            "errorId": .number(JSONNumber(row.id)), "errorCode": .string(row.code),
            "errorDescription": .string(detail ?? row.text),
        ]
        if vendor == .capMonster {
            if route.call == .submit { reply["taskId"] = 0 }
            // Reports that are refused have no description.
            if route.call == .report { reply["errorDescription"] = nil }
        }
        return .json(.object(reply), status: row.status)
    }
}

extension ErrorRow {
    /// The row of a code; one that is in no table has the number 1 and no text.
    static func of(_ vendor: Vendor, _ code: String) -> ErrorRow {
        vendor.errors.first { $0.code == code }
            ?? ErrorRow(1, code, "", status: vendor == .capSolver ? 400 : 200)
    }
}
