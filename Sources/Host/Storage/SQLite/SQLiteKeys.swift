import Domain
import GRDB

/// API keys as both connections read them.
enum KeyColumns {
    static let names =
        "id, account, name, scopes, revoked, mode, preset, slider, key_pool, created_at, "
        + "addresses, open_tasks_cap, daily_spend_cap, dialect"
    /// How many columns these are.
    static let count = Int32(names.count { $0 == "," } + 1)
    static let select = "SELECT \(names) FROM api_keys"

    /// A key of the row's first columns, which are `names`.
    static func key(_ row: borrowing StatementRow) throws -> APIKey {
        guard let mode = RoutingSettings.Mode(rawValue: row.text(5)),
            let preset = RoutingSettings.Preset(rawValue: row.text(6)),
            let pool = KeyPoolMode(rawValue: row.text(8)),
            let settings = RoutingSettings(mode: mode, preset: preset, slider: Int(row.int(7)), keyPool: pool)
        else {
            throw StoreFailure(.unreadable, "The database holds settings of a key that cannot be. Restore a backup.")
        }
        return APIKey(
            id: row.int(0), account: AccountID(row.int(1)), name: row.text(2),
            scopes: ScopeText.scopes(in: row.text(3)),
            revoked: row.int(4) != 0, settings: settings,
            access: KeyAccess(addresses: try AddressesText.addresses(in: row.text(10)), caps: try row.caps(11)),
            dialect: DialectColumn.dialect(row, 13),
            createdAt: Timestamp(milliseconds: row.int(9)))
    }
}

/// Scopes as they are stored: their names with spaces between.
enum ScopeText {
    static func text(of scopes: Set<APIKey.Scope>) -> String {
        scopes.map(\.rawValue).sorted().joined(separator: " ")
    }

    /// A name that is not known grants nothing.
    static func scopes(in text: String) -> Set<APIKey.Scope> {
        Set(text.split(separator: " ").compactMap { APIKey.Scope(rawValue: String($0)) })
    }
}
