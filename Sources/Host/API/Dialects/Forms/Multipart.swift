import Domain

/// A body of the type `multipart/form-data`, by RFC 7578: parts between boundaries, each with header lines, an empty
/// line and its content.
///
/// It may come from anyone: every count and length has a bound, and whatever is not of this form is refused.
struct Multipart {
    /// One part: a field, or a file.
    struct Part: Sendable {
        let name: String
        /// Nil for a field.
        let fileName: String?
        let content: ArraySlice<UInt8>
    }

    private(set) var parts: [Part] = []

    /// - Parameter boundary: what the content type says, without the dashes before it.
    /// - Throws: `badParameters`.
    init(_ body: [UInt8], boundary: String) throws(ClientError) {
        let delimiter = Array("\r\n--".utf8) + Array(boundary.utf8)
        // The first boundary needs no line before it.
        let first = Array(delimiter.dropFirst(2))
        var rest: ArraySlice<UInt8>
        if body.starts(with: first) {
            rest = body[first.count...]
        } else {
            guard let preamble = Multipart.range(of: delimiter, in: body[...]) else {
                throw Multipart.refusal("The boundary of its content type is not in the body.")
            }
            rest = body[preamble.upperBound...]
        }
        while try !Multipart.isEnd(&rest) {
            guard let end = Multipart.range(of: delimiter, in: rest) else {
                throw Multipart.refusal("The body ends before its last boundary.")
            }
            guard parts.count < Limits.formParameters else {
                throw Multipart.refusal("A form has at most \(Limits.formParameters) fields.")
            }
            parts.append(try Multipart.part(rest[..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
    }

    /// The boundary that a content type names; nil when it is none of a form, or cannot be one.
    static func boundary(in contentType: String) -> String? {
        let boundary = HeaderValue(contentType).parameters["boundary"] ?? ""
        // RFC 2046 says 70 characters; some clients have more.
        guard (1...200).contains(boundary.utf8.count) else { return nil }
        return boundary
    }

    /// Takes what stands behind a boundary: the end of its line, or the two dashes of the last one.
    private static func isEnd(_ rest: inout ArraySlice<UInt8>) throws(ClientError) -> Bool {
        if rest.starts(with: "--".utf8) { return true }
        // Blanks may pad the line.
        let line = rest.drop { $0 == 0x20 || $0 == 0x09 }
        guard line.starts(with: "\r\n".utf8) else {
            throw refusal("A boundary is not followed by the end of its line.")
        }
        rest = line.dropFirst(2)
        return false
    }

    private static func part(_ bytes: ArraySlice<UInt8>) throws(ClientError) -> Part {
        let headerEnd: Range<Int>
        // A part may have no header lines at all.
        if bytes.starts(with: "\r\n".utf8) {
            headerEnd = bytes.startIndex..<bytes.startIndex + 2
        } else {
            let most = bytes.prefix(Limits.formPartHeaderBytes)
            guard let end = range(of: Array("\r\n\r\n".utf8), in: most) else {
                throw refusal(
                    "A part has no empty line behind its header lines, or more than \(Limits.formPartHeaderBytes) "
                        + "bytes of them.")
            }
            headerEnd = end
        }
        let text = String(decoding: bytes[bytes.startIndex..<headerEnd.lowerBound], as: UTF8.self)
        for line in text.split(separator: "\r\n") {
            let sides = line.split(separator: ":", maxSplits: 1)
            guard sides.count == 2, sides[0].lowercased() == "content-disposition" else { continue }
            let parameters = HeaderValue(String(sides[1])).parameters
            guard let name = parameters["name"], name.utf8.count <= Limits.formNameBytes else { break }
            return Part(
                name: name, fileName: parameters["filename"] ?? parameters["filename*"],
                content: bytes[headerEnd.upperBound...])
        }
        throw refusal("A part has no header line `Content-Disposition: form-data; name=\"...\"`.")
    }

    /// Where the pattern, which is not empty, comes first.
    private static func range(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        guard let first = pattern.first else { return nil }
        var rest = bytes
        while let start = rest.firstIndex(of: first) {
            guard bytes.endIndex - start >= pattern.count else { return nil }
            if bytes[start..<start + pattern.count].elementsEqual(pattern) { return start..<start + pattern.count }
            rest = bytes[(start + 1)...]
        }
        return nil
    }

    private static func refusal(_ sentence: String) -> ClientError {
        ClientError(.badParameters, "The body cannot be read as multipart/form-data. \(sentence)")
    }
}
