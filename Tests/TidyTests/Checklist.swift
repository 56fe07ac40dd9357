/// Something that is promised, and the tests that show it.
struct ChecklistItem: Sendable {
    /// 1, 2, ... in the order of what promises it.
    let number: Int
    let fact: String
    /// `SUITE/FUNCTION` of each, with the names that they have in Swift.
    let tests: [String]

    init(_ number: Int, _ fact: String, _ tests: String...) {
        self.number = number
        self.fact = fact
        self.tests = tests
    }
}

/// Whether the tests that a list names are there.
enum ChecklistChecks {
    /// What is wrong with a list, a sentence each.
    ///
    /// - Parameter existing: the tests that there are, as `tests(in:)` names them.
    static func findings(_ items: [ChecklistItem], existing: Set<String>) -> [String] {
        var findings: [String] = []
        for (index, item) in items.enumerated() where item.number != index + 1 {
            findings.append("Number \(item.number) stands where \(index + 1) belongs.")
        }
        for (fact, same) in Dictionary(grouping: items, by: \.fact) where same.count > 1 {
            findings.append("Said twice: \(fact)")
        }
        for item in items {
            if item.tests.isEmpty { findings.append("\(item.number) has no test: \(item.fact)") }
            for test in item.tests where !existing.contains(test) {
                findings.append("\(item.number) names \(test), and there is no such test: \(item.fact)")
            }
        }
        return findings
    }

    /// The tests of these files as `SUITE/FUNCTION`, those left out that are switched off.
    static func tests(in files: [SourceFile]) -> Set<String> {
        var tests: Set<String> = []
        for file in files where file.isSwift && file.isUnder("Tests") { tests.formUnion(self.tests(in: file)) }
        return tests
    }

    private static func tests(in file: SourceFile) -> [String] {
        var tests: [String] = []
        var suite = ""
        // What stands between `@Test` and its function.
        var attribute: String?
        for line in file.lines {
            if let name = typeName(in: line) {
                suite = name
                attribute = nil
            }
            if isMember(line), line.drop(while: { $0 == " " }).hasPrefix("@Test") { attribute = "" }
            guard let begun = attribute else { continue }
            let whole = begun + line
            attribute = whole
            guard let name = functionName(in: line) else { continue }
            attribute = nil
            if !whole.contains(".disabled(") { tests.append("\(suite)/\(name)") }
        }
        return tests
    }

    /// The type that a line at the left edge begins or extends.
    private static func typeName(in line: Substring) -> String? {
        guard line.first?.isLetter == true || line.first == "@" else { return nil }
        let words = line.split { $0 == " " || $0 == ":" || $0 == "{" || $0 == "<" }
        let kinds: Set<Substring> = ["struct", "class", "actor", "enum", "extension"]
        guard let index = words.firstIndex(where: { kinds.contains($0) }), index + 1 < words.count else { return nil }
        return String(words[index + 1])
    }

    /// Whether a line is at most as far from the left edge as a type's members are.
    private static func isMember(_ line: Substring) -> Bool { line.prefix { $0 == " " }.count <= 4 }

    /// The function that a line begins, which is not one within another.
    private static func functionName(in line: Substring) -> String? {
        let code = line.drop { $0 == " " }
        guard isMember(line), let word = code.firstRange(of: "func ") else { return nil }
        let before = code[..<word.lowerBound]
        guard before.allSatisfy({ $0.isLetter || $0 == " " || $0 == "@" }) || before.hasPrefix("@Test") else {
            return nil
        }
        let name = code[word.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return name.isEmpty ? nil : String(name)
    }
}
