import Domain
import Foundation
import NIOCore
import ProviderKit

/// The parameters of a request, however they were sent: in the query, as a form, as multipart with files, or as the
/// members of a JSON object. The case of letters in names does not matter. Of two with one name the last holds, and
/// what the body says comes before what the query says.
struct RequestForm: Sendable {
    private var values: [String: JSONValue] = [:]
    private var files: [String: [UInt8]] = [:]
    /// The parameters that are read, in lower case; nil for all.
    private let wanted: Set<String>?

    /// - Parameter names: the parameters that are read, in lower case; nil for all.
    /// - Throws: `badParameters` for a form that cannot be read or has too many parameters, `badJSON`, `nestedTooDeep`.
    init(_ request: ServerRequest, only names: Set<String>? = nil) throws(ClientError) {
        wanted = names
        try add(pairs: request.query.utf8)
        guard request.body.readableBytes > 0 else { return }
        let contentType = request.header("content-type") ?? ""
        switch HeaderValue(contentType).value {
        case "multipart/form-data":
            guard let boundary = Multipart.boundary(in: contentType) else {
                throw ClientError(.badParameters, field: "Content-Type", "Its boundary is missing, or too long.")
            }
            let multipart = try Multipart(Array(request.body.readableBytesView), boundary: boundary)
            for part in multipart.parts { add(part) }
        case "application/json":
            try add(JSONBody.object(of: request))
        default:
            // Some clients send JSON and say that it is something else.
            let first = request.bodyText.first { $0 > 0x20 }
            if first == UInt8(ascii: "{") {
                try add(JSONBody.object(of: request))
            } else {
                try add(pairs: RequestForm.trimmed(request.bodyText))
            }
        }
    }

    /// These parameters of the query alone; of one that has too many, none.
    init(query: String, only names: Set<String>) {
        wanted = names
        try? add(pairs: query.utf8)
    }

    /// What a parameter says; nil when it is missing or empty.
    subscript(name: String) -> JSONValue? {
        guard let value = values[name.lowercased()], value != "", value != .null else { return nil }
        return value
    }

    /// The text of a parameter, a number's digits included; nil when it is missing, empty or something else.
    func text(_ name: String) -> String? {
        switch self[name] {
        case .string(let text)?: text
        case .number(let number)?: number.text
        case .bool(let flag)?: flag ? "1" : "0"
        default: nil
        }
    }

    /// Whether a parameter says 1 or true.
    func isSet(_ name: String) -> Bool {
        text(name).map { ["1", "true"].contains($0.lowercased()) } ?? false
    }

    /// A file's content in base64; nil when there is none of this name.
    func file(_ name: String) -> String? {
        files[name.lowercased()].map { Data($0).base64EncodedString() }
    }

    /// A picture or recording in base64: a file, or the first of the parameters that is there; an empty text for an
    /// empty file. A plus sign that was sent without an escape has become a blank by then, of which base64 has none.
    func content(file: [String], or names: [String]) -> JSONValue? {
        for name in file {
            if let content = self.file(name) { return .string(content) }
        }
        for name in names + file {
            guard let value = self[name] else { continue }
            guard case .string(let text) = value else { return value }
            let comma = text.hasPrefix("data:") ? text.firstIndex(of: ",") : nil
            let base64 = RequestForm.withPlusSigns(text[(comma ?? text.startIndex)...])
            return .string(text[..<(comma ?? text.startIndex)] + base64)
        }
        return nil
    }

    private static func withPlusSigns(_ base64: Substring) -> String {
        guard base64.utf8.contains(0x20) else { return String(base64) }
        return String(decoding: base64.utf8.map { $0 == 0x20 ? UInt8(ascii: "+") : $0 }, as: UTF8.self)
    }

    /// The parameters by names in lower case, empty ones included.
    var names: Dictionary<String, JSONValue>.Keys { values.keys }

    private mutating func add(pairs text: some Collection<UInt8>) throws(ClientError) {
        guard let pairs = FormText.pairs(text, limit: Limits.formParameters, where: isWanted) else {
            throw ClientError(.badParameters, "A form has at most \(Limits.formParameters) parameters.")
        }
        for pair in pairs { values[pair.name.lowercased()] = .string(pair.value) }
    }

    private func isWanted(_ name: String) -> Bool { wanted?.contains(name.lowercased()) ?? true }

    private mutating func add(_ part: Multipart.Part) {
        guard isWanted(part.name) else { return }
        let name = part.name.lowercased()
        if part.fileName == nil {
            values[name] = .string(String(decoding: part.content, as: UTF8.self))
        } else if part.fileName != "" || !part.content.isEmpty {
            // A browser sends a file without a name and content where none was chosen.
            files[name] = Array(part.content)
        }
    }

    private mutating func add(_ object: JSONObject) throws(ClientError) {
        guard object.members.count <= Limits.formParameters else {
            throw ClientError(.badParameters, "A request has at most \(Limits.formParameters) parameters.")
        }
        for member in object.members where isWanted(member.name) { values[member.name.lowercased()] = member.value }
    }

    /// Without the line ends that some clients put behind a form.
    private static func trimmed(_ bytes: ByteBufferView) -> ByteBufferView {
        var bytes = bytes
        while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
        return bytes
    }
}
