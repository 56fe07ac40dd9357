import Domain
import GRDB
import ProviderKit

extension Schema {
    /// What a choice between providers is made by and remembered with. A preference that is NULL is the balanced one,
    /// as in tasks from before this step; many tasks share an explanation.
    static let routing = """
        ALTER TABLE api_keys ADD COLUMN mode TEXT NOT NULL DEFAULT 'NORMAL' CHECK (mode IN ('NORMAL', 'LIGHTNING'));
        ALTER TABLE api_keys ADD COLUMN preset TEXT NOT NULL DEFAULT 'custom'
            CHECK (preset IN ('cheapest', 'fastest', 'reliable', 'custom'));
        ALTER TABLE api_keys ADD COLUMN slider INTEGER NOT NULL DEFAULT 50 CHECK (slider BETWEEN 0 AND 100);

        CREATE TABLE routes (
            id INTEGER PRIMARY KEY,
            explanation BLOB NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;

        ALTER TABLE tasks ADD COLUMN speed_weight INTEGER CHECK (speed_weight BETWEEN 0 AND 100);
        ALTER TABLE tasks ADD COLUMN reliable_first INTEGER CHECK (reliable_first IN (0, 1));
        ALTER TABLE tasks ADD COLUMN route INTEGER REFERENCES routes;

        CREATE TABLE route_statistics (
            host TEXT NOT NULL,
            provider TEXT NOT NULL,
            family TEXT NOT NULL,
            as_of INTEGER NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (host, provider, family)
        ) STRICT, WITHOUT ROWID;
        """
}

/// Which explanations the writer has written, and under which numbers. It is bounded: one that is no longer known is
/// written again when it comes back.
struct WrittenExplanations {
    /// Holds on to the explanations, so that no other takes over the identity of one.
    private var written: [ObjectIdentifier: (explanation: RouteExplanation, number: Int64)] = [:]

    func number(of explanation: RouteExplanation) -> Int64? { written[ObjectIdentifier(explanation)]?.number }

    mutating func remember(_ explanation: RouteExplanation, as number: Int64) {
        if written.count >= Limits.rememberedExplanations { written = [:] }
        written[ObjectIdentifier(explanation)] = (explanation, number)
    }

    /// Another has taken over the number.
    mutating func forget(_ number: Int64) { written = written.filter { $0.value.number != number } }
}

/// The statements of what concerns routing, on the writing connection.
struct SQLiteRoutingStatements {
    let insertRoute, putStatistics, eraseStatistics: PreparedStatement
    let oldestRoute, saveOldestRoute, routeTime, replaceRoute: PreparedStatement

    init(_ database: Database) throws {
        insertRoute = try PreparedStatement(database, "INSERT INTO routes (explanation, created_at) VALUES (?, ?)")
        putStatistics = try PreparedStatement(
            database, "INSERT OR REPLACE INTO route_statistics VALUES (?, ?, ?, ?, ?)")
        eraseStatistics = try PreparedStatement(database, "DELETE FROM route_statistics WHERE as_of < ?")
        oldestRoute = try PreparedStatement(database, "SELECT last FROM sequences WHERE name = 'oldest_route'")
        saveOldestRoute = try PreparedStatement(
            database,
            """
            INSERT INTO sequences VALUES ('oldest_route', ?) ON CONFLICT (name) DO UPDATE SET last = excluded.last
            """)
        routeTime = try PreparedStatement(database, "SELECT created_at FROM routes WHERE id = ?")
        replaceRoute = try PreparedStatement(
            database, "UPDATE routes SET explanation = ?, created_at = ? WHERE id = ?")
    }
}

extension SQLiteRows {
    /// The number of an explanation, which is written unless it is known to be there.
    func route(_ explanation: RouteExplanation?, at now: Timestamp) throws -> Int64? {
        guard let explanation else { return nil }
        if let number = explanations.number(of: explanation) { return number }
        let number =
            try replaceOldest(with: explanation, at: now)
            ?? routing.insertRoute.add(explanation.bytes).add(now.milliseconds).insert()
        explanations.remember(explanation, as: number)
        return number
    }

    /// Puts the explanation in the place of the oldest one, if that is old enough, so that the table does not grow for
    /// ever. Tasks may refer to its number still: they are older than what is there now, and that tells.
    ///
    /// Rows are not deleted, because finding out that no task refers to one would take an index that each accept pays
    /// for; and emptied rows would keep their pages. The oldest is the next after the one that was replaced last, and
    /// after the last row the first.
    ///
    /// - Returns: its number; nil when it is too young.
    private func replaceOldest(with explanation: RouteExplanation, at now: Timestamp) throws -> Int64? {
        let keptSince = now.adding(seconds: -Limits.keptExplanationSeconds).milliseconds
        let number = try routing.oldestRoute.first { $0.int(0) } ?? 1
        guard let time = try routing.routeTime.add(number).first({ $0.int(0) }), time < keptSince else { return nil }
        try routing.replaceRoute.add(explanation.bytes).add(now.milliseconds).add(number).run()
        let isLast = try routing.routeTime.add(number + 1).first { _ in true } == nil
        try routing.saveOldestRoute.add(isLast ? 1 : number + 1).run()
        explanations.forget(number)
        return number
    }

    func putStatistics(_ statistics: [StoredStatistics], of host: String) throws {
        for row in statistics {
            try routing.putStatistics.add(host).add(row.provider).add(row.family.rawValue).add(row.asOf.milliseconds)
                .add(row.value).run()
        }
    }

    func eraseStatistics(before time: Timestamp) throws {
        try routing.eraseStatistics.add(time.milliseconds).run()
    }
}

extension PreparedStatement {
    /// Adds a preference as two values.
    func add(_ preference: RoutingPreference) throws -> PreparedStatement {
        guard preference != .balanced else { return try addNull().addNull() }
        return try add(Int64(preference.speedWeight)).add(preference.reliableFirst ? 1 : 0)
    }
}

extension PreparedStatement {
    /// Adds whose keys a task may use; most may use everybody's, and take no room for that.
    func add(_ pool: KeyPoolMode) throws -> PreparedStatement {
        pool == .all ? try addNull() : try add(pool.rawValue)
    }
}

extension StatementRow {
    func keyPool(_ column: Int32) throws -> KeyPoolMode {
        guard let name = optionalText(column) else { return .all }
        guard let pool = KeyPoolMode(rawValue: name) else {
            throw StoreFailure(.unreadable, "The database holds a task's key pool that cannot be. Restore a backup.")
        }
        return pool
    }

    /// The preference in a column and the one behind it.
    func preference(_ column: Int32) throws -> RoutingPreference {
        guard let weight = optionalInt(column) else { return .balanced }
        guard let preference = RoutingPreference(speedWeight: Int(weight), reliableFirst: int(column + 1) != 0) else {
            throw StoreFailure(.unreadable, "The database holds a task's preference that cannot be. Restore a backup.")
        }
        return preference
    }
}

/// What is read of routing beside the writer.
struct SQLiteRoutingReads {
    private let routeStatement, statisticsStatement: PreparedStatement

    init(_ database: Database) throws {
        // One statement, so that task and attempts are of one moment.
        routeStatement = try PreparedStatement(
            database,
            """
            SELECT \(SQLiteReads.taskColumns),
                t.forced_provider, t.speed_weight, t.reliable_first,
                CASE WHEN r.created_at > t.created_at THEN x'' ELSE r.explanation END,
                a.number, a.provider, a.credential, a.price, a.cost, a.state, a.provider_task,
                a.started_at, a.ended_at, a.fault, a.reported_cost, t.ceiling, t.dialect
            FROM tasks t LEFT JOIN routes r ON r.id = t.route JOIN attempts a ON a.task = t.id
            WHERE t.id = ? ORDER BY a.number
            """)
        statisticsStatement = try PreparedStatement(
            database,
            "SELECT host, provider, family, as_of, value FROM route_statistics ORDER BY host, provider, family")
    }

    func route(of id: TaskID) throws -> TaskRoute? {
        var route: TaskRoute?
        var attempts: [AttemptRecord] = []
        try routeStatement.add(id.number).forEach { row in
            if route == nil {
                route = TaskRoute(
                    task: try SQLiteReads.task(id, row, dialect: 25), ceiling: try row.money(24),
                    forcedProvider: row.optionalText(9), preference: try row.preference(10),
                    explanation: row.optionalBytes(12), attempts: [])
            }
            attempts.append(try SQLiteRoutingReads.attempt(row))
        }
        route?.attempts = attempts
        return route
    }

    private static func attempt(_ row: borrowing StatementRow) throws -> AttemptRecord {
        guard let state = Attempt.State(rawValue: Int(row.int(18))) else {
            throw SQLiteReads.unreadable("an attempt with a state that does not exist")
        }
        let candidate = Candidate(
            provider: row.text(14), credential: row.optionalText(15), price: try row.money(16), cost: try row.money(17))
        return AttemptRecord(
            attempt: Attempt(
                number: Int(row.int(13)), candidate: candidate, state: state, providerTask: row.optionalText(19)),
            startedAt: Timestamp(milliseconds: row.int(20)),
            endedAt: row.optionalInt(21).map(Timestamp.init(milliseconds:)), fault: row.optionalText(22),
            reportedCost: row.isNull(23) ? nil : try row.money(23))
    }

    func statistics() throws -> [String: [StoredStatistics]] {
        var all: [String: [StoredStatistics]] = [:]
        try statisticsStatement.forEach { row in
            // Whatever has written it: what was learnt is no reason not to start.
            guard let family = TaskFamily(rawValue: row.text(2)) else { return }
            all[row.text(0), default: []].append(
                StoredStatistics(
                    provider: row.text(1), family: family, asOf: Timestamp(milliseconds: row.int(3)),
                    value: row.bytes(4)))
        }
        return all
    }
}
