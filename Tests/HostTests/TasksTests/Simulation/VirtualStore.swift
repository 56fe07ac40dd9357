import Domain
import Storage

/// A store in the virtual world: commits take time, several operations share one, some fail, and a crash forgets what
/// was not committed and answers nobody.
final class VirtualStore: StoreAccess, @unchecked Sendable {
    let store: MemoryStore
    private let world: VirtualWorld
    private var waiting: [(StoreOperation, @Sendable (Result<StoreReply, StoreError>) -> Void)] = []
    private var committing = false
    /// The probability that a commit fails as with a full disk.
    var failing = 0.0
    /// The probability that a commit without new tasks takes effect although it is said to have failed.
    var deceiving = 0.0

    /// Is told of everything that has come to be stored.
    var committed: (StoreOperation, StoreReply) -> Void = { _, _ in }

    init(_ store: MemoryStore, world: VirtualWorld) {
        self.store = store
        self.world = world
    }

    func perform(
        _ operation: StoreOperation, completion: @escaping @Sendable (Result<StoreReply, StoreError>) -> Void
    ) {
        waiting.append((operation, completion))
        guard !committing else { return }
        committing = true
        world.after(world.seconds(0.0001...0.02), host: true) { self.commit() }
    }

    private func commit() {
        committing = false
        let batch = waiting
        waiting = []
        let failure = StoreFailure(.diskFull, "The disk is full.")
        var results: [Result<StoreReply, StoreError>]
        if world.chance(failing) {
            results = batch.map { _ in .failure(.failed(failure)) }
        } else {
            do {
                results = try store.commit(batch.map(\.0), at: world.now).map { $0.mapError { .refused($0) } }
            } catch {
                results = batch.map { _ in .failure(.failed(error)) }
            }
        }
        for (result, operation) in zip(results, batch) {
            if case .success(let reply) = result { committed(operation.0, reply) }
        }
        let isNew = batch.contains { if case .accept = $0.0 { true } else { false } }
        if !isNew, world.chance(deceiving) { results = batch.map { _ in .failure(.failed(failure)) } }
        // A crash may come between the commit and any of the answers.
        for (result, operation) in zip(results, batch) {
            world.after(world.seconds(0...0.002), host: true) { operation.1(result) }
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        world.after(world.seconds(0.0001...0.005), host: true) {
            completion(Result { () throws(StoreFailure) in try body(self.store) })
        }
    }

    func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        read(body, completion: completion)
    }
}
