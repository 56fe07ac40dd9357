import ProviderKit

/// What a vendor's error codes mean: one row for each code that it documents.
///
/// A code is looked up in the vendor's rows first, then in those that the vendors of the dialect share; the `errorId`
/// comes second, and only at a vendor whose rows have numbers: elsewhere it says no more than that there was an error.
public struct FaultTable: Sendable {
    /// The vendor's rows, in the order of its documentation.
    public let rows: [Row]

    private let byCode: [String: Verdict]
    private let byNumber: [Int64: Verdict]

    public init(_ rows: [Row]) {
        self.rows = rows
        byCode = Dictionary(rows.map { (FaultTable.key($0.code), $0.verdict) }) { first, _ in first }
        byNumber = Dictionary(rows.compactMap { row in row.number.map { ($0, row.verdict) } }) { first, _ in first }
    }

    /// A documented code.
    public struct Row: Sendable {
        /// The code as the vendor spells it, misspelt ones included.
        public let code: String
        /// The vendor's `errorId` for it, where the number means something.
        public let number: Int64?
        /// What it means.
        public let verdict: Verdict

        public init(_ code: String, _ number: Int64?, _ verdict: Verdict) {
            self.code = code
            self.number = number
            self.verdict = verdict
        }

        /// A code whose `errorId` says nothing.
        public init(_ code: String, _ verdict: Verdict) {
            self.init(code, nil, verdict)
        }
    }

    /// What an answer's code and number mean; nil when nobody knows them.
    public func verdict(code: String, number: Int64?) -> Verdict? {
        let code = FaultTable.key(code)
        if let known = byCode[code] ?? SharedFaults.byCode[code] { return known }
        if let prefix = SharedFaults.prefixes.first(where: { code.hasPrefix($0.code) }) { return prefix.verdict }
        guard !byNumber.isEmpty, let number else { return nil }
        return byNumber[number] ?? SharedFaults.byNumber[number]
    }

    /// Codes are compared without regard to case and surrounding white space.
    static func key(_ code: String) -> String {
        let text = code.drop { $0.isWhitespace }
        return String(text.reversed().drop { $0.isWhitespace }.reversed()).uppercased()
    }
}
