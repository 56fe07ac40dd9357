/// What a requester wants of the choice between providers, for one task.
public struct RoutingPreference: Sendable, Hashable {
    /// How much speed counts, 0...100; the price counts for the rest of 100.
    public let speedWeight: Int
    /// Whether the success rate is looked at first, and the score only among those that are equally reliable.
    public let reliableFirst: Bool

    /// Speed and price count the same.
    public static let balanced = RoutingPreference(validSpeedWeight: 50, reliableFirst: false)

    /// Nil when `speedWeight` is not within 0...100.
    public init?(speedWeight: Int, reliableFirst: Bool = false) {
        guard RoutingPreference.speedWeights.contains(speedWeight) else { return nil }
        self.init(validSpeedWeight: speedWeight, reliableFirst: reliableFirst)
    }

    init(validSpeedWeight: Int, reliableFirst: Bool) {
        speedWeight = validSpeedWeight
        self.reliableFirst = reliableFirst
    }

    /// What a speed weight may be.
    public static let speedWeights = 0...100
    /// How much the price counts, 0...100.
    public var priceWeight: Int { 100 - speedWeight }
}

/// What createTask's `selectionMode` may say; it takes the place of the key's settings for that task.
public enum SelectionMode: String, Sendable, Hashable, CaseIterable {
    case autoCheapest, autoFastest, autoMostReliable, priority

    /// By its name in any case; nil when there is none of that name.
    public init?(anyCase text: String) {
        let name = text.lowercased()
        guard let mode = SelectionMode.allCases.first(where: { $0.rawValue.lowercased() == name }) else { return nil }
        self = mode
    }

    public var preference: RoutingPreference {
        switch self {
        case .autoCheapest: RoutingPreference(validSpeedWeight: 10, reliableFirst: false)
        case .autoFastest: RoutingPreference(validSpeedWeight: 90, reliableFirst: false)
        case .autoMostReliable, .priority: .balanced
        }
    }
}
