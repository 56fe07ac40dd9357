import Domain
import ProviderKit
import Tasks

/// A request of res.php: results, the balance, reports.
struct InPHPResults {
    let service: any ClientService
    let feedback: any FeedbackUseCases
    let ids: any TaskIDCipher
    let form: RequestForm
    /// Where the request comes from.
    let address: IPAddress?
    let answers: InPHPAnswers

    /// What a request asks for.
    private enum Action: String {
        case get, get2, getbalance, userinfo, threadsinfo, reportbad, reportgood

        var call: APICall {
            switch self {
            case .get, .get2: .getTaskResult
            case .getbalance, .userinfo: .getBalance
            case .threadsinfo: .accountFigures
            case .reportbad, .reportgood: .reportTask
            }
        }
    }

    /// An error of the catalogue with the code that it has here.
    private struct Refusal: Error {
        let code: InPHPCode
        let error: ClientError

        init(_ code: InPHPCode, _ error: ClientError) {
            self.code = code
            self.error = error
        }

        init(_ error: ClientError) {
            self.init(InPHPCode(error, isSubmit: false), error)
        }
    }

    func respond() async -> DialectAnswer {
        let action = action
        let call = action?.call ?? .getTaskResult
        do throws(Refusal) {
            let holder = try await holder()
            guard let action else {
                throw Refusal(
                    .emptyAction, ClientError(.badParameters, field: "action", "There is no such action."))
            }
            return DialectAnswer(call, try await answer(action, holder))
        } catch {
            return DialectAnswer(call, answers.failure(error.code), error.error)
        }
    }

    /// Without an action it is a result, if there is an ID.
    private var action: Action? {
        guard let name = form.text("action") else {
            return form["id"] != nil || form["ids"] != nil ? .get : nil
        }
        return Action(rawValue: name.lowercased())
    }

    private func holder() async throws(Refusal) -> KeyHolder {
        do {
            return try await InPHPKey.holder(form, address, service)
        } catch {
            throw InPHPKey.isMalformed(error, form) ? Refusal(.keyFormat, error) : Refusal(error)
        }
    }

    private func balance(_ holder: KeyHolder) async throws(Refusal) -> Money {
        do { return try await service.balance(of: holder) } catch { throw Refusal(error) }
    }

    private func task(_ id: TaskID, _ holder: KeyHolder) async throws(Refusal) -> ClientTask {
        do { return try await service.task(id, for: holder) } catch { throw Refusal(error) }
    }

    private func answer(_ action: Action, _ holder: KeyHolder) async throws(Refusal) -> ServerResponse {
        switch action {
        case .get, .get2:
            if form["id"] == nil, let ids = listed { return try await results(ids, holder) }
            return try await result(try id(form.text("id")), withPrice: action == .get2, holder)
        case .getbalance:
            return answers.word(try await balance(holder).fourDecimals)
        case .userinfo:
            let balance = try await balance(holder)
            return answers.figures(["request": .string(balance.fourDecimals), "balance": balance.json])
        case .threadsinfo:
            let threads = service.openTasks(of: holder)
            return answers.figures([
                "request": "OK", "threads": .number(JSONNumber(threads.most)),
                "working_threads": .number(JSONNumber(threads.open)),
            ])
        case .reportbad, .reportgood:
            let id = try id(form.text("id"))
            do {
                try await feedback.report(id, isGood: action == .reportgood, by: holder)
            } catch {
                throw Refusal(error)
            }
            return answers.word("OK_REPORT_RECORDED")
        }
    }

    private func id(_ text: String?) throws(Refusal) -> TaskID {
        let text = text ?? ""
        guard let id = ids.id(ofText: text) else {
            let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            throw Refusal(isNumber ? .unknownID : .idFormat, ClientError(.wrongTaskID, field: "id"))
        }
        return id
    }

    private func result(_ id: TaskID, withPrice: Bool, _ holder: KeyHolder) async throws(Refusal) -> ServerResponse {
        let task = try await task(id, holder)
        switch task.status {
        case .processing:
            // No error: it is counted as the success it is.
            return answers.failure(.notReady)
        case .failed(let error):
            return answers.failure(InPHPCode(error, isSubmit: false))
        case .ready(let solution, let price, _):
            let value = SolutionText.value(of: solution, task.family, .named)
            let isTurnstile = [.turnstile, .cloudflareToken].contains(task.family)
            let agent = isTurnstile ? (try? JSONValue(parsing: solution))?["userAgent"]?.string : nil
            return answers.solution(value, price: withPrice ? price : nil, userAgent: agent)
        }
    }

    /// The IDs of `ids`: text with commas between, or an array in JSON. Nil without any.
    private var listed: [String]? {
        if let array = form["ids"]?.array { return array.map { $0.string ?? $0.numberText ?? "" } }
        return form.text("ids")?.split(
            separator: ",", maxSplits: Limits.tasksPerRequest, omittingEmptySubsequences: false
        ).map(String.init)
    }

    /// Several tasks at once: the answer or the code of each, with bars between.
    private func results(_ texts: [String], _ holder: KeyHolder) async throws(Refusal) -> ServerResponse {
        guard texts.count <= Limits.tasksPerRequest else {
            throw Refusal(
                ClientError(
                    .badParameters, field: "ids",
                    "At most \(Limits.tasksPerRequest) tasks can be asked about at once."))
        }
        var words: [String] = []
        for text in texts { words.append(try await word(text, holder)) }
        return answers.word(words.joined(separator: "|"))
    }

    private func word(_ text: String, _ holder: KeyHolder) async throws(Refusal) -> String {
        do throws(Refusal) {
            let task = try await task(try id(text), holder)
            switch task.status {
            case .processing: return InPHPCode.notReady.rawValue
            case .failed(let error): return InPHPCode(error, isSubmit: false).rawValue
            case .ready(let solution, _, _):
                let value = SolutionText.value(of: solution, task.family, .named)
                return value.string ?? value.text
            }
        } catch {
            // Each task has an answer of its own, unless nothing can be read at all.
            guard error.error.code == .wrongTaskID else { throw error }
            return error.code.rawValue
        }
    }
}

extension Money {
    /// As services print balances: at least four decimals, exact.
    var fourDecimals: String {
        let text = description
        let decimals = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 }
        guard let decimals else { return text + ".0000" }
        return text + String(repeating: "0", count: max(4 - decimals, 0))
    }
}
