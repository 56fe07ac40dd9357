import Domain
import Testing

@Suite("Changes of a key's routing")
struct RoutingChangeTests {
    private static let before = RoutingSettings(mode: .lightning, preset: .reliable, slider: 30)

    @Test("What a change does not name stays")
    func stays() throws {
        let before = try #require(RoutingChangeTests.before)
        #expect(before.applying(try RoutingChange()) == before)
        #expect(
            before.applying(try RoutingChange(mode: .normal))
                == RoutingSettings(mode: .normal, preset: .reliable, slider: 30))
        #expect(
            before.applying(try RoutingChange(preset: .fastest))
                == RoutingSettings(mode: .lightning, preset: .fastest, slider: 30))
    }

    @Test("The slider selects the preset custom, by itself or together with it", arguments: [0, 50, 100])
    func slider(value: Int) throws {
        let before = try #require(RoutingChangeTests.before)
        let after = RoutingSettings(mode: .lightning, preset: .custom, slider: value)
        #expect(before.applying(try RoutingChange(slider: value)) == after)
        #expect(before.applying(try RoutingChange(preset: .custom, slider: value)) == after)
        #expect(after?.preference.speedWeight == value)
    }

    @Test("The preset custom brings back the slider that was kept")
    func kept() throws {
        let before = try #require(RoutingChangeTests.before)
        #expect(before.applying(try RoutingChange(preset: .custom)).preference == RoutingPreference(speedWeight: 30))
    }

    @Test("A slider out of its range, or beside another preset, is refused in words")
    func refusals() {
        for value in [-1, 101, .max, .min] {
            #expect(throws: RoutingChange.Refusal.slider(value)) { try RoutingChange(slider: value) }
        }
        for preset in [RoutingSettings.Preset.cheapest, .fastest, .reliable] {
            #expect(throws: RoutingChange.Refusal.sliderWithPreset(preset)) {
                try RoutingChange(preset: preset, slider: 50)
            }
        }
        #expect("\(RoutingChange.Refusal.slider(101))".contains("from 0, cheapest, to 100, fastest"))
        #expect("\(RoutingChange.Refusal.sliderWithPreset(.reliable))".contains("preset custom alone"))
    }
}
