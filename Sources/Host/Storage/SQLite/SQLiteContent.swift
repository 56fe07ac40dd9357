import Domain
import GRDB

extension Schema {
    /// What is erased after a while, in tables that only grow at their ends: what tasks are to solve with the addresses
    /// of their callbacks, by task, and solutions, by numbers of their own.
    ///
    /// Rows are overwritten where they are, by zeros of the same length, and are deleted later (`ErasableTable`).
    /// Wherever else rows come, change and go, SQLite moves them from page to page, and leaves copies in the unused
    /// parts of pages, also with `secure_delete`.
    ///
    /// `tasks.solution` is NULL from here on: it cannot be dropped, since a condition of the table names it. A file
    /// that has held tasks has such copies of theirs, and is written anew, once (`Migrations.rewrite`).
    static let erasableContent = """
        CREATE TABLE contents (
            task INTEGER PRIMARY KEY REFERENCES tasks,
            erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1)),
            callback BLOB,
            payload BLOB NOT NULL
        ) STRICT;
        INSERT INTO contents
            SELECT p.task, 0, CAST(c.url AS BLOB), p.fields FROM payloads p LEFT JOIN callbacks c ON c.task = p.task
            ORDER BY p.task;
        DROP TABLE payloads;
        ALTER TABLE callbacks DROP COLUMN url;

        CREATE TABLE solutions (
            number INTEGER PRIMARY KEY,
            erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1)),
            task INTEGER NOT NULL REFERENCES tasks,
            solution BLOB NOT NULL
        ) STRICT;
        INSERT INTO solutions SELECT id, 0, id, solution FROM tasks WHERE solution IS NOT NULL ORDER BY id;
        ALTER TABLE tasks ADD COLUMN solution_number INTEGER
            CHECK (solution_number IS NULL OR price IS NOT NULL);
        UPDATE tasks SET solution_number = id, solution = NULL WHERE solution IS NOT NULL;

        INSERT INTO settings SELECT '\(Migrations.rewriteIsOwed)', x'01' WHERE EXISTS (SELECT 1 FROM tasks);
        """
}

/// The statements of tasks' content, on the writing connection.
struct SQLiteContentStatements {
    let insert, insertSolution, endedAt, next, erase, eraseSolution: PreparedStatement
    let contents, solutions: ErasableTable

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }

        insert = try prepare("INSERT INTO contents (task, callback, payload) VALUES (?, ?, ?)")
        insertSolution = try prepare("INSERT INTO solutions (task, solution) VALUES (?, ?)")
        endedAt = try prepare("SELECT ended_at FROM tasks WHERE id = ?")
        next = try prepare("SELECT task FROM contents WHERE task > ? AND erased = 0 ORDER BY task LIMIT ?")
        erase = try prepare(
            """
            UPDATE contents
            SET erased = 1, callback = zeroblob(length(callback)), payload = zeroblob(length(payload)) WHERE task = ?
            """)
        eraseSolution = try prepare(
            """
            UPDATE solutions SET erased = 1, solution = zeroblob(length(solution))
            WHERE number = (SELECT solution_number FROM tasks WHERE id = ?1) AND task = ?1
            """)
        contents = try ErasableTable(database, "contents", key: "task", content: "payload")
        solutions = try ErasableTable(database, "solutions", key: "number", content: "solution")
    }
}

/// How far the writer has looked for content to erase, so that it looks at nothing twice that is erased.
///
/// Tasks are looked at in the order of numbers, so that no index by the time of the end is needed, which each task
/// would have to be put into: they end in about the order in which they came, and none keeps the ones behind it waiting
/// for longer than its deadline.
struct ContentSearch {
    /// The content of each task up to this one is erased, unless it is among `waiting`.
    var task: Int64 = 0
    /// Tasks that were looked at before their time, in the order of numbers: as many as are looked at once at most.
    var waiting: [Int64] = []
    /// All solutions up to this number are erased.
    var solution: Int64 = 0

    /// All content before this task's is erased.
    var firstTask: Int64 { waiting.first ?? task + 1 }
}

extension SQLiteRows: ContentRows {
    func contentToErase(endedUntil time: Timestamp, atMost count: Int) throws -> [TaskID] {
        if search.waiting.count < count {
            let more = try content.next.add(search.task).add(Int64(count - search.waiting.count)).all { $0.int(0) }
            search.waiting += more
            search.task = more.last ?? search.task
        }
        return try search.waiting.prefix(count).compactMap { number in
            guard let end = try content.endedAt.add(number).first({ $0.optionalInt(0) }) ?? nil else { return nil }
            guard let task = TaskID(number) else {
                throw SQLiteReads.unreadable("a task with a number that does not exist")
            }
            return end <= time.milliseconds ? task : nil
        }
    }

    func eraseContent(of tasks: [TaskID]) throws {
        try erasure.erase {
            for task in tasks {
                try content.erase.add(task.number).run()
                try content.eraseSolution.add(task.number).run()
            }
        }
        let erased = Set(tasks.map(\.number))
        search.waiting.removeAll { erased.contains($0) }
        search.solution = try content.solutions.firstKept(after: search.solution) - 1
        // Twice as many as came, so that it ends when many have waited for one.
        try content.contents.deleteErased(before: search.firstTask, atMost: 2 * tasks.count)
        try content.solutions.deleteErased(before: search.solution + 1, atMost: 2 * tasks.count)
    }
}
