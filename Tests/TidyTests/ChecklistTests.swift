import Testing

@Suite("Lists of what is promised")
struct ChecklistTests {
    @Test("Each promise of key recycling is shown by tests that there are")
    func keyRecycling() throws {
        let existing = ChecklistChecks.tests(in: try SourceTree.shared.get().files)
        let findings = ChecklistChecks.findings(KeyRecyclingChecklist.items, existing: existing)
        #expect(KeyRecyclingChecklist.items.count == 45)
        #expect(findings.isEmpty, "\n\(findings.joined(separator: "\n"))")
    }

    @Test("Each behaviour that published clients need is shown by tests that there are")
    func clientNeeds() throws {
        let existing = ChecklistChecks.tests(in: try SourceTree.shared.get().files)
        let findings = ChecklistChecks.findings(ClientNeedsChecklist.items, existing: existing)
        #expect(ClientNeedsChecklist.items.count == 46)
        #expect(findings.isEmpty, "\n\(findings.joined(separator: "\n"))")
    }

    @Test("The tests of the project are seen, this one too")
    func testsAreSeen() throws {
        let existing = ChecklistChecks.tests(in: try SourceTree.shared.get().files)
        #expect(existing.count > 500)
        #expect(existing.contains("ChecklistTests/testsAreSeen"))
        #expect(!existing.contains("ChecklistTests/keyRecycled"))
    }

    @Test("Tests are found in suites and their extensions; others, helpers and what is switched off are not")
    func parsing() {
        let text = """
            @Suite("One", .serialized)
            struct OneTests {
                func helper() {}
                @Test func bare() {}
                @Test("A sentence", arguments: [
                    1, 2,
                ])
                func several(_ number: Int) async throws { func inner() {} }
                func after() {}
                @Test("Off", .disabled("why"))
                func off() {}
                @Test("On") @MainActor func on() {}
            }

            final class Helper { func notATest() {} }

            extension TwoTests {
                @Test("Another")
                static func another() {}
            }
            """
        let file = SourceFile(path: "Tests/X/OneTests.swift", text: text)
        #expect(
            ChecklistChecks.tests(in: [file]) == [
                "OneTests/bare", "OneTests/several", "OneTests/on", "TwoTests/another",
            ])
        #expect(ChecklistChecks.tests(in: [SourceFile(path: "Sources/OneTests.swift", text: text)]).isEmpty)
        #expect(ChecklistChecks.tests(in: [SourceFile(path: "Tests/one.md", text: text)]).isEmpty)
    }

    @Test("A test that does not exist, a fact without one, a wrong number and a fact said twice are noticed")
    func findings() {
        let items = [
            ChecklistItem(1, "A.", "OneTests/bare"), ChecklistItem(2, "B.", "OneTests/bare", "OneTests/gone"),
            ChecklistItem(4, "C."), ChecklistItem(4, "A.", "OneTests/bare"),
        ]
        #expect(ChecklistChecks.findings(Array(items.prefix(1)), existing: ["OneTests/bare"]).isEmpty)
        #expect(
            ChecklistChecks.findings(items, existing: ["OneTests/bare"]) == [
                "Number 4 stands where 3 belongs.", "Said twice: A.",
                "2 names OneTests/gone, and there is no such test: B.", "4 has no test: C.",
            ])
    }
}
