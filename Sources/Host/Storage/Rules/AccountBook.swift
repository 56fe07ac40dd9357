import Domain

/// The accounts that a batch touches: each is read once and written once, however many operations change it.
struct AccountBook {
    private struct Page {
        var state: AccountState
        var changed = false
    }

    private var pages: [AccountID: Page] = [:]

    /// The account as the operations before have left it; nil when there is none.
    mutating func account(_ id: AccountID, in rows: some StoreRows) throws -> AccountState? {
        if let page = pages[id] { return page.state }
        guard let state = try rows.account(id) else { return nil }
        pages[id] = Page(state: state)
        return state
    }

    /// What the account is after a movement, without taking it down.
    ///
    /// - Throws: `StoreFailure` when it would leave what an account can be: nothing may be written then.
    static func moving(_ state: AccountState, balance: Money = .zero, held: Money = .zero) throws -> AccountState {
        var moved = state
        guard let newBalance = state.balance.adding(balance), let newHeld = state.held.adding(held),
            newBalance >= .zero, newHeld >= .zero, newHeld <= newBalance
        else {
            throw StoreFailure(
                .other,
                "Account \(state.id) has a balance of \(state.balance) and \(state.held) held, which cannot change by "
                    + "\(balance) and \(held). Run `ucaptcha ledger verify` and restore a backup if it finds a problem."
            )
        }
        moved.balance = newBalance
        moved.held = newHeld
        return moved
    }

    mutating func take(_ state: AccountState) {
        pages[state.id] = Page(state: state, changed: true)
    }

    /// Writes the accounts that have changed.
    func write(to rows: some StoreRows) throws {
        for page in pages.values where page.changed { try rows.save(page.state) }
    }
}
