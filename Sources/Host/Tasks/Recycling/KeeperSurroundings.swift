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
    /// Asks a provider about a key. The completion comes once, on any thread.
    public var check:
        @Sendable (
            _ provider: String, _ credential: String, _ completion: @escaping @Sendable (RecycledKeyFinding) -> Void
        ) -> Void
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
        check:
            @escaping @Sendable (String, String, _ completion: @escaping @Sendable (RecycledKeyFinding) -> Void) ->
            Void,
        pool: @escaping @Sendable (PooledKey, String) -> Void,
        unpool: @escaping @Sendable (String, String) -> Void,
        openTasks: @escaping @Sendable (String, String) -> (count: Int, cost: Money),
        cheapest: @escaping @Sendable (String) -> Money?
    ) {
        self.take = take
        self.release = release
        self.isUsable = isUsable
        self.check = check
        self.pool = pool
        self.unpool = unpool
        self.openTasks = openTasks
        self.cheapest = cheapest
    }

    /// Around an engine: its market is the pool, and a key is usable when its provider has a credential for it.
    public init(
        engine: TaskEngine, take: @escaping @Sendable (SealedProviderKey) -> Void,
        release: @escaping @Sendable (ProviderKeyID, String) -> Void,
        check:
            @escaping @Sendable (String, String, _ completion: @escaping @Sendable (RecycledKeyFinding) -> Void) ->
            Void
    ) {
        let market = engine.market
        self.init(
            take: take, release: release,
            isUsable: { provider, credential in market.provider(provider)?.credential(credential) != nil },
            check: check,
            pool: { key, provider in market.pool(key, at: provider) },
            unpool: { credential, provider in market.unpool(credential, at: provider) },
            openTasks: { credential, provider in engine.openTasks(with: credential, at: provider) },
            cheapest: { provider in
                let offers = market.offers
                return offers.families.compactMap { offers.offer(of: $0, at: provider)?.cost }.min()
            })
    }
}
