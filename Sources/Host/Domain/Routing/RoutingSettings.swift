/// How the tasks of one API key are routed, unless a request says otherwise.
public struct RoutingSettings: Sendable, Hashable {
    public var mode: Mode
    public var preset: Preset
    /// Whose keys at providers they may go through.
    public var keyPool: KeyPoolMode
    /// The speed/cost slider, 0...100: 0 is cheapest, 100 fastest. It counts with the preset `custom` alone and is kept
    /// while another is chosen.
    public private(set) var slider: Int

    /// What a new key has: real-time routing, the slider in the middle.
    public static let standard = RoutingSettings(mode: .normal, preset: .custom)

    /// With the slider in the middle.
    public init(mode: Mode, preset: Preset, keyPool: KeyPoolMode = .all) {
        self.mode = mode
        self.preset = preset
        self.keyPool = keyPool
        slider = RoutingPreference.balanced.speedWeight
    }

    /// Nil when the slider is not within 0...100.
    public init?(mode: Mode, preset: Preset, slider: Int, keyPool: KeyPoolMode = .all) {
        guard RoutingPreference.speedWeights.contains(slider) else { return nil }
        self.init(mode: mode, preset: preset, keyPool: keyPool)
        self.slider = slider
    }

    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// A provider is chosen for each task.
        case normal = "NORMAL"
        /// A token that was solved ahead, where there is one; else as in `normal`.
        case lightning = "LIGHTNING"
    }

    public enum Preset: String, Sendable, Hashable, CaseIterable {
        /// As with the slider at 0.
        case cheapest
        /// As with the slider at 100.
        case fastest
        /// The success rate first, then as with the slider at 50.
        case reliable
        /// What the slider says.
        case custom
    }

    /// What the settings ask for.
    public var preference: RoutingPreference {
        switch preset {
        case .cheapest: RoutingPreference(validSpeedWeight: 0, reliableFirst: false)
        case .fastest: RoutingPreference(validSpeedWeight: 100, reliableFirst: false)
        case .reliable: RoutingPreference(validSpeedWeight: 50, reliableFirst: true)
        case .custom: RoutingPreference(validSpeedWeight: slider, reliableFirst: false)
        }
    }
}
