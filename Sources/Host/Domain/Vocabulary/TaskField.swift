/// A field of a task that the host knows.
public struct TaskField: Sendable, Hashable {
    /// The canonical name, by which adapters are given it.
    public let name: String
    /// What it holds.
    public let kind: FieldKind
    /// Whether a task without it is refused.
    public let isRequired: Bool
    /// Other names by which clients send it. The case of letters never matters, here and in `name`.
    public let synonyms: [String]
    /// Names by which clients send it as base64 of the text that it holds.
    public let encodedSynonyms: [String]

    init(_ name: String, _ kind: FieldKind, required: Bool, _ synonyms: [String], encoded: [String] = []) {
        self.name = name
        self.kind = kind
        isRequired = required
        self.synonyms = synonyms
        encodedSynonyms = encoded
    }

    /// A field that every task of the form has.
    static func needed(_ name: String, _ kind: FieldKind = .text, also synonyms: String...) -> TaskField {
        TaskField(name, kind, required: true, synonyms)
    }

    /// A field that a task may have.
    static func optional(_ name: String, _ kind: FieldKind = .text, also synonyms: String...) -> TaskField {
        TaskField(name, kind, required: false, synonyms)
    }
}

extension TaskField {
    static let siteURL = needed("websiteURL", .address, also: "pageurl")
    static let optionalSiteURL = optional("websiteURL", .address, also: "pageurl")
    static let siteKey = needed(
        "websiteKey", also: "sitekey", "googlekey", "websitePublicKey", "publicKey")
    static let optionalSiteKey = optional("websiteKey", also: "sitekey", "googlekey")
    static let userAgent = optional("userAgent")
    static let neededUserAgent = needed("userAgent")
    static let cookies = optional("cookies", .cookies)
    static let isInvisible = optional("isInvisible", .flag, also: "invisible")
    static let pageAction = optional("pageAction", also: "action")
    static let picture = needed("body", .picture, also: "image", "base64")
    static let comment = optional("comment", also: "textinstructions")
    static let imgInstructions = optional("imgInstructions", .picture)
    static let languagePool = optional("languagePool")
    static let count = FieldKind.whole(0...Int64.max)
}
