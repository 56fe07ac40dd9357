public import ProviderKit

extension ClientError {
    /// What a client is told of the fault that ended its task. A provider's own words are passed on only where they are
    /// about the client's task, not about the platform's keys or the provider's health.
    public init(_ fault: Fault) {
        let words = String(fault.message.prefix(300))
        switch fault.kind {
        case .badTask(let field): self.init(.badParameters, field: field.map { "task.\($0)" }, words)
        case .unsolvable: self.init(.unsolvable, words)
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
