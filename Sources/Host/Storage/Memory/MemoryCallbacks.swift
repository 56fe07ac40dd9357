import Domain

/// A callback in a store in memory.
struct MemoryCallback: Sendable {
    var target: CallbackTarget
    var attempts = 0
    /// Nil until the task has ended.
    var nextAt: Timestamp?
}

extension MemoryRows: CallbackRows {
    func insert(_ callback: CallbackTarget, of task: TaskID) {
        changeCallback(of: task) { $0 = MemoryCallback(target: callback) }
    }

    func makeCallbackDue(of task: TaskID, at now: Timestamp) -> Bool {
        guard state.callbacks[task] != nil else { return false }
        changeCallback(of: task) { $0?.nextAt = now }
        return true
    }

    func forgetCallback(of task: TaskID) {
        changeCallback(of: task) { $0 = nil }
    }

    func postponeCallback(of task: TaskID, attempts: Int, until time: Timestamp) {
        guard state.callbacks[task]?.nextAt != nil else { return }
        changeCallback(of: task) {
            $0?.attempts = attempts
            $0?.nextAt = time
        }
    }

    func changeCallback(of task: TaskID, _ body: (inout MemoryCallback?) -> Void) {
        let before = state.callbacks[task]
        var after = before
        body(&after)
        change({ $0.callbacks[task] = after }, undo: { $0.callbacks[task] = before })
    }
}

extension MemoryState {
    func dueCallbacks(_ query: CallbackQuery) -> CallbackPage {
        let ended = callbacks.filter { $0.value.nextAt != nil }
        let names = Set(ended.values.map(\.target.host)).sorted().filter { $0 > query.afterHost ?? "" }
        let hosts = names.prefix(max(query.hosts, 0))
        var due: [DueCallback] = []
        for host in hosts {
            let own = ended.filter { $0.value.target.host == host && $0.value.nextAt ?? query.now <= query.now }
            let sorted = own.sorted { ($0.value.nextAt ?? query.now, $0.key) < ($1.value.nextAt ?? query.now, $1.key) }
            due += sorted.prefix(max(query.perHost, 0)).compactMap { task, callback in
                guard let stored = tasks[task], let end = stored.end else { return nil }
                return DueCallback(
                    task: task, account: stored.account, host: host, attempts: callback.attempts, endedAt: end.at)
            }
        }
        return CallbackPage(
            due: due, lastHost: hosts.count < names.count ? hosts.last : nil,
            nextAt: ended.values.compactMap(\.nextAt).filter { $0 > query.now }.min())
    }

    func callbackMessage(of id: TaskID) -> CallbackMessage? {
        guard let target = callbacks[id]?.target, let task = tasks[id], let outcome = task.end?.outcome else {
            return nil
        }
        let hash = task.key >= 1 && task.key <= Int64(keyHashes.count) ? keyHashes[Int(task.key) - 1] : []
        return CallbackMessage(target: target, family: task.family, outcome: outcome, keyHash: hash)
    }
}
