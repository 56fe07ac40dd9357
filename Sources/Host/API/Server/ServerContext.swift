import Domain
import Observability
import Synchronization

/// What all connections of one server share.
final class ServerContext: Sendable {
    let responder: any RequestResponder
    let limits: ServerLimits
    let access: ListenerAccess
    let connections: Gauge
    private let heldBytes = Atomic<Int>(0)

    init(
        responder: any RequestResponder, limits: ServerLimits, access: ListenerAccess = ListenerAccess(),
        connections: Gauge
    ) {
        self.responder = responder
        self.limits = limits
        self.access = access
        self.connections = connections
    }

    /// Whether more connections are open than are served.
    var isFull: Bool { connections.value > Int64(limits.connections) }

    /// Whether silent connections have to go soon.
    var isCrowded: Bool { connections.value > Int64(limits.connections / 4 * 3) }

    /// Counts a request of the address; nil when requests are not counted, or the caller has no address.
    func count(_ address: IPAddress?) -> RateStanding? {
        guard let limiter = access.rateLimiter, let address else { return nil }
        return limiter.count(address)
    }

    /// Books this many more bytes of bodies, unless that would be more than the server may hold.
    func hold(_ bytes: Int) -> Bool {
        if heldBytes.wrappingAdd(bytes, ordering: .relaxed).newValue <= limits.heldBodyBytes { return true }
        heldBytes.wrappingSubtract(bytes, ordering: .relaxed)
        return false
    }

    func release(_ bytes: Int) {
        heldBytes.wrappingSubtract(bytes, ordering: .relaxed)
    }
}

/// The bytes of one request's body while they come in, within what a request and the server may hold.
struct BodyAccount {
    private let server: ServerContext
    private var held: HeldBytes

    init(server: ServerContext) {
        self.server = server
        held = HeldBytes(server: server)
    }

    /// Tells that the body has this many bytes by now.
    ///
    /// - Returns: the reason to refuse the request.
    mutating func grow(to bytes: Int) -> ClientError? {
        if bytes > server.limits.bodyBytes { return .tooLarge(server.limits) }
        guard bytes > Limits.smallBodyBytes else { return nil }
        return held.grow(to: bytes) ? nil : ClientError(.overloaded)
    }

    /// The body is not held any more.
    mutating func clear() { held.clear() }
}

/// Bytes that are booked with a server. They have to be given back by `clear`.
struct HeldBytes {
    private let server: ServerContext
    private var booked = 0

    init(server: ServerContext) {
        self.server = server
    }

    /// Tells that there are so many by now.
    ///
    /// - Returns: false when the server may not hold as many.
    mutating func grow(to bytes: Int) -> Bool {
        guard server.hold(bytes - booked) else { return false }
        booked = bytes
        return true
    }

    mutating func clear() {
        guard booked > 0 else { return }
        server.release(booked)
        booked = 0
    }
}

extension ClientError {
    static func tooLarge(_ limits: ServerLimits) -> ClientError {
        ClientError(.requestTooLarge, "The body may have \(limits.bodyBytes) bytes at most.")
    }
}
