import ProviderKit

/// Which of a task's fields a vendor complains of.
struct FaultFields {
    let mapping: FamilyMapping?

    /// The kind with its field made sure: one that the task's family has, or one that the vendor's words name.
    func resolve(_ kind: Fault.Kind, words: String) -> Fault.Kind {
        guard case .badTask(let field) = kind else { return kind }
        guard let mapping else { return .badTask(field: nil) }
        let names = mapping.fieldNames
        if let field, names.contains(where: { $0.canonical == field }) { return .badTask(field: field) }
        return .badTask(field: named(in: words, names))
    }

    /// The first of the fields whose name, the vendor's or the canonical one, stands in the words. A name that is also
    /// an ordinary word counts only in quotation marks.
    private func named(in words: String, _ names: [(canonical: String, vendor: String)]) -> String? {
        let parts = words.split { !($0.isLetter || $0.isNumber || $0 == "_") }
        for part in parts {
            let plain = part.allSatisfy { $0.isLowercase }
            if plain, !quoted(part, in: words) { continue }
            let text = part.lowercased()
            if let name = names.first(where: { $0.vendor.lowercased() == text || $0.canonical.lowercased() == text }) {
                return name.canonical
            }
        }
        return nil
    }

    private func quoted(_ part: Substring, in words: String) -> Bool {
        guard part.startIndex > words.startIndex, part.endIndex < words.endIndex else { return false }
        return "'\"`".contains(words[words.index(before: part.startIndex)]) && "'\"`".contains(words[part.endIndex])
    }
}
