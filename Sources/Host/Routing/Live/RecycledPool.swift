import Domain
import ProviderKit

/// The recycled keys of one provider, and how each is doing. An array, so that looking at many of them is quick.
struct RecycledPool: Sendable {
    /// Those that tasks may go through, in the order in which they came.
    private(set) var keys: [Key] = []
    /// Where each of them is, and where those of each owner are.
    private var places: [String: Int] = [:]
    private var owned: [AccountID: [Int]] = [:]
    /// The places of those that were proven at some time.
    private(set) var proven: [Int] = []
    /// What is open with keys that tasks may not go through, or not yet.
    private var others: [String: Open] = [:]

    struct Key: Sendable {
        let credential: String
        let owner: AccountID
        var tasksPerKey: Int?
        var rest = KeyRest()
        var funds: KeyFunds
        var vouchedAt: Timestamp?
    }

    private struct Open: Sendable {
        var tasks = 0
        var funds = KeyFunds(balance: nil)
        /// Whether the provider has said that the key is wrong: it is not asked for its tasks any more.
        var isRefused = false
    }

    /// Tasks that are open with any recycled key of the provider.
    var openTasks: Int { keys.reduce(0) { $0 + $1.rest.openTasks } + others.values.reduce(0) { $0 + $1.tasks } }

    /// Whether nothing is to be kept of it.
    var isEmpty: Bool { keys.isEmpty && others.isEmpty }

    /// The places of an owner's keys; empty when it has none here.
    func places(of owner: AccountID) -> [Int] { owned[owner] ?? [] }

    /// The key if tasks may go through it.
    subscript(credential: String) -> Key? { places[credential].map { keys[$0] } }

    /// Takes a key in, or takes note of what is on it now. Attempts that are open with it already count.
    ///
    /// - Returns: whether it was not there before.
    mutating func pool(_ key: PooledKey) -> Bool {
        if let place = places[key.credential], keys[place].owner == key.owner {
            keys[place].funds.set(key.balance)
            keys[place].tasksPerKey = key.tasksPerKey
            keys[place].vouchedAt = key.vouchedAt
            // The provider was asked about it. A limit on calls is another matter.
            _ = keys[place].rest.end(limits: false)
            return false
        }
        unpool(key.credential)
        let open = others.removeValue(forKey: key.credential) ?? Open()
        var entry = Key(
            credential: key.credential, owner: key.owner, tasksPerKey: key.tasksPerKey, funds: open.funds)
        entry.rest.openTasks = open.tasks
        entry.funds.set(key.balance)
        entry.vouchedAt = key.vouchedAt
        keys.append(entry)
        index()
        return true
    }

    /// Lets no further task go through a key.
    ///
    /// - Returns: whether any could.
    @discardableResult
    mutating func unpool(_ credential: String) -> Bool {
        guard let place = places[credential] else { return false }
        let key = keys.remove(at: place)
        if key.rest.openTasks > 0 { others[credential] = Open(tasks: key.rest.openTasks, funds: key.funds) }
        index()
        return true
    }

    /// Lets go of a key that the provider has refused.
    mutating func refuse(_ credential: String) {
        unpool(credential)
        others[credential]?.isRefused = true
    }

    /// Whether a key was refused that has open tasks.
    func isRefused(_ credential: String) -> Bool { others[credential]?.isRefused ?? false }

    private mutating func index() {
        places.removeAll(keepingCapacity: true)
        owned.removeAll(keepingCapacity: true)
        proven = keys.indices.filter { keys[$0].rest.provenAt != nil }
        for (place, key) in keys.enumerated() {
            places[key.credential] = place
            owned[key.owner, default: []].append(place)
        }
    }

    // MARK: Attempts

    mutating func began(_ credential: String, _ cost: Money) {
        guard let place = places[credential] else {
            others[credential, default: Open()].tasks += 1
            others[credential]?.funds.began(cost)
            return
        }
        keys[place].rest.openTasks += 1
        keys[place].funds.began(cost)
    }

    /// - Parameters:
    ///   - cost: what the attempt was taken to cost.
    ///   - spent: what the provider took for it, or may have taken.
    mutating func ended(_ credential: String, _ cost: Money, spent: Money) {
        guard let place = places[credential] else {
            others[credential]?.tasks -= 1
            others[credential]?.funds.ended(cost, spent: spent)
            if others[credential].map({ $0.tasks <= 0 }) ?? false { others[credential] = nil }
            return
        }
        keys[place].rest.openTasks -= 1
        keys[place].funds.ended(cost, spent: spent)
    }

    /// The provider has taken something from a key.
    mutating func prove(_ credential: String, at now: Timestamp) {
        guard let place = places[credential] else { return }
        if keys[place].rest.provenAt == nil { proven.append(place) }
        keys[place].rest.proven(at: now)
    }

    /// Changes what is known of a key that tasks may go through; nil for another.
    mutating func withRest<Result>(of credential: String, _ body: (inout KeyRest) -> Result) -> Result? {
        places[credential].map { body(&keys[$0].rest) }
    }
}

/// Whether a key may have a task now.
enum KeyStanding: Sendable {
    /// It may, and has so many.
    case free(openTasks: Int)
    case resting(until: Timestamp)
    /// It has as many as it may, or as is on it. The time is when to ask again.
    case busy(until: Timestamp)
    /// There is too little on it, until it is looked at anew.
    case empty

    /// Why it gets no task now, and until when; nil where waiting is of no use or need.
    var shut: (filter: RouteFilter, until: Timestamp)? {
        switch self {
        case .resting(let until): (.resting(until: until), until)
        case .busy(let until): (.busy, until)
        case .free, .empty: nil
        }
    }
}

extension KeyRest {
    /// How a key stands with the bounds of its adapter and its own.
    func standing(_ most: Int?, _ caution: KeyCaution, at now: Timestamp) -> KeyStanding {
        if let until = waits(at: now) { return .resting(until: until) }
        if let shut = caution.shuts(self) { return shut }
        if let most, openTasks >= most { return .busy(until: now.adding(seconds: Limits.askAgainSeconds)) }
        return .free(openTasks: openTasks)
    }
}

extension RecycledPool {
    /// How a key stands that takes tasks; nil for another.
    func standing(
        _ credential: String, _ cost: Money, _ most: Int?, _ caution: KeyCaution, at now: Timestamp
    ) -> KeyStanding? {
        places[credential].map { keys.standing($0, cost, most, caution, at: now) }
    }
}

extension [RecycledPool.Key] {
    /// How the key at this place stands. No key is copied for it: there may be hundreds to look at.
    ///
    /// - Parameters:
    ///   - cost: what the task is taken to cost.
    ///   - most: what the adapter says about how many tasks a key may have.
    func standing(
        _ place: Int, _ cost: Money, _ most: Int?, _ caution: KeyCaution, at now: Timestamp
    ) -> KeyStanding {
        let coverage = self[place].funds.coverage(of: cost)
        guard coverage != .empty else { return .empty }
        if let until = self[place].rest.waits(at: now) { return .resting(until: until) }
        if let shut = caution.shuts(self[place], at: now) { return shut }
        let (openTasks, own) = (self[place].rest.openTasks, self[place].tasksPerKey ?? .max)
        guard coverage == .covered, openTasks < Swift.min(own, most ?? .max) else {
            return .busy(until: now.adding(seconds: Limits.askAgainSeconds))
        }
        return .free(openTasks: openTasks)
    }
}
