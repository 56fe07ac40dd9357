import Domain
import GRDB

/// The statements that erase tasks' content, on the writing connection.
struct SQLiteContentStatements {
    let toErase, erasePayload, eraseSolution: PreparedStatement

    init(_ database: Database) throws {
        func prepare(_ sql: String) throws -> PreparedStatement { try PreparedStatement(database, sql) }

        // A task has a payload until its content is erased. They are looked at in the order of numbers, so that no
        // index by the time of the end is needed, which each task would have to be put into: tasks end in about the
        // order in which they came, and none keeps the ones behind it waiting for longer than its deadline.
        toErase = try prepare(
            """
            SELECT id FROM
                (SELECT t.id, t.ended_at FROM payloads p JOIN tasks t ON t.id = p.task ORDER BY p.task LIMIT ?)
            WHERE ended_at <= ?
            """)
        erasePayload = try prepare("DELETE FROM payloads WHERE task = ?")
        eraseSolution = try prepare("UPDATE tasks SET solution = NULL WHERE id = ? AND solution IS NOT NULL")
    }
}

extension SQLiteRows: ContentRows {
    func contentToErase(endedUntil time: Timestamp, atMost count: Int) throws -> [TaskID] {
        try content.toErase.add(Int64(count)).add(time.milliseconds).all { row in
            guard let task = TaskID(row.int(0)) else {
                throw SQLiteReads.unreadable("a task with a number that does not exist")
            }
            return task
        }
    }

    func eraseContent(of tasks: [TaskID]) throws {
        try erasure.erase {
            for task in tasks {
                try content.erasePayload.add(task.number).run()
                try content.eraseSolution.add(task.number).run()
            }
        }
    }
}
