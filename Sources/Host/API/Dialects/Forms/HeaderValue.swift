/// A header's value with parameters: `form-data; name="a"; filename="b.png"`.
struct HeaderValue {
    /// What comes before the first semicolon, in lower case.
    let value: String
    /// By names in lower case; of two with one name the first holds.
    private(set) var parameters: [String: String] = [:]

    init(_ text: String) {
        var rest = Array(text.unicodeScalars)[...]
        value = HeaderValue.trimmed(HeaderValue.take(from: &rest) { $0 == ";" }).lowercased()
        while rest.popFirst() != nil {
            let name = HeaderValue.trimmed(HeaderValue.take(from: &rest) { $0 == "=" || $0 == ";" }).lowercased()
            guard rest.first == "=" else { continue }
            rest.removeFirst()
            while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
            let value =
                rest.first == "\"" ? HeaderValue.quoted(from: &rest) : HeaderValue.take(from: &rest) { $0 == ";" }
            if parameters[name] == nil { parameters[name] = value }
            // What trails a quoted text means nothing.
            _ = HeaderValue.take(from: &rest) { $0 == ";" }
        }
    }

    /// Takes what comes before an end, trailing blanks removed.
    private static func take(
        from rest: inout ArraySlice<UnicodeScalar>, until isEnd: (UnicodeScalar) -> Bool
    ) -> String {
        let end = rest.firstIndex(where: isEnd) ?? rest.endIndex
        defer { rest = rest[end...] }
        return trimmed(text(rest[..<end]))
    }

    /// Takes a text in quotes; a backslash stands before a quote within it. Elsewhere it is what it is: Windows' paths
    /// come as names of files.
    private static func quoted(from rest: inout ArraySlice<UnicodeScalar>) -> String {
        rest.removeFirst()
        var taken: [UnicodeScalar] = []
        while let scalar = rest.popFirst(), scalar != "\"" {
            if scalar == "\\", rest.first == "\"" {
                taken.append("\"")
                rest.removeFirst()
            } else {
                taken.append(scalar)
            }
        }
        return text(taken)
    }

    private static func text(_ scalars: some Sequence<UnicodeScalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
