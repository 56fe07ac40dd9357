import Domain

extension MemoryRows: ContentRows {
    func contentToErase(endedUntil time: Timestamp, atMost count: Int) -> [TaskID] {
        state.tasks.values.filter { $0.payload != nil }.sorted { $0.id.number < $1.id.number }.prefix(count)
            .filter { $0.end.map { $0.at <= time } ?? false }.map(\.id)
    }

    func eraseContent(of tasks: [TaskID]) {
        for id in tasks {
            guard let before = state.tasks[id] else { continue }
            var after = before
            after.payload = nil
            if case .solved(_, let price, let cost)? = before.end?.outcome, let end = before.end {
                after.end = TaskRecord.End(at: end.at, outcome: .solved(solution: [], price: price, cost: cost))
            }
            let erased = after
            change({ $0.tasks[id] = erased }, undo: { $0.tasks[id] = before })
            changeCallback(of: id) { callback in
                guard let target = callback?.target else { return }
                callback?.target = CallbackTarget(url: "", host: target.host, taskName: target.taskName)
            }
        }
    }
}
