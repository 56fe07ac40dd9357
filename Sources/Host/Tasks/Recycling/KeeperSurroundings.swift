public import Domain
import ProviderKit
public import Routing

/// The world around the keeper of recycled keys.
public struct KeeperSurroundings: Sendable {
    /// Has the host open a key when its credential is used, from now on. Called again for a key that it has.
    public var take: @Sendable (SealedProviderKey) -> Void
    /// Has the host let go of a key that is erased.
    public var release: @Sendable (ProviderKeyID, _ provider: String) -> Void
    /// Whether a key can be used: its adapter is loaded, and the key opens.
    public var isUsable: @Sendable (_ provider: String, _ credential: String) -> Bool
    /// Whether the configuration refers to the same key by now.
    public var isConfigured: @Sendable (SealedProviderKey) -> Bool
    /// Asks a provider about a key. The completion comes once, on any thread.
    public var check:
        @Sendable (
            _ provider: String, _ credential: String, _ completion: @escaping @Sendable (RecycledKeyFinding) -> Void
        ) -> Void
    /// Asks for a place for a check of a key of this provider, besides the attempts that may find their keys wrong.
    public var takeCheck: @Sendable (_ provider: String, _ now: Timestamp) -> Bool
    /// Gives the place of a check back.
    public var endCheck: @Sendable (_ provider: String) -> Void
    /// Has it counted that a provider has refused a key, for the choice of keys for tasks.
    public var refused: @Sendable (_ provider: String, _ wasGood: Bool, _ at: Timestamp) -> Void
    /// Has tasks go through a key, or takes note of what is on it.
    public var pool: @Sendable (PooledKey, _ provider: String) -> Void
    /// Has no further task go through a key.
    public var unpool: @Sendable (_ credential: String, _ provider: String) -> Void
    /// How many tasks are open with a key, and what they will cost.
    public var openTasks: @Sendable (_ credential: String, _ provider: String) -> (count: Int, cost: Money)
    /// What the cheapest task costs at a provider; nil when nobody knows.
    public var cheapest: @Sendable (_ provider: String) -> Money?

    public init(
        take: @escaping @Sendable (SealedProviderKey) -> Void,
        release: @escaping @Sendable (ProviderKeyID, String) -> Void,
        isUsable: @escaping @Sendable (String, String) -> Bool,
        isConfigured: @escaping @Sendable (SealedProviderKey) -> Bool = { _ in false },
        check:
            @escaping @Sendable (String, String, _ completion: @escaping @Sendable (RecycledKeyFinding) -> Void) ->
            Void,
        takeCheck: @escaping @Sendable (String, Timestamp) -> Bool = { _, _ in true },
        endCheck: @escaping @Sendable (String) -> Void = { _ in },
        refused: @escaping @Sendable (String, Bool, Timestamp) -> Void = { _, _, _ in },
        pool: @escaping @Sendable (PooledKey, String) -> Void,
        unpool: @escaping @Sendable (String, String) -> Void,
        openTasks: @escaping @Sendable (String, String) -> (count: Int, cost: Money),
        cheapest: @escaping @Sendable (String) -> Money?
    ) {
        self.take = take
        self.release = release
        self.isUsable = isUsable
        self.isConfigured = isConfigured
        self.check = check
        self.takeCheck = takeCheck
        self.endCheck = endCheck
        self.refused = refused
        self.pool = pool
        self.unpool = unpool
        self.openTasks = openTasks
        self.cheapest = cheapest
    }

    /// Around an engine: its market is the pool, and a key is usable when its provider has a credential for it.
    public init(
        engine: TaskEngine, take: @escaping @Sendable (SealedProviderKey) -> Void,
        release: @escaping @Sendable (ProviderKeyID, String) -> Void,
        isConfigured: @escaping @Sendable (SealedProviderKey) -> Bool = { _ in false },
        check:
            @escaping @Sendable (String, String, _ completion: @escaping @Sendable (RecycledKeyFinding) -> Void) ->
            Void
    ) {
        let market = engine.market
        self.init(
            take: take, release: release,
            isUsable: { provider, credential in market.provider(provider)?.credential(credential) != nil },
            isConfigured: isConfigured, check: check, takeCheck: { market.takeCheck(at: $0, $1) },
            endCheck: { market.checkEnded(at: $0) },
            refused: { provider, wasGood, time in market.noteWrongKey(at: provider, wasGood: wasGood, time) },
            pool: { key, provider in market.pool(key, at: provider) },
            unpool: { credential, provider in market.unpool(credential, at: provider) },
            openTasks: { credential, provider in engine.openTasks(with: credential, at: provider) },
            cheapest: { provider in
                let offers = market.offers
                return offers.families.compactMap { offers.offer(of: $0, at: provider)?.cost }.min()
            })
    }
}
