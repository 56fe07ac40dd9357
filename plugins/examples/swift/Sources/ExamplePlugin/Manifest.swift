import ProviderKit

extension ExampleAdapter {
    /// Where the vendor is, unless the operator names another `endpoint`.
    static let usualEndpoint = "https://api.example.com"

    /// What the adapter says of itself, from the vendor's documentation: the host plans with every number.
    static let manifest = Manifest(
        id: "example", displayName: "Example", version: "1.0",
        // A key that cannot be one is refused before it is sent anywhere.
        key: Manifest.KeyFormat(description: "32 hexadecimal digits", length: 32...32, hexadecimal: true),
        offers: TaskKind.all.map { Manifest.Offer($0.family, listPrice: $0.listPrice) },
        balanceUnit: "USD",
        pollPlan: Manifest.PollPlan(first: 5, interval: 3, most: 60),
        resultLifetimeSeconds: 300,
        reportsCost: true, chargesUnsolvable: false,
        // Requests to any other place are refused by the host, and so no key can go there.
        origins: [usualEndpoint])
}

/// A kind of task that the vendor sells: what the host calls it and its fields, and what the vendor does.
struct TaskKind {
    let family: TaskFamily
    /// The vendor's name of the kind.
    let type: String
    /// USD for one task, as text: money is never a floating-point number.
    let listPrice: String
    /// The task's fields by their canonical names. This vendor has the same; another needs pairs of names here.
    let required: [String]
    let optional: [String]
    /// The solution's field.
    let answer: String

    static let all = [
        TaskKind(
            family: .recaptchaV2, type: "RecaptchaV2Task", listPrice: "0.002",
            required: ["websiteURL", "websiteKey"], optional: ["isInvisible"], answer: "gRecaptchaResponse"),
        TaskKind(
            family: .turnstile, type: "TurnstileTask", listPrice: "0.0015",
            required: ["websiteURL", "websiteKey"], optional: ["action", "cData"], answer: "token"),
        TaskKind(
            family: .imageToText, type: "ImageToTextTask", listPrice: "0.0005",
            required: ["body"], optional: ["case", "numeric", "minLength", "maxLength"], answer: "text"),
    ]

    /// - Throws: `unsupportedTask` for a family that is not in the table.
    static func of(_ family: TaskFamily) throws(Fault) -> TaskKind {
        guard let kind = all.first(where: { $0.family == family }) else {
            throw Fault(.unsupportedTask, "Example does not sell \(family).")
        }
        return kind
    }
}
