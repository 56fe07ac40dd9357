import Domain

/// What the rules read and write of keys that have caps. Keys without one, which are nearly all, have no usage, and
/// nothing is read for them.
protocol KeyCapRows: AnyObject {
    /// The caps of a key that has any. It costs no read.
    func caps(ofKey key: Int64) -> KeyCaps?
    /// What the key has open, as it is stored; nil when none is kept.
    func usage(ofKey key: Int64) throws -> KeyUsage?
    func save(_ usage: KeyUsage, ofKey key: Int64) throws
    func eraseUsage(ofKey key: Int64) throws
    /// What the key has open, found out from its tasks.
    func countedUsage(ofKey key: Int64) throws -> KeyUsage
    /// What the key was charged on a day, by what is written of the account's usage.
    func charged(_ key: Int64, of account: AccountID, on day: UTCDay) throws -> Money
}

/// What a key has open.
struct KeyUsage: Sendable, Hashable {
    var openTasks: Int64 = 0
    /// The sum of the ceilings of its open tasks.
    var held = Money.zero
}

/// What the keys with caps use, while a batch changes it: each is read once and written once.
struct KeyCapBook {
    private var pages: [Int64: KeyUsage] = [:]
    /// What keys were charged today, for those that the batch had to know it of.
    private var charged: [Int64: Money] = [:]

    /// The most that a task of the key may reserve; nil: as much as the account has.
    ///
    /// - Parameter charges: what the batch has charged and not written.
    /// - Returns: a refusal when the key may have no further task.
    mutating func room(
        forTaskOf key: Int64, of account: AccountID, charges: UsageBook, at now: Timestamp, in rows: some KeyCapRows
    ) throws -> Result<Money?, StoreRefusal> {
        guard let caps = rows.caps(ofKey: key) else { return .success(nil) }
        let usage = try usage(ofKey: key, in: rows)
        if let cap = caps.openTasks, usage.openTasks >= Int64(cap) { return .failure(.keyTaskLimit) }
        guard let cap = caps.dailySpend else { return .success(nil) }
        let today = UTCDay(of: now)
        let charged =
            try self.charged[key]
            ?? rows.charged(key, of: account, on: today).adding(charges.charged(key, of: account, on: today)) ?? .most
        self.charged[key] = charged
        let used = usage.held.adding(charged) ?? .most
        return .success(max(cap.subtracting(used) ?? .zero, .zero))
    }

    /// A task of the key was accepted.
    mutating func accepted(_ ceiling: Money, ofKey key: Int64, in rows: some KeyCapRows) throws {
        guard rows.caps(ofKey: key) != nil else { return }
        var usage = try usage(ofKey: key, in: rows)
        usage.openTasks += 1
        usage.held = usage.held.adding(ceiling) ?? .most
        pages[key] = usage
    }

    /// A task of the key was settled.
    mutating func settled(_ ceiling: Money, charged: Money, ofKey key: Int64, in rows: some KeyCapRows) throws {
        guard rows.caps(ofKey: key) != nil else { return }
        var usage = try usage(ofKey: key, in: rows)
        usage.openTasks = max(usage.openTasks - 1, 0)
        usage.held = max(usage.held.subtracting(ceiling) ?? .zero, .zero)
        pages[key] = usage
        if let before = self.charged[key] { self.charged[key] = before.adding(charged) ?? .most }
    }

    /// The key has other caps than before: from the first one on its usage is kept, and not beyond the last.
    mutating func changed(_ key: APIKey, from before: KeyCaps, in rows: some KeyCapRows) throws {
        if key.access.caps.isEmpty, !before.isEmpty {
            pages[key.id] = nil
            charged[key.id] = nil
            try rows.eraseUsage(ofKey: key.id)
        } else if before.isEmpty, !key.access.caps.isEmpty {
            pages[key.id] = try rows.countedUsage(ofKey: key.id)
        }
    }

    private func usage(ofKey key: Int64, in rows: some KeyCapRows) throws -> KeyUsage {
        if let page = pages[key] { return page }
        guard let stored = try rows.usage(ofKey: key) else {
            throw StoreFailure(
                .unreadable, "The database has lost what API key \(key) uses, which has a cap. Restore a backup.")
        }
        return stored
    }

    /// Writes the usage that has changed.
    func write(to rows: some KeyCapRows) throws {
        for (key, usage) in pages { try rows.save(usage, ofKey: key) }
    }
}
