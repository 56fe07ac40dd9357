import Domain
import GRDB
import ProviderKit

/// The rows of a SQLite database, for the rules. Used on the writing connection's queue only.
final class SQLiteRows: StoreRows {
    private let statements: SQLiteStatements
    let vault: SQLiteVaultStatements
    let routing: SQLiteRoutingStatements
    let recycling: SQLiteRecyclingStatements
    let keptDrifts: SQLiteKeptDriftStatements
    var erasure: SQLiteErasure
    let histories: SQLiteHistoryStatements
    let keyCaps: SQLiteKeyCapStatements
    let content: SQLiteContentStatements
    var search = ContentSearch()
    /// The caps of the keys that have any, so that an accept for another key reads nothing of caps.
    var cappedKeys: [Int64: KeyCaps]
    let reports: SQLiteReportStatements
    let callbacks: SQLiteCallbackStatements
    /// Numbers of ledger accounts that have been looked up; bounded, since clients are without number.
    private var ledgerAccounts: [LedgerAccount: Int64] = [:]
    private static let rememberedLedgerAccounts = 4_096
    /// The explanations that are written.
    var explanations = WrittenExplanations()
    /// The task number that was handed out last, once this batch has handed out one.
    private var lastTask: Int64?

    init(_ database: Database) throws {
        statements = try SQLiteStatements(database)
        vault = try SQLiteVaultStatements(database)
        routing = try SQLiteRoutingStatements(database)
        recycling = try SQLiteRecyclingStatements(database)
        keptDrifts = try SQLiteKeptDriftStatements(database)
        erasure = SQLiteErasure(database)
        histories = try SQLiteHistoryStatements(database)
        keyCaps = try SQLiteKeyCapStatements(database)
        content = try SQLiteContentStatements(database)
        cappedKeys = try keyCaps.caps()
        reports = try SQLiteReportStatements(database)
        callbacks = try SQLiteCallbackStatements(database)
    }

    /// Runs `body` in a transaction: all of it is durable when this returns, and none of it when it throws.
    func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        lastTask = nil
        let (known, capped, searched) = (explanations, cappedKeys, search)
        try statements.begin.run()
        do {
            let value = try body()
            if let lastTask { try statements.saveTaskSequence.add(lastTask).run() }
            try statements.commit.run()
            return value
        } catch {
            // SQLite has rolled back by itself after some errors, and this then says that there is nothing to undo.
            try? statements.rollback.run()
            ledgerAccounts = [:]
            explanations = known
            cappedKeys = capped
            search = searched
            throw error
        }
    }

    // MARK: Accounts and keys

    func account(_ id: AccountID) throws -> AccountState? {
        try statements.account.add(id.number).first { row in
            AccountState(
                id: id, balance: try row.money(0), held: try row.money(1), suspended: row.int(2) != 0)
        }
    }

    func save(_ account: AccountState) throws {
        try statements.saveAccount.add(account.balance.nanos).add(account.held.nanos).add(account.suspended ? 1 : 0)
            .add(account.id.number).run()
    }

    func insertAccount(name: String, at now: Timestamp) throws -> AccountID {
        AccountID(try statements.insertAccount.add(name).add(now.milliseconds).insert())
    }

    func hasKey(hash: [UInt8]) throws -> Bool {
        try statements.keyWithHash.add(hash).first { _ in true } ?? false
    }

    func insertKey(_ account: AccountID, _ key: NewKey, at now: Timestamp) throws -> APIKey {
        let id = try statements.insertKey.add(account.number).add(key.name).add(key.hash)
            .add(ScopeText.text(of: key.scopes)).add(now.milliseconds).insert()
        return APIKey(id: id, account: account, name: key.name, scopes: key.scopes, revoked: false, createdAt: now)
    }

    func key(_ id: Int64) throws -> APIKey? {
        try statements.key.add(id).first(KeyColumns.key)
    }

    func save(_ key: APIKey) throws {
        try statements.saveKey.add(key.name).add(key.revoked ? 1 : 0).add(key.settings.mode.rawValue)
            .add(key.settings.preset.rawValue).add(Int64(key.settings.slider))
            .add(key.settings.keyPool.rawValue).add(key.dialect?.rawValue)
            .add(AddressesText.text(of: key.access.addresses)).add(key.access.caps.openTasks.map { Int64($0) })
            .add(key.access.caps.dailySpend?.nanos).add(key.id).run()
        cappedKeys[key.id] = key.access.caps.isEmpty ? nil : key.access.caps
    }

    // MARK: Ledger

    func deposited(to account: AccountID, reference: String) throws -> Money? {
        try statements.deposited.add(LedgerAccount.client(account).name).add(account.number).add(reference)
            .first { try $0.money(0) }
    }

    func post(_ transaction: LedgerTransaction, of account: AccountID, at now: Timestamp) throws -> Int64 {
        let id = try statements.insertTransaction.add(transaction.kind.rawValue).add(now.milliseconds)
            .add(account.number).add(transaction.task?.number).add(transaction.attempt.map(Int64.init))
            .add(transaction.reference).insert()
        var line: Int64 = 0
        for entry in transaction.entries {
            line += 1
            try statements.insertEntry.add(id).add(line).add(try ledgerAccount(entry.account)).add(entry.amount.nanos)
                .run()
        }
        return id
    }

    private func ledgerAccount(_ account: LedgerAccount) throws -> Int64 {
        if let known = ledgerAccounts[account] { return known }
        let name = account.name
        let id =
            try statements.ledgerAccount.add(name).first { $0.int(0) }
            ?? statements.insertLedgerAccount.add(name).insert()
        if ledgerAccounts.count >= SQLiteRows.rememberedLedgerAccounts { ledgerAccounts = [:] }
        ledgerAccounts[account] = id
        return id
    }

    // MARK: Tasks

    func insertTask(_ task: NewTask, ceiling: Money, at now: Timestamp) throws -> TaskID {
        let last = try lastTask ?? statements.taskSequence.first { $0.int(0) } ?? 0
        guard let id = TaskID(last + 1) else {
            throw StoreFailure(.other, "All 2^53 task numbers have been used. Begin a new database.")
        }
        try statements.insertTask.add(id.number).add(task.account.number).add(task.key).add(task.family.rawValue)
            .add(ceiling.nanos).add(task.forcedProvider).add(now.milliseconds).add(task.deadline.milliseconds)
            .add(task.preference).add(try route(task.explanation, at: now)).add(task.keyPool)
            .add(task.dialect?.rawValue).run()
        try content.insert.add(id.number).add(task.callback.map { Array($0.url.utf8) }).add(task.payload).run()
        lastTask = id.number
        return id
    }

    func insertAttempt(_ attempt: Attempt, of task: TaskID, at now: Timestamp) throws {
        let candidate = attempt.candidate
        try statements.insertAttempt.add(task.number).add(Int64(attempt.number)).add(candidate.provider)
            .add(candidate.credential).add(candidate.price.nanos).add(candidate.cost.nanos)
            .add(Int64(attempt.state.rawValue)).add(now.milliseconds).run()
    }

    func standing(of task: TaskID) throws -> TaskStanding? {
        try statements.standing.add(task.number).first { row in
            TaskStanding(
                account: AccountID(row.int(0)), key: row.int(7), family: row.text(8), ceiling: try row.money(1),
                ended: row.int(2) != 0, lastAttempt: Int(row.int(3)), provider: row.text(4),
                credential: row.optionalText(5), cost: try row.money(6))
        }
    }

    func setPending(_ attempt: Int, of task: TaskID, providerTask: String) throws {
        try statements.setPending.add(providerTask).add(task.number).add(Int64(attempt)).run()
    }

    func setUnsent(_ isUnsent: Bool, _ attempt: Int, of task: TaskID) throws {
        try statements.setUnsent.add(isUnsent ? 1 : 0).add(task.number).add(Int64(attempt)).run()
    }

    func end(_ attempt: Int, of task: TaskID, _ end: AttemptEnd, credit: Int64?, at now: Timestamp) throws {
        try statements.endAttempt.add(Int64(end.state.rawValue)).add(end.fault).add(end.reportedCost?.nanos)
            .add(now.milliseconds).add(credit).add(task.number).add(Int64(attempt)).run()
    }

    func end(_ task: TaskID, _ outcome: TaskOutcome, charge: Int64?, at now: Timestamp) throws {
        switch outcome {
        case .solved(let solution, let price, let cost):
            let number = try content.insertSolution.add(task.number).add(solution).insert()
            try statements.endSolved.add(now.milliseconds).add(price.nanos).add(cost.nanos).add(charge).add(number)
                .add(task.number).run()
        case .failed(let code, let detail):
            try statements.endFailed.add(now.milliseconds).add(code.rawValue).add(detail).add(task.number).run()
        }
    }
}
