import Domain
import ProviderKit
import Tasks

extension V1Endpoint {
    /// What the owner of an account reads of its past.
    static let history: [V1Endpoint] = [
        V1Endpoint(
            call: .transactions, method: "GET", path: V1Path("transactions"), scope: .manage,
            query: [
                .kind, .from(.dayOrTime), .until(.dayOrTime),
                .limit(most: Limits.transactionsPerPage, usual: Limits.usualTransactionsPerPage), .cursor, .format,
            ], answer: transactions),
        V1Endpoint(
            call: .usage, method: "GET", path: V1Path("usage"), scope: .manage,
            query: [.from(.day), .until(.day), .format], answer: usage),
    ]

    @Sendable private static func transactions(_ request: V1Request) async throws(ClientError) -> V1Answer {
        let asTable = try request.wantsTable(request.query)
        var query = try TransactionQuery(
            request.query, account: request.holder.key.account, limit: try request.pageLimit())
        if let from = query.from, let until = query.until, from >= until {
            throw ClientError(.badParameters, field: "from", "It is not before `until`.")
        }
        if let from = query.from, query.until == nil,
            UTCDay(of: from).number > UTCDay(of: request.useCases.now()).number
        {
            throw V1Request.backwards
        }
        let history = request.useCases.history
        let page = try await history.transactions(query)
        var next: Int64?
        if page.count >= query.limit, let last = page.last {
            query.before = last.number
            query.limit = 1
            // A full page may be the last one all the same.
            if try await !history.transactions(query).isEmpty { next = last.number }
        }
        if asTable {
            return V1Answer(
                TransactionAnswer.table(page, request.ids), headers: next.map { [("next-cursor", String($0))] } ?? [])
        }
        return V1Answer([
            "transactions": .array(page.map { .object(TransactionAnswer.json($0, request.ids)) }),
            "nextCursor": next.map { .string(String($0)) } ?? .null,
        ])
    }

    @Sendable private static func usage(_ request: V1Request) async throws(ClientError) -> V1Answer {
        let parameters = request.query
        let asTable = try request.wantsTable(parameters)
        let until = try parameters.day("until") ?? UTCDay(of: request.useCases.now())
        let from = try parameters.day("from") ?? until.adding(days: Int64(1 - Limits.usualUsageDays))
        guard from <= until else { throw V1Request.backwards }
        guard until.number - from.number < Int64(Limits.usageDays) else {
            throw ClientError(
                .badParameters, field: "from", "One answer is about \(Limits.usageDays) days at most.")
        }
        let rows = try await request.useCases.history.usage(
            UsageQuery(account: request.holder.key.account, days: from.number...until.number))
        if asTable { return V1Answer(UsageAnswer.table(rows)) }
        return V1Answer([
            "from": .string(from.description), "until": .string(until.description),
            "usage": .array(rows.map { .object(UsageAnswer.json($0)) }),
        ])
    }
}

extension V1Request {
    fileprivate static let backwards = ClientError(
        .badParameters, field: "from", "It is later than `until`, or than today where that is missing.")

    /// Whether the answer is to be CSV: `format` says so, or without it the header `Accept`.
    fileprivate func wantsTable(_ parameters: QueryParameters) throws(ClientError) -> Bool {
        switch try parameters.one("format")?.lowercased() {
        case "csv": return true
        case "json": return false
        case nil: return message.prefers("text/csv", to: ServerResponse.json)
        default: throw ClientError(.badParameters, field: "format", "There are json and csv.")
        }
    }
}

extension TransactionQuery {
    fileprivate init(_ parameters: QueryParameters, account: AccountID, limit: Int) throws(ClientError) {
        let names = Dictionary(uniqueKeysWithValues: LedgerTransaction.Kind.allCases.map { ($0.rawValue, $0) })
        var kinds: Set<LedgerTransaction.Kind> = []
        for name in parameters.list("kind") {
            guard let kind = names[name.uppercased()] else {
                let all = LedgerTransaction.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw ClientError(.badParameters, field: "kind", "There is no such kind. Those there are: \(all).")
            }
            kinds.insert(kind)
        }
        self.init(
            account: account, kinds: kinds, from: try parameters.time("from", endOfDay: false),
            until: try parameters.time("until", endOfDay: true),
            before: try parameters.number("cursor", in: 1...Int64.max),
            limit: limit)
    }
}
