import Domain
import ProviderKit
import Testing

@Suite("Families by the names that people have for them")
struct FamilyNameTests {
    @Test("Every family is found by its own name, in any case")
    func own() throws {
        for family in TaskFamily.all {
            #expect(try TaskVocabulary.family(named: family.rawValue.uppercased()) == family)
        }
    }

    @Test("Every type that clients write means the family that a task without further fields has")
    func types() throws {
        for (family, names) in TypeNameTests.names {
            for name in names { #expect(try TaskVocabulary.family(named: " \(name)") == family, "\(name)") }
        }
        #expect(try TaskVocabulary.family(named: "GeeTestTask") == .geetestV3)
    }

    @Test("What is no name, or says nothing by itself, is refused")
    func refusals() {
        for name in ["", "Recaptcha", "recaptchaV9", String(repeating: "x", count: 10_000)] {
            #expect(throws: ClientError(.taskNotSupported, field: "task.type")) {
                try TaskVocabulary.family(named: name)
            }
        }
        let custom = #expect(throws: ClientError.self) { try TaskVocabulary.family(named: "CustomTask") }
        #expect(custom?.code == .badParameters)
    }
}
