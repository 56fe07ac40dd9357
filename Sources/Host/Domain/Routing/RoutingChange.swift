/// A change of a key's routing: what is nil stays as it is. It is applied where the settings are kept, so that two
/// changes of different things never undo each other.
public struct RoutingChange: Sendable, Hashable {
    public let mode: RoutingSettings.Mode?
    public let preset: RoutingSettings.Preset?
    public let slider: Int?
    public let keyPool: KeyPoolMode?

    /// A slider without a preset selects the preset `custom`, since it counts with that one alone.
    ///
    /// - Throws: `Refusal`.
    public init(
        mode: RoutingSettings.Mode? = nil, preset: RoutingSettings.Preset? = nil, slider: Int? = nil,
        keyPool: KeyPoolMode? = nil
    ) throws(Refusal) {
        if let slider {
            guard RoutingPreference.speedWeights.contains(slider) else { throw .slider(slider) }
            if let preset, preset != .custom { throw .sliderWithPreset(preset) }
        }
        self.mode = mode
        self.preset = preset ?? (slider == nil ? nil : .custom)
        self.slider = slider
        self.keyPool = keyPool
    }

    /// Whether everything stays as it is.
    public var isEmpty: Bool { mode == nil && preset == nil && slider == nil && keyPool == nil }

    /// Why a change cannot be.
    public enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        /// The slider is not within 0...100.
        case slider(Int)
        /// A slider was given with a preset that has one of its own.
        case sliderWithPreset(RoutingSettings.Preset)

        public var description: String {
            switch self {
            case .slider(let value): "The slider goes from 0, cheapest, to 100, fastest; it cannot be \(value)."
            case .sliderWithPreset(let preset):
                "The slider counts with the preset custom alone. Give either the slider or the preset \(preset)."
            }
        }
    }
}

extension RoutingSettings {
    /// What these settings are after a change.
    public func applying(_ change: RoutingChange) -> RoutingSettings {
        // The change was checked when it was made, so that its slider is one.
        RoutingSettings(
            mode: change.mode ?? mode, preset: change.preset ?? preset, slider: change.slider ?? slider,
            keyPool: change.keyPool ?? keyPool) ?? self
    }
}
