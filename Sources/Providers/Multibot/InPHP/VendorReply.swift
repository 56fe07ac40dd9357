import ProviderKit

/// What a vendor of this style answered, whichever of its forms the answer came in: `OK|text`, a bare word, JSON with
/// `status` and `request`, or JSON of another shape.
enum VendorReply: Sendable, Hashable {
    /// A task's ID or its answer, and the members beside it in JSON.
    case success(JSONValue, JSONObject)
    /// A word that says that it is not done, or why it is not, and a sentence of the vendor's where there is one.
    case word(String, detail: String)
    /// JSON that is no answer of the usual shape.
    case other(JSONValue)
    /// A page, a cut off text, or nothing at all.
    case unreadable

    init(_ body: [UInt8]) {
        guard let text = String(validating: body, as: UTF8.self).map(VendorReply.trimmed), !text.isEmpty else {
            self = .unreadable
            return
        }
        // Only the first bar separates: an answer may hold more of them.
        if let bar = text.utf8.firstIndex(of: UInt8(ascii: "|")), text[..<bar].uppercased() == "OK" {
            self = .success(.string(VendorReply.trimmed(String(text[text.utf8.index(after: bar)...]))), [:])
        } else if let value = try? JSONValue(parsing: text) {
            self.init(json: value)
        } else if VendorWords.isWord(text) {
            self = .word(text, detail: "")
        } else {
            self = .unreadable
        }
    }

    private init(json value: JSONValue) {
        if let word = value.string, VendorWords.isWord(word) {
            self = .word(word, detail: "")
            return
        }
        guard let object = value.object, let request = object["request"] else {
            self = .other(value)
            return
        }
        if let status = object["status"], VendorReply.isTrue(status) {
            self = .success(request, object)
        } else if let word = request.text, VendorWords.isWord(word) {
            self = .word(word, detail: object["error_text"]?.string ?? "")
        } else {
            self = .other(value)
        }
    }

    /// Vendors write the status as a number, as text or as a truth value.
    private static func isTrue(_ status: JSONValue) -> Bool {
        status == 1 || status == "1" || status == true
    }

    /// The text without white space and byte order marks at its ends.
    static func trimmed(_ text: String) -> String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace || scalar == "\u{FEFF}" }
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        return String(scalars)
    }
}

extension JSONValue {
    /// The text of a string or of a number: an answer made of digits may come as either.
    var text: String? { string ?? numberText }
}
