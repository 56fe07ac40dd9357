/// Why a configuration file cannot be used: every problem of it at once. No value of the file is ever repeated, since
/// it could be a key that was written there by mistake.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file as it was named.
    public let file: String
    /// In the order of the file; at least one.
    public let problems: [Problem]

    /// One thing that has to be changed.
    public struct Problem: Sendable, Hashable {
        /// From 1; nil when it concerns the file as a whole.
        public let line: Int?
        /// In characters, from 1.
        public let column: Int?
        /// The path of the key, such as `adapters.native.prices`; empty when it concerns the file as a whole.
        public let key: String
        /// What is wrong and what to do.
        public let sentence: String

        init(line: Int? = nil, column: Int? = nil, key: String = "", _ sentence: String) {
            self.line = line
            self.column = column
            self.key = key
            self.sentence = sentence
        }
    }

    init(file: String, problems: [Problem]) {
        self.file = file
        self.problems = problems.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
    }

    init(file: String, _ sentence: String) {
        self.init(file: file, problems: [Problem(sentence)])
    }

    /// A line for each problem: `FILE:LINE:COLUMN: KEY: SENTENCE`.
    public var description: String {
        problems.map { problem in
            let place = [file, problem.line.map(String.init), problem.column.map(String.init)].compactMap(\.self)
            let parts = [place.joined(separator: ":"), problem.key, problem.sentence]
            return parts.filter { !$0.isEmpty }.joined(separator: ": ")
        }.joined(separator: "\n")
    }
}
