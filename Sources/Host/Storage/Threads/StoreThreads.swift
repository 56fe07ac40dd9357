public import Domain
import Synchronization

/// A store behind threads of its own: one that writes, one that reads, and one for reads that take long.
///
/// While a commit is under way, operations gather for the next one; an idle writer commits a single one at once. Every
/// queue is bounded: what does not fit is refused at once, on the caller's thread, with `overloaded`.
public final class StoreThreads: StoreAccess {
    /// A class, since it changes hands several times and an operation holds much that would be counted each time.
    private final class Write: Sendable {
        let operation: StoreOperation
        let completion: @Sendable (Result<StoreReply, StoreError>) -> Void

        init(_ operation: StoreOperation, _ completion: @escaping @Sendable (Result<StoreReply, StoreError>) -> Void) {
            self.operation = operation
            self.completion = completion
        }
    }

    private struct Read: Sendable {
        let run: @Sendable (any Store) -> Void
    }

    private let writes = BlockingQueue<Write>(
        capacity: Limits.waitingWrites, maximumWeight: Limits.waitingWriteBytes,
        weigh: { StoreThreads.bytes(of: $0.operation) })
    private let reads = BlockingQueue<Read>(capacity: Limits.waitingReads)
    private let longReads = BlockingQueue<Read>(capacity: Limits.waitingLongReads)
    private let threads: Mutex<[NamedThread]>

    /// Starts the threads. `stop` ends them.
    ///
    /// - Parameter now: the time that commits are stamped with, read once for each.
    /// - Throws: `StoreFailure` when the system has no threads left.
    public init(_ store: any Store, now: @escaping @Sendable () -> Timestamp) throws(StoreFailure) {
        let started = [
            NamedThread("store-writer") { [writes] in StoreThreads.write(writes, to: store, now) },
            NamedThread("store-reader") { [reads] in StoreThreads.read(reads, from: store) },
            NamedThread("store-long") { [longReads] in StoreThreads.read(longReads, from: store) },
        ]
        threads = Mutex(started)
        guard started.allSatisfy(\.isRunning) else {
            stop()
            throw StoreFailure(.other, "The system has no threads left for the store. Raise the limit of processes.")
        }
    }

    deinit {
        stop()
    }

    public func perform(
        _ operation: StoreOperation, completion: @escaping @Sendable (Result<StoreReply, StoreError>) -> Void
    ) {
        let offer = writes.offer(Write(operation, completion))
        if let failure = StoreThreads.failure(offer, "written") { completion(.failure(.failed(failure))) }
    }

    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        enqueue(body, on: reads, completion)
    }

    public func readLong<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value,
        completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        enqueue(body, on: longReads, completion)
    }

    /// Finishes what waits and ends the threads; what comes later fails with `stopped`. Blocks until they have ended.
    public func stop() {
        writes.close()
        reads.close()
        longReads.close()
        let ending = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in ending { thread.join() }
    }

    private func enqueue<Value: Sendable>(
        _ body: @escaping @Sendable (any Store) throws(StoreFailure) -> Value, on queue: BlockingQueue<Read>,
        _ completion: @escaping @Sendable (Result<Value, StoreFailure>) -> Void
    ) {
        let read = Read { store in
            do throws(StoreFailure) { completion(.success(try body(store))) } catch { completion(.failure(error)) }
        }
        if let failure = StoreThreads.failure(queue.offer(read), "read") { completion(.failure(failure)) }
    }

    // MARK: On the threads

    private static func read(_ queue: BlockingQueue<Read>, from store: any Store) {
        while true {
            let reads = queue.take(64)
            if reads.isEmpty { return }
            for read in reads { read.run(store) }
        }
    }

    private static func write(_ queue: BlockingQueue<Write>, to store: any Store, _ now: @Sendable () -> Timestamp) {
        while true {
            let batch = queue.take(Limits.operationsPerCommit)
            if batch.isEmpty { return }
            commit(batch[...], to: store, at: now())
        }
    }

    /// Commits a batch and tells everybody what came of it, in their order.
    ///
    /// A failure that may be one operation's doing, such as a row that is damaged, is not everybody's: nothing of the
    /// batch has happened, so its halves are tried again until the culprit is alone with it.
    private static func commit(_ batch: ArraySlice<Write>, to store: any Store, at now: Timestamp) {
        do throws(StoreFailure) {
            let results = try store.commit(batch.map(\.operation), at: now)
            for (write, result) in zip(batch, results) { write.completion(result.mapError(StoreError.refused)) }
        } catch {
            guard batch.count > 1, error.kind == .other || error.kind == .unreadable else {
                for write in batch { write.completion(.failure(.failed(error))) }
                return
            }
            let middle = batch.startIndex + batch.count / 2
            commit(batch[..<middle], to: store, at: now)
            commit(batch[middle...], to: store, at: now)
        }
    }

    // MARK: Bounds

    private static func failure(_ offer: QueueOffer, _ what: String) -> StoreFailure? {
        switch offer {
        case .taken: nil
        case .closed: StoreFailure(.stopped, "The host is being stopped. Try again when it has started.")
        case .full:
            StoreFailure(.overloaded, "More is waiting to be \(what) than the database can take. Try again soon.")
        }
    }

    /// About how many bytes an operation holds in memory while it waits.
    private static func bytes(of operation: StoreOperation) -> Int {
        switch operation {
        case .accept(let task): task.payload.count
        case .settle(_, _, _, .solved(let solution, _, _)): solution.count
        default: 0
        }
    }
}
