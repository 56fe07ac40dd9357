import Foundation
import TestSupport

/// What each adapter sells and for how much, as docs/providers.md and docs/multibot.md tell it.
struct OfferedPrices {
    /// By provider and family the list price in USD, or `?` where nobody knows it.
    let listed: [String: [String: String]]

    /// The price that a test or an operator gives a family whose price is not known; above whatever a vendor charges.
    static let chosen = "0.02"
    static let providers = ["2captcha", "capsolver", "anticaptcha", "capmonster", "multibot"]

    /// Reads the documents.
    ///
    /// - Throws: when there is no such table in them.
    init() throws {
        var listed: [String: [String: String]] = [:]
        for cells in try OfferedPrices.rows(of: "providers.md") where cells.count == 5 {
            for family in OfferedPrices.names(in: cells[0]) {
                for (provider, price) in zip(OfferedPrices.providers, cells.dropFirst()) where !price.isEmpty {
                    listed[provider, default: [:]][family] = price
                }
            }
        }
        for cells in try OfferedPrices.rows(of: "multibot.md") where cells.count == 4 {
            for family in OfferedPrices.names(in: cells[0]).prefix(1) { listed["multibot", default: [:]][family] = "?" }
        }
        guard listed.count == OfferedPrices.providers.count else {
            throw TestFailure("docs/providers.md or docs/multibot.md has no table of what is sold.")
        }
        self.listed = listed
    }

    /// The families of a provider, sorted.
    func families(of provider: String) -> [String] { (listed[provider] ?? [:]).keys.sorted() }

    /// What a task costs at a provider that does not tell costs.
    func price(of family: String, at provider: String) -> String {
        let price = listed[provider]?[family] ?? "?"
        return price == "?" ? OfferedPrices.chosen : price
    }

    /// The value of `adapters.<provider>.prices`: a price for each family that has none.
    func configuration(of provider: String) -> String {
        let unknown = (listed[provider] ?? [:]).filter { $0.value == "?" }.keys.sorted()
        return "{ " + unknown.map { "\($0): \(OfferedPrices.chosen)" }.joined(separator: ", ") + " }"
    }

    /// The rows of the tables whose first cell begins with a name in backquotes.
    private static func rows(of document: String) throws -> [[String]] {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/\(document)"), encoding: .utf8)
        return text.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.hasSuffix("|") }.map { line in
            line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    private static func names(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
