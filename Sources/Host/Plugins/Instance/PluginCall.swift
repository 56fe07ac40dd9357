internal import CProviderABI
import ProviderKit

/// One call of an adapter, from its beginning until nothing of it is left on either side.
///
/// It is its own entry in the timers' queue (its deadline) and its own job in the lane: a call costs one object.
/// All variables are guarded by the lock of its instance.
final class PluginCall: TimerEntry, LaneJob, @unchecked Sendable {
    enum State {
        /// In the lane's queue: the plug-in knows nothing of it.
        case waiting
        /// The plug-in has it.
        case running
        /// The plug-in has it, and nobody waits for it any more.
        case abandoned
        case ended
    }

    let id: UInt64
    let request: OperationRequest
    let context: CallContext
    private unowned let instance: PluginInstance

    var state = State.waiting
    var completion: (@Sendable (CallResult) -> Void)?
    /// The request as the plug-in reads it. It lives until the plug-in has completed the call and `start` has returned,
    /// for ever if it never does.
    private(set) var bytes: UnsafeMutableBufferPointer<UInt8>?
    var exchanges: [Exchange] = []
    var waits: [Wait] = []
    /// Whether an exchange that has ended may have reached its peer.
    var mayHaveSent = false

    init(
        id: UInt64, request: OperationRequest, context: CallContext, instance: PluginInstance,
        completion: @escaping @Sendable (CallResult) -> Void
    ) {
        self.id = id
        self.request = request
        self.context = context
        self.instance = instance
        self.completion = completion
        let encoded = request.bytes
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: encoded.count)
        _ = bytes.initialize(from: encoded)
        self.bytes = bytes
    }

    deinit {
        bytes?.deallocate()
    }

    /// Frees the request of a call that the plug-in has never seen, although the call stays in the lane's queue.
    func dropRequest() {
        bytes?.deallocate()
        bytes = nil
    }

    /// An exchange that is under way counts as sent: only its end can tell otherwise.
    var sent: HTTPFailure.Sent { mayHaveSent || !exchanges.isEmpty ? .maybe : .no }

    override func due() { instance.abandon(self, as: .overdue) }

    func run() { instance.begin(self) }
}

/// One HTTP exchange of a call. As a job it tells the plug-in how the exchange ended.
final class Exchange: LaneJob, @unchecked Sendable {
    typealias Done = @convention(c) (UnsafeMutableRawPointer?, ucaptcha_bytes) -> Void

    private let user: UnsafeMutableRawPointer?
    private let done: Done
    /// The variables are guarded by the lock of the instance until the job is handed to the lane, which reads them.
    var mask: KeyMask?
    var reply: HTTPReply?
    /// Gives the exchange up on the transport; nil before it was begun there and after its end.
    var cancel: (@Sendable () -> Void)?

    init(user: UnsafeMutableRawPointer?, done: @escaping Done) {
        self.user = user
        self.done = done
    }

    /// Whether the plug-in has not been told the end, nor is about to be.
    var isOpen: Bool { reply == nil }

    func run() {
        guard var reply else { return }
        if let mask { reply = mask.masked(reply) }
        reply.bytes.withBytes { done(user, $0) }
    }
}

/// One wait that a call asked for. As a job it tells the plug-in that it is over.
final class Wait: TimerEntry, LaneJob, @unchecked Sendable {
    typealias Fire = @convention(c) (UnsafeMutableRawPointer?) -> Void

    private let user: UnsafeMutableRawPointer?
    private let fire: Fire
    private unowned let instance: PluginInstance
    private let call: UInt64

    init(user: UnsafeMutableRawPointer?, fire: @escaping Fire, instance: PluginInstance, call: UInt64) {
        self.user = user
        self.fire = fire
        self.instance = instance
        self.call = call
    }

    override func due() { instance.waitIsOver(self, call: call) }

    func run() { fire(user) }
}

/// Tells the plug-in that a call's answer is not wanted any more.
final class Cancellation: LaneJob {
    private let function: CancelFunction
    private nonisolated(unsafe) let handle: UnsafeMutableRawPointer?
    private let call: UInt64

    init(_ function: @escaping CancelFunction, handle: UnsafeMutableRawPointer?, call: UInt64) {
        self.function = function
        self.handle = handle
        self.call = call
    }

    func run() { function(handle, call) }
}

/// Any other work on a lane.
final class Errand: LaneJob {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    func run() { body() }
}
