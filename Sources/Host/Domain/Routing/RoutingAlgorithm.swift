/// How a provider is chosen: what `routing.policy` in the configuration may say.
public enum RoutingAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// Uncertainty-aware; explores a little, notices changes.
    case adaptive
    /// As the hosted service has published it.
    case published

    /// What a host does that is not told: in the simulated market it is the better one at every slider.
    public static let standard = RoutingAlgorithm.adaptive
}
