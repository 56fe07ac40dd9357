import Domain
import ProviderKit

/// What a vendor wants for one kind of task, and what it answers with.
///
/// Fields are written as in the vendors' tables: words with an optional kind, such as `websiteURL:url minScore:number`.
/// A dot goes into an object (`metadata.captchaUrl`); a bar parts fields of which one is enough, as in
/// `challengeURL|challengeJSON`.
struct TaskShape: Sendable {
    /// The vendor's name of the type, in its exact spelling; of a form vendor the method.
    let type: String
    /// The canonical name of the family.
    let family: String
    /// Fields that tell this kind from others with the same type.
    let when: [Condition]
    let required: [[FieldRule]]
    let optional: [FieldRule]
    let proxy: ProxyRule
    let answer: AnswerTemplate
    let price: Money
    /// Whether submit answers with the solution.
    var isSynchronous = false
    /// Seconds after which the vendor gives up.
    var givesUpAfter: Double?

    enum ProxyRule: Sendable {
        /// The type takes none.
        case none
        /// The task may have one.
        case optional
        /// The task needs one.
        case required
    }

    struct Condition: Sendable {
        let path: String
        /// Nil asks only that the field is there and not empty.
        let value: JSONValue?

        func holds(_ fields: JSONObject) -> Bool {
            guard let found = fields.at(path), found != .null, found != "" else { return false }
            return value.map { $0 == found } ?? true
        }
    }

    init(
        _ type: String, _ family: String, _ required: String = "", optional: String = "",
        when: [String: JSONValue] = [:], has: [String] = [], proxy: ProxyRule = .none, answer: String, price: String
    ) {
        self.type = type
        self.family = family
        self.when =
            when.map { Condition(path: $0.key, value: $0.value) } + has.map { Condition(path: $0, value: nil) }
        self.required = required.split(separator: " ").map { $0.split(separator: "|").map(FieldRule.init) }
        self.optional = optional.split(separator: " ").map(FieldRule.init)
        self.proxy = proxy
        self.answer = AnswerTemplate(answer)
        self.price = Money(decimal: price) ?? .zero
    }

    /// The type with a proxy and its sister without one.
    static func pair(
        _ type: String, without suffix: String = "Proxyless", _ family: String, _ required: String,
        optional: String = "", when: [String: JSONValue] = [:], has: [String] = [], answer: String, price: String
    ) -> [TaskShape] {
        [(type, ProxyRule.required), (type + suffix, .none)].map {
            TaskShape(
                $0.0, family, required, optional: optional, when: when, has: has, proxy: $0.1, answer: answer,
                price: price)
        }
    }

    func synchronous() -> TaskShape {
        var shape = self
        shape.isSynchronous = true
        return shape
    }

    func givingUp(after seconds: Double) -> TaskShape {
        var shape = self
        shape.givesUpAfter = seconds
        return shape
    }

    /// The top-level names that the type knows.
    var knownNames: Set<String> {
        let all = required.flatMap { $0 } + optional
        return Set(all.map(\.topName) + when.map { String($0.path.prefix { $0 != "." }) })
    }
}

/// One field: where it is and what it has to be.
struct FieldRule: Sendable {
    let path: String
    let kind: Kind

    /// What a field has to be.
    enum Kind: String, Sendable {
        case text, url, sitekey, int, number, bool, object, list, image, images, audio, base64, numeric, score, any
        /// A text that may be empty.
        case mayBeEmpty
        /// A text, or `false` for none, as one official client sends it.
        case textOrFalse
        /// A picture of instructions.
        case instructions
        /// A question by its ID, such as `/m/04_sv`.
        case question
    }

    init(_ text: some StringProtocol) {
        let parts = text.split(separator: ":")
        path = String(parts[0])
        kind = parts.count > 1 ? Kind(rawValue: String(parts[1])) ?? .any : .text
    }

    var topName: String { String(path.prefix { $0 != "." }) }
}

extension JSONObject {
    /// The value at a path with dots.
    func at(_ path: String) -> JSONValue? {
        var value: JSONValue? = .object(self)
        for name in path.split(separator: ".") { value = value?[String(name)] }
        return value
    }
}
