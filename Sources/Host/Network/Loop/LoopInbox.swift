internal import CLibcurl
internal import ProviderKit
internal import Synchronization

/// libcurl's multi handle. Only the loop's thread uses it, but for waking, which any thread may do while it exists.
struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer

    func wake() { curl_multi_wakeup(pointer) }
}

/// What callers leave for the loop's thread, and the count of what they may.
final class LoopInbox: Sendable {
    struct Mail {
        var arrived: [Exchange] = []
        var cancelled: [UInt64] = []
        var isStopping = false

        var isEmpty: Bool { arrived.isEmpty && cancelled.isEmpty && !isStopping }
    }

    private struct State {
        var mail = Mail()
        var admission: Admission
        var lastID: UInt64 = 0
        var isStopping = false
        /// Nil once the loop has ended and nothing may touch the handle any more.
        var multi: MultiHandle?
    }

    private let state: Mutex<State>

    init(_ limits: TransportLimits, _ multi: MultiHandle) {
        state = Mutex(State(admission: Admission(limits), multi: multi))
    }

    /// Leaves an exchange for the loop and returns its id, or the reason why it may not begin.
    func post(_ transfer: Transfer, begun: UInt64, completion: @escaping ExchangeCompletion) -> Result<
        UInt64, HTTPFailure
    > {
        state.withLock { state in
            guard !state.isStopping else { return .failure(transfer.ended(.cancelled)) }
            guard state.admission.enter(transfer.request) else {
                return .failure(
                    HTTPFailure(
                        .overloaded, sent: .no,
                        "Too many exchanges wait for \(transfer.request.origin.host) already; try again later."))
            }
            state.lastID += 1
            let exchange = Exchange(id: state.lastID, transfer: transfer, begun: begun, completion: completion)
            Self.leave(&state) { $0.arrived.append(exchange) }
            return .success(exchange.id)
        }
    }

    func cancel(_ id: UInt64) {
        state.withLock { state in
            Self.leave(&state) { $0.cancelled.append(id) }
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopping = true
            Self.leave(&state) { $0.isStopping = true }
        }
    }

    /// Everything since the last time. For the loop's thread.
    func take() -> Mail {
        state.withLock { state in
            defer { state.mail = Mail() }
            return state.mail
        }
    }

    /// An exchange has ended, and its place is free. For the loop's thread.
    func leave(_ request: CheckedRequest) {
        state.withLock { $0.admission.leave(request) }
    }

    /// From here on nothing is posted and nobody wakes the loop. Returns what came last. For the loop's thread.
    func close() -> Mail {
        state.withLock { state in
            state.isStopping = true
            state.multi = nil
            defer { state.mail = Mail() }
            return state.mail
        }
    }

    /// The first letter wakes the loop; it takes the later ones along.
    private static func leave(_ state: inout State, _ write: (inout Mail) -> Void) {
        guard let multi = state.multi else { return }
        let wasEmpty = state.mail.isEmpty
        write(&state.mail)
        if wasEmpty { multi.wake() }
    }
}
