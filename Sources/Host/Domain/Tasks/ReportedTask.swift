public import ProviderKit

/// A solved task of which its client has said whether the site accepted the solution.
public struct ReportedTask: Sendable, Hashable {
    public let family: TaskFamily
    /// Who solved it, with which credential, and under which ID of its own; nil for a provider that gave it none.
    public let provider: String
    public let credential: String?
    public let providerTask: String?
    /// When it was handed to who has solved it, at the earliest.
    public let submittedAt: Timestamp
    public let solvedAt: Timestamp

    public init(
        family: TaskFamily, provider: String, credential: String?, providerTask: String?, submittedAt: Timestamp,
        solvedAt: Timestamp
    ) {
        self.family = family
        self.provider = provider
        self.credential = credential
        self.providerTask = providerTask
        self.submittedAt = submittedAt
        self.solvedAt = solvedAt
    }
}
