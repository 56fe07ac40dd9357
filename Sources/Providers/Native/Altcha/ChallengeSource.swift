import ProviderKit

/// Where a task's challenge comes from.
enum ChallengeSource {
    /// The challenge of the task: what `challengeJSON` holds, or what the address in `challengeURL` answers. Clients
    /// leave the one that they do not use empty; of two that are given, `challengeJSON` is taken.
    ///
    /// - Throws: `Fault`.
    static func read(_ task: TaskRequest, call: any Call) async throws -> ChallengeReader {
        if let object = try inline(task.fields["challengeJSON"] ?? .null) {
            return ChallengeReader(object: object, field: "challengeJSON")
        }
        switch task.fields["challengeURL"] ?? .null {
        case .string(let url) where !url.isEmpty:
            return ChallengeReader(object: try await fetch(url, task, call), field: "challengeURL")
        case .string, .null:
            throw Fault(.badTask(field: "challengeJSON"), "Give the challenge as challengeJSON or challengeURL.")
        case let other:
            throw Fault(.badTask(field: "challengeURL"), "challengeURL has to be a string and is \(other.kind).")
        }
    }

    private static func inline(_ value: JSONValue) throws(Fault) -> JSONObject? {
        switch value {
        case .null: return nil
        case .object(let object):
            guard value.bytes.count <= NativeLimits.challengeBytes else { throw tooLong("challengeJSON") }
            return object.members.isEmpty ? nil : object
        case .string(let text):
            guard text.contains(where: { !$0.isWhitespace }) else { return nil }
            return try parse(Array(text.utf8), "challengeJSON")
        default:
            throw Fault(
                .badTask(field: "challengeJSON"),
                "challengeJSON has to be an object or a string that holds one, and is \(value.kind).")
        }
    }

    private static func parse(_ bytes: [UInt8], _ field: String) throws(Fault) -> JSONObject {
        guard bytes.count <= NativeLimits.challengeBytes else { throw tooLong(field) }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumDepth: NativeLimits.challengeDepth)
        } catch {
            throw Fault(.badTask(field: field), "The challenge is not JSON: \(error).")
        }
        guard let object = value.object else {
            throw Fault(.badTask(field: field), "The challenge has to be a JSON object and is \(value.kind).")
        }
        return object
    }

    private static func tooLong(_ field: String) -> Fault {
        Fault(.badTask(field: field), "The challenge is longer than \(NativeLimits.challengeBytes) bytes.")
    }

    private static func fetch(_ url: String, _ task: TaskRequest, _ call: any Call) async throws -> JSONObject {
        let request = HTTPRequest(
            url: url, headers: [HTTPRequest.Header("accept", "application/json")],
            timeoutSeconds: min(max(task.secondsLeft, 0.1), NativeLimits.fetchSeconds), addressField: "challengeURL")
        let response: HTTPResponse
        do {
            response = try await call.http(request)
        } catch let failure as HTTPFailure {
            switch failure.kind {
            // The client named the address: that nothing is there is its to mend, not another provider's.
            case .refused, .tooLarge, .connect, .tls, .timeout, .interrupted:
                throw Fault(.badTask(field: "challengeURL"), "The challenge cannot be fetched: \(failure.message)")
            default:
                throw Fault(.transport, "The challenge could not be fetched: \(failure.message)")
            }
        }
        switch response.status {
        case 200: return try parse(response.body, "challengeURL")
        case 408, 429:
            throw Fault(.transport, "The challenge's address answers with status \(response.status) for the moment.")
        case 300..<500:
            throw Fault(
                .badTask(field: "challengeURL"), "The challenge's address answers with status \(response.status).")
        default:
            throw Fault(.transport, "The challenge's address answers with status \(response.status).")
        }
    }
}
