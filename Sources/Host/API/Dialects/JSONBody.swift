import Domain
import NIOCore
import ProviderKit

/// A request's body as a JSON object, whatever content type it claims to be.
struct JSONBody {
    private let fields: JSONObject
    private let members: [BodyMember]

    /// - Parameters:
    ///   - members: those that the call knows. No other can be read.
    ///   - isClosed: whether others are refused, since one that is misspelt would be taken for missing; else they are
    ///     ignored, whatever they hold.
    /// - Throws: `badJSON` with the offset, `nestedTooDeep`; `badParameters` for a member that is refused.
    init(_ request: ServerRequest, members: [BodyMember], isClosed: Bool = false) throws(ClientError) {
        fields = try JSONBody.object(of: request)
        self.members = members
        guard isClosed else { return }
        let names = members.map(\.rawValue)
        guard fields.members.allSatisfy({ names.contains($0.name) }) else {
            // What it is called is not repeated: it may be a key in the wrong place.
            throw ClientError(
                .badParameters,
                "The body has a member that this call does not know. Those it knows: "
                    + names.joined(separator: ", ") + ".")
        }
    }

    /// The whole body.
    ///
    /// - Throws: `badJSON` with the offset, `nestedTooDeep`.
    static func object(of request: ServerRequest) throws(ClientError) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: request.bodyText, maximumDepth: Limits.jsonDepth)
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
        return fields
    }

    /// What stands there; nil for nothing, and for a member that the call does not know.
    subscript(_ member: BodyMember) -> JSONValue? {
        members.contains(member) ? fields[member.rawValue] : nil
    }

    /// A member's text; nil when it is missing, null or empty.
    ///
    /// - Throws: `badParameters` for what is no text.
    func text(_ member: BodyMember) throws(ClientError) -> String? {
        switch self[member] {
        case nil, .null, .string(""): return nil
        case .string(let text): return text
        case .some(let value): throw JSONBody.wrongType(member.rawValue, "a string", value)
        }
    }

    /// The name of a provider in the member `provider`; nil when there is none.
    ///
    /// - Throws: `badParameters` for what can be no name.
    func provider() throws(ClientError) -> String? {
        guard let name = try text(.provider) else { return nil }
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
