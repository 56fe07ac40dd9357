public import ProviderKit

extension ClientError {
    /// What a client is told of the fault that ended its task. A provider's own words are passed on only where they are
    /// about the client's task, not about the platform's keys or the provider's health. A code of its own before them
    /// is left out, and what it says of a task that it could not solve, which is often about its fees, with it.
    public init(_ fault: Fault) {
        let sentence = FaultWords(fault.message)
        let words = String(sentence.text.prefix(300))
        switch fault.kind {
        case .badTask(let field): self.init(.badParameters, field: field.map { "task.\($0)" }, words)
        case .unsolvable: self.init(.unsolvable, sentence.code == nil ? words : "")
        case .proxy: self.init(.badProxy, words)
        case .unsupportedTask: self.init(.taskNotSupported, words)
        default: self.init(.noProviders)
        }
    }

    /// The part of the text that is special to this case, its field included or not.
    func detail(withField: Bool) -> String {
        guard withField, let field else { return detail }
        return detail.isEmpty ? "\(field) cannot be used." : "\(field): \(detail)"
    }
}

/// What a provider has said of a fault, taken apart: `ERROR_SOME_CODE: A sentence.`
private struct FaultWords {
    let code: Substring?
    let text: Substring

    init(_ message: String) {
        let name = message.prefix { $0 == "_" || $0.isUppercase || $0.isNumber }
        let rest = message[name.endIndex...]
        guard name.hasPrefix("ERROR_"), rest.isEmpty || rest.hasPrefix(":") || rest.hasPrefix(" ") else {
            (code, text) = (nil, message[...])
            return
        }
        (code, text) = (name, rest.drop { $0 == ":" || $0 == " " })
    }
}
