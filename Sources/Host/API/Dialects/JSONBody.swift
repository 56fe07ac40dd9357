import Domain
import NIOCore
import ProviderKit

/// A request's body as a JSON object, whatever content type it claims to be. Members that nobody asks for are ignored.
struct JSONBody {
    let fields: JSONObject

    /// - Throws: `badJSON` with the offset, `nestedTooDeep`.
    init(_ request: ServerRequest) throws(ClientError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: request.body.readableBytesView, maximumDepth: Limits.jsonDepth)
        } catch {
            switch error.reason {
            case .malformed: throw ClientError(.badJSON, "The body is no JSON: \(error).")
            case .tooDeep(let limit):
                throw ClientError(.nestedTooDeep, "At most \(limit) arrays and objects may be open at once.")
            }
        }
        guard case .object(let fields) = value else {
            throw ClientError(.badJSON, "The body is \(value.kind), not an object.")
        }
        self.fields = fields
    }

    /// A member's text; nil when it is missing, null or empty.
    ///
    /// - Throws: `badParameters` for what is no text.
    func text(_ name: String) throws(ClientError) -> String? {
        switch fields[name] {
        case nil, .null, .string(""): return nil
        case .string(let text): return text
        case .some(let value): throw JSONBody.wrongType(name, "a string", value)
        }
    }

    /// The name of a provider in the member `provider`; nil when there is none.
    ///
    /// - Throws: `badParameters` for what can be no name.
    func provider() throws(ClientError) -> String? {
        guard let name = try text("provider") else { return nil }
        guard name.utf8.count <= Limits.providerNameBytes else {
            throw ClientError(
                .badParameters, field: "provider", "A name has at most \(Limits.providerNameBytes) bytes.")
        }
        return name
    }

    static func wrongType(_ field: String, _ wanted: String, _ value: JSONValue) -> ClientError {
        ClientError(.badParameters, field: field, "The field has to be \(wanted), not \(value.kind).")
    }

    static func missing(_ field: String) -> ClientError {
        ClientError(.badParameters, field: field, "The field is missing.")
    }
}
