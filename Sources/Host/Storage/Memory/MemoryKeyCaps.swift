import Domain

extension MemoryRows: KeyCapRows {
    func caps(ofKey key: Int64) -> KeyCaps? {
        state.cappedKeys.isEmpty ? nil : state.cappedKeys[key]
    }

    func usage(ofKey key: Int64) -> KeyUsage? {
        state.keyUsage[key]
    }

    func save(_ usage: KeyUsage, ofKey key: Int64) {
        let before = state.keyUsage[key]
        change({ $0.keyUsage[key] = usage }, undo: { $0.keyUsage[key] = before })
    }

    func eraseUsage(ofKey key: Int64) {
        let before = state.keyUsage[key]
        change({ $0.keyUsage[key] = nil }, undo: { $0.keyUsage[key] = before })
    }

    func countedUsage(ofKey key: Int64) throws -> KeyUsage {
        let open = state.openTasks.compactMap { state.tasks[$0] }.filter { $0.key == key }
        return KeyUsage(openTasks: Int64(open.count), held: try MemoryState.sum(open.map(\.ceiling)))
    }

    func charged(_ key: Int64, of account: AccountID, on day: UTCDay) throws -> Money {
        let places = state.histories.usage.filter {
            $0.key.account == account && $0.key.day == day.number && $0.key.key == key
        }
        return try MemoryState.sum(places.values.map(\.charged))
    }
}
