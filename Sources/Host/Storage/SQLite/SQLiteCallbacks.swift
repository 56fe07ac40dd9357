import Domain
import GRDB

extension Schema {
    /// Where clients want to be told of the ends of tasks, as long as there is something to tell: `next_at` is NULL
    /// until the task has ended. One index is for the turns of hosts, the other for what is due next.
    static let callbacks = """
        CREATE TABLE callbacks (
            task INTEGER PRIMARY KEY REFERENCES tasks,
            url TEXT NOT NULL,
            host TEXT NOT NULL,
            task_name TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
            next_at INTEGER
        ) STRICT;
        CREATE INDEX callbacks_by_host ON callbacks (host, next_at, task) WHERE next_at IS NOT NULL;
        CREATE INDEX callbacks_by_time ON callbacks (next_at) WHERE next_at IS NOT NULL;
        """
}

/// The statements of callbacks on the writing connection.
struct SQLiteCallbackStatements {
    let insert, makeDue, forget, postpone: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }

        insert = try prepare("INSERT INTO callbacks (task, host, task_name) VALUES (?, ?, ?)")
        makeDue = try prepare("UPDATE callbacks SET next_at = ? WHERE task = ? RETURNING task")
        forget = try prepare("DELETE FROM callbacks WHERE task = ?")
        postpone = try prepare(
            "UPDATE callbacks SET attempts = ?, next_at = ? WHERE task = ? AND next_at IS NOT NULL")
    }
}

extension SQLiteRows: CallbackRows {
    func insert(_ callback: CallbackTarget, of task: TaskID) throws {
        try callbacks.insert.add(task.number).add(callback.host).add(callback.taskName.rawValue).run()
    }

    func makeCallbackDue(of task: TaskID, at now: Timestamp) throws -> Bool {
        try callbacks.makeDue.add(now.milliseconds).add(task.number).first { _ in true } ?? false
    }

    func forgetCallback(of task: TaskID) throws {
        try callbacks.forget.add(task.number).run()
    }

    func postponeCallback(of task: TaskID, attempts: Int, until time: Timestamp) throws {
        try callbacks.postpone.add(Int64(attempts)).add(time.milliseconds).add(task.number).run()
    }
}

/// What is read of callbacks.
struct SQLiteCallbackReads {
    private let hosts, due, next, message: PreparedStatement

    init(_ database: Database) throws {
        // Each step is one look into the index, however many callbacks a host has.
        hosts = try PreparedStatement(
            database,
            """
            WITH RECURSIVE names (host) AS (
                SELECT (SELECT min(host) FROM callbacks WHERE next_at IS NOT NULL AND host > ?)
                UNION ALL
                SELECT (SELECT min(host) FROM callbacks WHERE next_at IS NOT NULL AND host > names.host)
                FROM names WHERE host IS NOT NULL
            )
            SELECT host FROM names WHERE host IS NOT NULL LIMIT ?
            """)
        due = try PreparedStatement(
            database,
            """
            SELECT c.task, t.account, c.attempts, t.ended_at
            FROM (SELECT task, attempts, next_at FROM callbacks WHERE host = ? AND next_at <= ?
                ORDER BY next_at, task LIMIT ?) c JOIN tasks t ON t.id = c.task
            WHERE t.ended_at IS NOT NULL ORDER BY c.next_at, c.task
            """)
        next = try PreparedStatement(database, "SELECT min(next_at) FROM callbacks WHERE next_at > ?")
        message = try PreparedStatement(
            database,
            """
            SELECT \(SQLiteReads.taskColumns),
                (SELECT callback FROM contents WHERE task = t.id AND erased = 0), c.host, c.task_name, k.hash, t.dialect
            FROM callbacks c JOIN tasks t ON t.id = c.task JOIN api_keys k ON k.id = t.key
            WHERE c.task = ? AND t.ended_at IS NOT NULL
            """)
    }

    func due(_ query: CallbackQuery) throws -> CallbackPage {
        let wanted = max(query.hosts, 0)
        // One more tells whether there are further ones.
        let names = try hosts.add(query.afterHost ?? "").add(Int64(wanted) + 1).all { $0.text(0) }
        var found: [DueCallback] = []
        for host in names.prefix(wanted) {
            found += try due.add(host).add(query.now.milliseconds).add(Int64(max(query.perHost, 0))).all { row in
                guard let task = TaskID(row.int(0)) else {
                    throw SQLiteReads.unreadable("a callback of a task that does not exist")
                }
                return DueCallback(
                    task: task, account: AccountID(row.int(1)), host: host, attempts: Int(row.int(2)),
                    endedAt: Timestamp(milliseconds: row.int(3)))
            }
        }
        let nextAt = try next.add(query.now.milliseconds).first { $0.optionalInt(0) } ?? nil
        return CallbackPage(
            due: found, lastHost: names.count > wanted ? names.prefix(wanted).last : nil,
            nextAt: nextAt.map(Timestamp.init(milliseconds:)))
    }

    func message(of id: TaskID) throws -> CallbackMessage? {
        try message.add(id.number).first { row in
            let task = try SQLiteReads.task(id, row, dialect: 13)
            guard let outcome = task.end?.outcome, let name = Callback.TaskName(rawValue: row.text(11)) else {
                throw SQLiteReads.unreadable("a callback that names its task as `\(row.text(11))`")
            }
            return CallbackMessage(
                target: CallbackTarget(url: row.text(9), host: row.text(10), taskName: name), family: task.family,
                outcome: outcome, keyHash: row.bytes(12))
        }
    }
}
