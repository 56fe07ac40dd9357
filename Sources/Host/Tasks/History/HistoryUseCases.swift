public import Domain

/// What the owner of an account can read of its past, whatever dialect asks for it.
public protocol HistoryUseCases: Sendable {
    /// Transactions of an account, the newest first. The query's limit is brought within
    /// 1...`Limits.transactionsPerPage`.
    ///
    /// - Throws: what the store's failures become.
    func transactions(_ query: TransactionQuery) async throws(ClientError) -> [TransactionRecord]
    /// What an account has used, by day, API key, family and provider, on the last `Limits.usageDays` of the days that
    /// the query names.
    ///
    /// - Throws: what the store's failures become.
    func usage(_ query: UsageQuery) async throws(ClientError) -> [UsageRow]
}
