public import Domain

extension RoutingAlgorithm {
    /// The policy of that name.
    public var policy: any RoutePolicy {
        switch self {
        case .adaptive: AdaptivePolicy()
        case .published: PublishedPolicy()
        }
    }
}
