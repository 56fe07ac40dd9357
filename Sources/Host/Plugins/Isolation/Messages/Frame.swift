/// The head of a message between the host and the process of an isolated adapter: 16 bytes in the machine's own byte
/// order, then the payload.
struct FrameHead: Equatable {
    var kind: FrameKind
    /// What `kind` says: an operation, a log level, whether something is too large.
    var detail: UInt8 = 0
    /// The call, exchange or wait that it is about.
    var id: UInt64 = 0

    static let size = 16
    /// A call's number in front of the payload of `send` and `wait`.
    static let callSize = 8
}

/// What a message says. The functions of the C contract, one each way for one.
enum FrameKind: UInt8, CaseIterable {
    // To the adapter's process.

    /// The first message: what to load and within which bounds, as JSON.
    case load
    /// The settings of the instance.
    case create
    /// Start operation `detail` (its place in `Operation.allCases`) as call `id`.
    case start
    case cancel
    /// How exchange `id` ended.
    case exchanged
    /// Wait `id` is over.
    case fire
    case ping

    // To the host.

    /// The plug-in is loaded: its manifest; `id` has a bit for each operation, and `cancelBit`.
    case loaded
    /// The instance is made.
    case created
    /// The plug-in or its settings are refused: JSON with `label` and `sentence`.
    case refused
    /// Call `id` has ended; with `detail` 1 its reply was too large to be sent.
    case complete
    /// Send an HTTP request as exchange `id`: the call's number, then the request; `detail` as above.
    case send
    /// Begin wait `id`: the call's number, then the nanoseconds.
    case wait
    /// A line for the log at level `detail`.
    case log
    case pong
    /// A function of the plug-in did not return.
    case blocked

    /// The bit of `loaded` that says that the plug-in can cancel.
    static let cancelBit: UInt64 = 1 << 63
}

extension FrameHead {
    func write(payload: Int, to bytes: UnsafeMutableRawPointer) {
        bytes.storeBytes(of: UInt32(payload), as: UInt32.self)
        bytes.storeBytes(of: kind.rawValue, toByteOffset: 4, as: UInt8.self)
        bytes.storeBytes(of: detail, toByteOffset: 5, as: UInt8.self)
        bytes.storeBytes(of: 0, toByteOffset: 6, as: UInt16.self)
        bytes.storeBytes(of: id, toByteOffset: 8, as: UInt64.self)
    }

    /// Nil when the bytes are no head.
    init?(reading bytes: UnsafeRawPointer) {
        guard let kind = FrameKind(rawValue: bytes.load(fromByteOffset: 4, as: UInt8.self)) else { return nil }
        self.kind = kind
        detail = bytes.load(fromByteOffset: 5, as: UInt8.self)
        id = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    }
}
