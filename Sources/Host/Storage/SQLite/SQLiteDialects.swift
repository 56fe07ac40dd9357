import Domain
import GRDB

extension Schema {
    /// What the clients of a key speak, and what the client of a task spoke; NULL where it is not known.
    static let dialects = """
        ALTER TABLE api_keys ADD COLUMN dialect TEXT;
        ALTER TABLE tasks ADD COLUMN dialect TEXT;
        """
}

/// A column that holds the name of a dialect, or NULL.
enum DialectColumn {
    /// Nil also for a name that is not known, such as of a dialect that was taken away: its tasks remain readable.
    static func dialect(_ row: borrowing StatementRow, _ column: Int32) -> ClientDialect? {
        row.optionalText(column).flatMap { ClientDialect(rawValue: $0) }
    }
}
