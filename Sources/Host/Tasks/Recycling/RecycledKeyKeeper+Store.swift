import Domain
import Logging
import NIOConcurrencyHelpers

/// Operations about one key, one after the other.
extension RecycledKeyKeeper {
    func enqueue(_ job: KeeperJob, for id: ProviderKeyID) {
        if state.withLockedValue({ $0.append(job, for: id) }) { run(id) }
    }

    func run(_ id: ProviderKeyID) {
        guard let job = state.withLockedValue({ $0.job(of: id) }) else { return }
        switch job.request {
        case .write(let operation):
            store.perform(.recycling(operation)) { [self] result in
                switch result {
                case .success(.recycledKey(let key)): ended(job, id, .success(key))
                case .success: ended(job, id, .failure(.refused(.unknownRecycledKey)))
                case .failure(let error): ended(job, id, .failure(error))
                }
            }
        case .read:
            store.read { store throws(StoreFailure) in
                try store.recycledKey(id)
            } completion: { [self] result in
                switch result {
                case .success(let key?): ended(job, id, .success(key))
                case .success(nil): ended(job, id, .failure(.refused(.unknownRecycledKey)))
                case .failure(let failure): ended(job, id, .failure(.failed(failure)))
                }
            }
        }
    }

    private func ended(_ job: KeeperJob, _ id: ProviderKeyID, _ result: Result<RecycledKey, StoreError>) {
        defer {
            reportIdle()
            wake()
        }
        var next: KeeperJob?
        switch result {
        case .success(let key):
            job.first(key)
            note(key)
        case .failure(.failed(let failure)) where job.isRetried:
            logger.warning(
                "What happened to a recycled key cannot be stored and is tried again: \(failure)",
                metadata: ["recycledKey": "\(id)"])
            return state.withLockedValue { $0.fail(id, until: now().adding(seconds: Limits.storeRetrySeconds)) }
        case .failure(.failed):
            // It may have taken effect all the same.
            next = KeeperJob(request: .read, isRetried: true, first: job.first)
        case .failure(.refused): break
        }
        let hasMore = state.withLockedValue { state in
            state.finish(id, then: next)
            return state.job(of: id) != nil
        }
        job.completion(result)
        if hasMore { run(id) }
    }
}
