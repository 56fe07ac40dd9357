public import Domain
import Logging
import Routing

// MARK: - Statistics that outlive the host

extension TaskEngine {
    /// The name under which this host stores what it has learnt. Hosts that shared a database would have one each.
    static let hostName = "main"

    /// Reads what was learnt before the start of the adapters that are there. What is stored of others stays there for
    /// a while, so that an adapter which comes back is known. Comes before the first `begin`.
    ///
    /// - Throws: `StoreFailure`.
    public func restoreStatistics() async throws(StoreFailure) {
        let stored = try await store.read { store throws(StoreFailure) in try store.statistics() }
        let providers = market.providers
        market.withBoard { board in
            for (host, rows) in stored.sorted(by: { $0.key < $1.key }) {
                let rows = rows.filter { providers[$0.provider] != nil }
                board.restore(rows, isOwn: host == TaskEngine.hostName, at: now())
            }
        }
    }

    /// Stores what was learnt since the last time, if anything was. What fails to be stored comes with the next.
    public func storeStatistics() async {
        guard let rows = market.withBoard({ $0.unstored() }) else { return }
        do {
            _ = try await store.perform(.storeStatistics(host: TaskEngine.hostName, rows))
        } catch {
            logger.warning("What was learnt of providers could not be stored, and is tried again: \(error)")
            market.withBoard { $0.markUnstored(rows) }
        }
    }
}
