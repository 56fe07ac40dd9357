internal import CProviderABI
import ProviderKit

/// A call in the adapter's process: its request lives until it is completed and its `start` has returned.
final class RemoteCall: LaneJob {
    private let id: UInt64
    private nonisolated(unsafe) let request: UnsafeMutableBufferPointer<UInt8>
    private let start: StartFunction
    private nonisolated(unsafe) let handle: UnsafeMutableRawPointer?

    init(
        _ id: UInt64, _ payload: UnsafeBufferPointer<UInt8>, start: @escaping StartFunction,
        handle: UnsafeMutableRawPointer?
    ) {
        self.id = id
        self.start = start
        self.handle = handle
        let request = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: payload.count)
        _ = request.initialize(from: payload)
        self.request = request
    }

    deinit {
        request.deallocate()
    }

    func run() {
        start(handle, id, ucaptcha_bytes(data: UnsafePointer(request.baseAddress), count: request.count))
    }
}

/// An exchange that the plug-in waits for. As a job it tells the plug-in how it ended.
final class RemoteExchange: LaneJob, @unchecked Sendable {
    private let user: UnsafeMutableRawPointer?
    private let done: Exchange.Done
    /// Set before the job is handed to its lane.
    var reply: [UInt8] = []

    init(user: UnsafeMutableRawPointer?, done: @escaping Exchange.Done) {
        self.user = user
        self.done = done
    }

    func run() { reply.withBytes { done(user, $0) } }
}

/// A wait of the plug-in. As a job it tells the plug-in that it is over.
final class RemoteWait: LaneJob {
    private nonisolated(unsafe) let user: UnsafeMutableRawPointer?
    private let fire: Wait.Fire

    init(user: UnsafeMutableRawPointer?, fire: @escaping Wait.Fire) {
        self.user = user
        self.fire = fire
    }

    func run() { fire(user) }
}
