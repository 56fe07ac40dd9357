import Domain
import GRDB

extension Schema {
    /// Whether the site accepted a task's solution, as its client said; NULL where it has said nothing.
    static let reports = """
        ALTER TABLE tasks ADD COLUMN accepted INTEGER
            CHECK (accepted IS NULL OR (accepted IN (0, 1) AND price IS NOT NULL));
        """
}

/// The statements of reports, on the writing connection.
struct SQLiteReportStatements {
    let standing, set: PreparedStatement

    init(_ database: Database) throws {
        standing = try PreparedStatement(
            database,
            """
            SELECT t.account, t.accepted, t.ended_at, t.price, t.family, a.provider, a.credential, a.provider_task,
                a.started_at
            FROM tasks t LEFT JOIN attempts a ON a.task = t.id
            WHERE t.id = ? ORDER BY a.number DESC LIMIT 1
            """)
        set = try PreparedStatement(database, "UPDATE tasks SET accepted = ? WHERE id = ?")
    }
}

extension SQLiteRows: ReportRows {
    func reportStanding(of task: TaskID) throws -> ReportStanding? {
        try reports.standing.add(task.number).first { row in
            var solved: ReportedTask?
            if let endedAt = row.optionalInt(2), !row.isNull(3) {
                solved = ReportedTask(
                    family: try SQLiteReads.family(row.text(4)), provider: row.text(5),
                    credential: row.optionalText(6), providerTask: row.optionalText(7),
                    submittedAt: Timestamp(milliseconds: row.int(8)), solvedAt: Timestamp(milliseconds: endedAt))
            }
            return ReportStanding(
                account: AccountID(row.int(0)), isGood: row.optionalInt(1).map { $0 != 0 }, solved: solved)
        }
    }

    func setReport(_ isGood: Bool, of task: TaskID) throws {
        try reports.set.add(isGood ? 1 : 0).add(task.number).run()
    }
}
