import Domain

/// Whose turn it is among the callbacks that are due: they are read from the store a page at a time, host after host,
/// and given places.
///
/// A pure value. What waits is in the store and not here: this holds the callbacks that have a place, and where in the
/// round over all hosts it is. The rounds go on as long as something that is due may be left.
struct CallbackQueue {
    /// How many may have a place: all, those to one host, those for one account.
    struct Places: Sendable, Hashable {
        var all = Limits.callbacksAtOnce
        var perHost = Limits.callbacksPerHost
        var perAccount = Limits.callbacksPerAccount
    }

    private let places: Places
    private(set) var underWay: [TaskID: DueCallback] = [:]
    private var byHost: [String: Int] = [:]
    private var byAccount: [AccountID: Int] = [:]
    /// The last host of this round that was looked at; nil between two rounds.
    private var cursor: String?
    /// Whether another round is to follow.
    private var isWanted = true
    /// Whether something that is due got no place in this round.
    private var hasLeftover = false
    private var isReading = false
    /// Those that gave their places back while a page was being read, which may still have them as due.
    private var endedMeanwhile: Set<TaskID> = []
    private var nextAt: Timestamp?
    /// The earliest time until which one was postponed while a page was being read.
    private var postponedMeanwhile = Timestamp.distantFuture
    private var readAgainAt = Timestamp(milliseconds: .min)

    init(_ places: Places = Places()) {
        self.places = places
    }

    /// Has another round follow, because a callback may have become due.
    mutating func want() { isWanted = true }

    /// The page that has to be read now; nil for none. `begin` or `readFailed` has to follow.
    mutating func page(at now: Timestamp) -> CallbackQuery? {
        guard !isReading, now >= readAgainAt, underWay.count < places.all else { return nil }
        if cursor == nil {
            guard isWanted || nextAt.map({ $0 <= now }) == true else { return nil }
            isWanted = false
            hasLeftover = false
        }
        isReading = true
        // Those that have places are due in the store as well, and are not to hide others.
        return CallbackQuery(
            now: now, afterHost: cursor, hosts: Limits.callbackHostsPerPage, perHost: 2 * places.perHost)
    }

    /// Gives places to callbacks of a page that was read.
    ///
    /// - Returns: those that got one. `ended` has to follow for each.
    mutating func begin(_ page: CallbackPage, at now: Timestamp) -> [DueCallback] {
        nextAt = [page.nextAt, postponedMeanwhile, now.adding(seconds: Limits.callbackLookSeconds)].compactMap(\.self)
            .min()
        endReading(at: now.adding(seconds: Limits.callbackPageSeconds))
        cursor = page.lastHost
        var begun: [DueCallback] = []
        for due in page.due where underWay[due.task] == nil && !endedMeanwhile.contains(due.task) {
            guard underWay.count < places.all else {
                // Those behind it have their turn before it has its next one.
                cursor = due.host
                hasLeftover = true
                break
            }
            guard byHost[due.host, default: 0] < places.perHost,
                byAccount[due.account, default: 0] < places.perAccount
            else {
                hasLeftover = true
                continue
            }
            underWay[due.task] = due
            byHost[due.host, default: 0] += 1
            byAccount[due.account, default: 0] += 1
            begun.append(due)
        }
        endedMeanwhile = []
        return begun
    }

    /// The page could not be read; it is tried again later.
    mutating func readFailed(at now: Timestamp) {
        endReading(at: now.adding(seconds: Limits.storeRetrySeconds))
        endedMeanwhile = []
        isWanted = true
    }

    private mutating func endReading(at next: Timestamp) {
        isReading = false
        readAgainAt = next
        postponedMeanwhile = .distantFuture
    }

    /// A callback gives its place back: what became of it is stored.
    mutating func ended(_ task: TaskID) {
        guard let due = underWay.removeValue(forKey: task) else { return }
        CallbackQueue.release(due.host, &byHost)
        CallbackQueue.release(due.account, &byAccount)
        if isReading { endedMeanwhile.insert(task) }
        if hasLeftover { isWanted = true }
    }

    private static func release<Key: Hashable>(_ key: Key, _ counts: inout [Key: Int]) {
        counts[key, default: 1] -= 1
        if counts[key] == 0 { counts[key] = nil }
    }

    /// A callback that was postponed is due then.
    mutating func due(at time: Timestamp) {
        nextAt = min(nextAt ?? .distantFuture, time)
        if isReading { postponedMeanwhile = min(postponedMeanwhile, time) }
    }

    /// When `page` has something to say, as far as nothing else happens before.
    var wake: Timestamp? {
        guard !isReading, underWay.count < places.all else { return nil }
        if cursor != nil || isWanted { return readAgainAt }
        return nextAt.map { max($0, readAgainAt) }
    }
}
