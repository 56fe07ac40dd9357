import GRDB

/// A table that only grows at its end and whose rows are overwritten where they are when they are erased.
///
/// Deleting rows makes SQLite move others between a page and the ones beside it, and what it moves stays behind in the
/// unused parts of pages. So overwritten rows are deleted in their order from the start of the table on, and only where
/// whole pages of overwritten ones lie between them and the first row with content: then nothing but zeros is moved.
/// The last row is never deleted, so that no number is given twice either.
struct ErasableTable {
    private let next, last, sizes, delete: PreparedStatement
    private let pageSize: Int64

    /// Pages of overwritten rows that are left before the first row with content. A page exchanges rows with two others
    /// at most.
    private static let distance: Int64 = 8

    /// - Parameters:
    ///   - key: the table's integer primary key.
    ///   - content: the column that most of a row is.
    init(_ database: Database, _ table: String, key: String, content: String) throws {
        next = try PreparedStatement(
            database, "SELECT \(key) FROM \(table) WHERE \(key) > ? AND erased = 0 ORDER BY \(key) LIMIT 1")
        last = try PreparedStatement(database, "SELECT max(\(key)) FROM \(table)")
        sizes = try PreparedStatement(
            database, "SELECT \(key), length(\(content)) FROM \(table) WHERE \(key) < ? ORDER BY \(key) DESC")
        delete = try PreparedStatement(
            database,
            """
            DELETE FROM \(table) WHERE \(key) IN
                (SELECT \(key) FROM \(table) WHERE \(key) < ? ORDER BY \(key) LIMIT ?)
            """)
        pageSize = try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 4_096
    }

    /// The first row after this one that has content; the one that comes next when none has.
    func firstKept(after key: Int64) throws -> Int64 {
        if let kept = try next.add(key).first({ $0.int(0) }) { return kept }
        return (try last.first { $0.int(0) } ?? 0) + 1
    }

    /// Deletes the first overwritten rows, of those that are far enough from the first row with content.
    ///
    /// - Parameter kept: no row before this one has content.
    func deleteErased(before kept: Int64, atMost count: Int) throws {
        // What is too long for a page has this much there at least, and the rest in pages that it shares with nobody.
        let most = (pageSize - 12) * 32 / 255 - 23
        var bytes: Int64 = 0
        let end = try sizes.add(kept).search { row -> Int64? in
            bytes += min(row.int(1), most)
            return bytes >= ErasableTable.distance * pageSize ? row.int(0) : nil
        }
        if let end { try delete.add(end).add(Int64(count)).run() }
    }
}
