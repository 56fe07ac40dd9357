import ProviderKit

/// Speaks the style of API that began with 2Captcha's `in.php` and `res.php` and has many speakers: a form to submit,
/// queries to ask, words for errors. What a vendor's words mean and which fields it takes is the vendor's.
struct InPHPClient: Sendable {
    /// The vendor's name, for sentences.
    let vendor: String
    /// Without a slash at its end.
    let endpoint: String
    let words: VendorWords

    /// Submits a task; returns the vendor's ID of it.
    ///
    /// - Throws: `Fault`, `HTTPFailure`.
    func submit(
        method: String, _ fields: FormFields, credential: Credential, call: any Call
    ) async throws -> String {
        var form = FormFields(["key": credential.placeholder, "method": method])
        form.append(contentsOf: fields)
        form.append("json", "1")
        let response = try await call.http(
            HTTPRequest(
                method: "POST", url: "\(endpoint)/in.php",
                headers: [HTTPRequest.Header("content-type", "application/x-www-form-urlencoded")],
                body: form.encoded))
        let reply = try reply(in: response)
        guard case .success(let value, _) = reply, let id = value.text, !id.isEmpty else {
            throw refusal(reply, response)
        }
        if let fault = fault(of: id) { throw fault }
        return id
    }

    /// What came of asking for a task once.
    enum Result: Sendable, Hashable {
        case pending
        /// The answer, which is not empty, and the members beside it where the reply was JSON.
        case answer(String, JSONObject)
    }

    /// Asks once for the result of a task.
    ///
    /// - Throws: `Fault`, `HTTPFailure`.
    func result(of id: String, credential: Credential, call: any Call) async throws -> Result {
        let response = try await get(
            ["key": credential.placeholder, "action": "get", "id": id, "json": "1"], call: call)
        let reply = try reply(in: response, pendingAllowed: true)
        if case .word = reply { return .pending }
        guard case .success(let value, let members) = reply, let answer = value.text, !answer.isEmpty else {
            throw refusal(reply, response)
        }
        // A word in the place of an answer is no answer, whatever the status beside it says.
        if VendorWords.isPending(answer) { return .pending }
        if let fault = fault(of: answer) { throw fault }
        return .answer(answer, members)
    }

    /// What is left on an account, as decimal text in the vendor's unit.
    ///
    /// - Throws: `Fault`, `HTTPFailure`. An answer without a number says nothing about the key, unless it has a word
    ///   that does.
    func balance(of credential: Credential, call: any Call) async throws -> String {
        let response = try await get(["action": "userinfo", "key": credential.placeholder], call: call)
        let reply = try reply(in: response)
        let balance: JSONValue? =
            switch reply {
            case .other(let value): value["balance"]
            case .success(_, let members): members["balance"]
            case .word, .unreadable: nil
            }
        // A number beyond all money makes no more sense than a word.
        guard let text = balance?.text, case .number(let number)? = try? JSONValue(parsing: text),
            let size = number.double, abs(size) < 1e15
        else { throw refusal(reply, response) }
        return number.text
    }

    private func get(_ query: KeyValuePairs<String, String>, call: any Call) async throws -> HTTPResponse {
        let encoded = String(decoding: FormFields(query).encoded, as: UTF8.self)
        return try await call.http(HTTPRequest(url: "\(endpoint)/res.php?\(encoded)"))
    }
}

// MARK: - What a response says

extension InPHPClient {
    /// The reply in a response. A word comes out of it only where it means that the task is pending and may.
    private func reply(in response: HTTPResponse, pendingAllowed: Bool = false) throws(Fault) -> VendorReply {
        let reply = VendorReply(response.body)
        if case .word(let word, let detail) = reply {
            if pendingAllowed, VendorWords.isPending(word) { return reply }
            if let fault = fault(of: word, detail: detail) { throw fault }
        }
        switch response.status {
        case 500...: throw Fault(.transport, "\(vendor) answered with HTTP status \(response.status).")
        case 429:
            let seconds = response.header("retry-after").flatMap { Int($0) }.map { min(max($0, 0), 3600) }
            throw Fault(
                .rateLimited(.provider, retryAfterSeconds: seconds.map(Double.init)), "\(vendor) wants fewer requests.")
        default: break
        }
        if case .word(let word, _) = reply {
            throw Fault(.protocolError, "\(vendor) answered with a word that is not known here: \(word)")
        }
        return reply
    }

    /// The fault that a word of the table stands for.
    private func fault(of word: String, detail: String = "") -> Fault? {
        guard let kind = words.kind(of: word) else { return nil }
        let said = [VendorReply.trimmed(word), detail].filter { !$0.isEmpty }.joined(separator: ": ")
        return Fault(kind, "\(vendor) says \(said).")
    }

    /// The fault for a reply of another shape than was expected: what a word in it stands for, or that it makes no
    /// sense. What the response holds may be a page of any size and is not repeated.
    private func refusal(_ reply: VendorReply, _ response: HTTPResponse) -> Fault {
        let members: [JSONObject.Member] =
            switch reply {
            case .other(let value): value.object?.members ?? []
            case .success(_, let object): object.members
            case .word, .unreadable: []
            }
        for case let text? in members.map(\.value.string) {
            if let fault = fault(of: text) { return fault }
        }
        return Fault(
            .protocolError,
            "\(vendor)'s answer, \(response.body.count) bytes with HTTP status \(response.status), makes no sense.")
    }
}
