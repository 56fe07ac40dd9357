public import Domain

/// The pasts of accounts, as the store keeps them.
public struct HistoryService: HistoryUseCases {
    private let store: any StoreAccess

    public init(store: any StoreAccess) {
        self.store = store
    }

    public func transactions(_ query: TransactionQuery) async throws(ClientError) -> [TransactionRecord] {
        var query = query
        query.limit = min(max(query.limit, 1), Limits.transactionsPerPage)
        return try await read { [query] store throws(StoreFailure) in try store.transactions(query) }
    }

    public func usage(_ query: UsageQuery) async throws(ClientError) -> [UsageRow] {
        var query = query
        let last = query.days.upperBound
        let (earliest, overflow) = last.subtractingReportingOverflow(Int64(Limits.usageDays) - 1)
        if !overflow { query.days = max(query.days.lowerBound, earliest)...last }
        return try await read { [query] store throws(StoreFailure) in try store.usage(query) }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value
    ) async throws(ClientError) -> Value {
        do {
            return try await store.read(body)
        } catch {
            throw ClientError(error)
        }
    }
}
