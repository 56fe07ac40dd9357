/// Whose keys at providers a task may go through.
public enum KeyPoolMode: String, Sendable, Hashable, CaseIterable {
    /// The platform's and everybody's recycled ones.
    case all
    /// The platform's and the requester's own recycled ones: nobody else can see the task in a provider's records.
    case platformOnly

    /// By its name in any case; nil when there is none of that name.
    public init?(anyCase text: String) {
        let name = text.lowercased()
        guard let mode = KeyPoolMode.allCases.first(where: { $0.rawValue.lowercased() == name }) else { return nil }
        self = mode
    }
}
