/// A store behind threads of its own: what the host uses, so that nobody waits for a disk on a shared thread.
///
/// Operations that arrive while a commit is under way share the next one. Completions come in the order of the
/// operations, on a thread of the store, after the commit; they have to be short. What is refused at once, because too
/// much waits or the store has stopped, is answered on the caller's thread.
public protocol StoreAccess: Sendable {
    func perform(
        _ operation: StoreOperation, completion: @escaping @Sendable (Result<StoreReply, StoreError>) -> Void)

    /// Runs a read on a thread of the store.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void)

    /// Like `read`, for what may take long, such as a verification or a backup: other reads don't wait for it.
    func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void)
}

/// Why an operation has no reply.
public enum StoreError: Error, Sendable, Hashable {
    case refused(StoreRefusal)
    case failed(StoreFailure)
}

extension StoreAccess {
    /// - Throws: `StoreError`.
    public func perform(_ operation: StoreOperation) async throws(StoreError) -> StoreReply {
        try await withCheckedContinuation { continuation in
            perform(operation) { continuation.resume(returning: $0) }
        }.get()
    }

    /// - Throws: `StoreFailure`.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value
    ) async throws(StoreFailure) -> Value {
        try await withCheckedContinuation { continuation in
            read(body) { continuation.resume(returning: $0) }
        }.get()
    }

    /// - Throws: `StoreFailure`.
    public func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value
    ) async throws(StoreFailure) -> Value {
        try await withCheckedContinuation { continuation in
            readLong(body) { continuation.resume(returning: $0) }
        }.get()
    }
}
