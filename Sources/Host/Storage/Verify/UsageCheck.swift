import Domain

/// Compares the usage by day with the tasks that have ended, in memory that grows with the accounts alone.
///
/// For each account it keeps the sums, for people, and a weighted sum in which what is counted at each place has
/// weights of its own. The weights are made anew in every process, so that nobody can tamper in a way that keeps the
/// weighted sum.
struct UsageCheck {
    private struct Tally: Hashable {
        var solved: Int128 = 0
        var failed: Int128 = 0
        var charged: Int128 = 0
        var refunded: Int128 = 0
        var weighted: UInt64 = 0

        mutating func add(_ usage: StoredUsage) {
            solved += Int128(usage.solved)
            failed += Int128(usage.failed)
            charged += Int128(usage.charged)
            refunded += Int128(usage.refunded)
            for (index, figure) in [usage.solved, usage.failed, usage.charged, usage.refunded].enumerated() {
                var hasher = Hasher()
                hasher.combine(usage.place)
                hasher.combine(index)
                weighted &+= UInt64(bitPattern: Int64(hasher.finalize())) &* UInt64(bitPattern: figure)
            }
        }

        var text: String {
            "\(solved) solved and \(failed) failed tasks, \(LedgerVerifier.usd(charged)) charged and "
                + "\(LedgerVerifier.usd(refunded)) refunded"
        }
    }

    private var ofDays: [Int64: Tally] = [:]
    private var ofTasks: [Int64: Tally] = [:]

    mutating func add(_ usage: StoredUsage) {
        ofDays[usage.place.account.number, default: Tally()].add(usage)
    }

    /// Counts a task that has ended.
    mutating func take(_ task: StoredTask) {
        let place = UsagePlace(
            account: AccountID(task.account), day: UTCDay(of: Timestamp(milliseconds: task.endedAt ?? 0)).number,
            key: task.key,
            family: task.family, provider: task.provider ?? "")
        let usage = StoredUsage(
            place: place, solved: task.price == nil ? 0 : 1, failed: task.price == nil ? 1 : 0,
            charged: task.price ?? 0, refunded: task.refund == nil ? 0 : task.price ?? 0)
        ofTasks[task.account, default: Tally()].add(usage)
    }

    /// A sentence for each account whose usage does not fit, by number.
    var problems: [String] {
        Set(ofDays.keys).union(ofTasks.keys).sorted().compactMap { account in
            let (days, tasks) = (ofDays[account] ?? Tally(), ofTasks[account] ?? Tally())
            if days == tasks { return nil }
            return days.text == tasks.text
                ? "The usage of account \(account) is of other days, keys, families or providers than its tasks."
                : "The usage of account \(account) sums to \(days.text), and its tasks to \(tasks.text)."
        }
    }
}
