import ProviderKit

/// An answer of the dialect: JSON whose error members have been read.
struct Answer {
    let members: JSONObject
    let error: VendorError?

    /// Reads what came back with any HTTP status.
    ///
    /// An answer with HTTP 400 or 401 is read like any other: vendors explain themselves there. One with 5xx never is:
    /// what stands in it need not come from the vendor's application.
    ///
    /// - Throws: `transport` for HTTP 5xx and for a body that breaks off, `rateLimited` for HTTP 429 without an answer
    ///   of the dialect, `protocolError` for what is no JSON object.
    init(_ response: HTTPResponse, vendor: String) throws(Fault) {
        guard !(500...599).contains(response.status) else {
            throw Fault(.transport, "\(vendor) answered with HTTP \(response.status).")
        }
        do {
            guard let object = try JSONValue(parsing: response.body).object else {
                throw Answer.unreadable(response, vendor)
            }
            members = object
        } catch let error as JSONError {
            guard Answer.isCut(response.body, error) else { throw Answer.unreadable(response, vendor) }
            throw Fault(.transport, "The answer of \(vendor) broke off after \(response.body.count) bytes.")
        } catch {
            throw Answer.unreadable(response, vendor)
        }
        error = VendorError(members)
        if let error, error.number == nil, error.code.isEmpty { throw Answer.unreadable(response, vendor) }
        if error == nil, !(200...299).contains(response.status) { throw Answer.unreadable(response, vendor) }
    }

    /// The task's status in lower case; nil when there is none.
    var status: String? { Lenient.word(members["status"]).map { FaultTable.key($0).lowercased() } }

    /// Whether the status says that the task is still worked on.
    var isPending: Bool { ["processing", "idle", "pending", "capcha_not_ready", "captcha_not_ready"].contains(status) }

    private static func unreadable(_ response: HTTPResponse, _ vendor: String) -> Fault {
        if response.status == 429 {
            let seconds = response.header("retry-after").flatMap { Double($0) }
            let bounded = seconds.flatMap {
                (0...CreateTaskLimits.retryAfterSeconds).contains($0) ? $0 : nil
            }
            return Fault(
                .rateLimited(.provider, retryAfterSeconds: bounded), "\(vendor) answered with HTTP 429.")
        }
        return Fault(
            .protocolError, "\(vendor) answered with HTTP \(response.status) and something that is not of its API.")
    }

    /// Whether a body that is no JSON is the beginning of some.
    private static func isCut(_ body: [UInt8], _ error: JSONError) -> Bool {
        if case .tooDeep = error.reason { return false }
        guard let first = body.first(where: { !isSpace($0) }) else { return true }
        guard first == UInt8(ascii: "{"), let last = body.last(where: { !isSpace($0) }) else { return false }
        return error.offset >= body.count || last != UInt8(ascii: "}")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// The error that an answer reports.
struct VendorError {
    let code: String
    let number: Int64?
    let description: String

    /// Fails when the answer reports none: `errorId` is 0, or neither it nor a code is there. With an `errorId` that is
    /// no number it has neither.
    init?(_ members: JSONObject) {
        number = Lenient.integer(members["errorId"])
        code = Lenient.word(members["errorCode"]) ?? ""
        description = Lenient.word(members["errorDescription"]) ?? ""
        guard let number else {
            if code.isEmpty, members["errorId"]?.isNull ?? true { return nil }
            return
        }
        if number == 0 { return nil }
    }

    /// A sentence for people: the code and what the vendor says to it.
    var words: String {
        let code = code.isEmpty ? "errorId \(number ?? 0)" : code
        let text = description.isEmpty ? code : "\(code): \(description)"
        return String(text.prefix(CreateTaskLimits.messageCharacters))
    }
}
