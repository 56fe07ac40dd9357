import Domain

/// What a server allows its clients. The defaults are those of `Limits`; tests use smaller ones.
public struct ServerLimits: Sendable {
    /// Bytes of one request's body.
    public var bodyBytes = Limits.requestBodyBytes
    /// Bytes of all bodies and long request lines that are held at once, small ones not counted.
    public var heldBodyBytes = Limits.heldBodyBytes
    /// Bytes of a request's header lines, of one of them, and of its path.
    public var headerBytes = Limits.requestHeaderBytes
    /// Bytes of a request's line, which has the query. A head larger than `headerBytes` is held, its line twice.
    public var lineBytes = Limits.requestLineBytes
    /// Header lines of a request.
    public var headerCount = Limits.requestHeaderCount
    /// Seconds from the first byte of a request to the end of its head.
    public var headSeconds = Double(Limits.requestHeadSeconds)
    /// Seconds from the end of the head to the end of the body.
    public var bodySeconds = Double(Limits.requestBodySeconds)
    /// Seconds that a connection without a request may stay open, and that an answer may take to be fetched.
    public var idleSeconds = Double(Limits.connectionIdleSeconds)
    /// Seconds for which a connection that is being closed still reads, so that its client gets the last answer.
    public var lingerSeconds = Limits.connectionLingerSeconds
    /// Seconds that a connection without a request may stay open once three quarters of the connections are taken, so
    /// that whoever opens many and says nothing keeps nobody else out.
    public var crowdedIdleSeconds = Limits.crowdedIdleSeconds
    /// Connections that are open at once.
    public var connections = Limits.clientConnections
    /// Connections beyond these that are accepted to be told so; further ones wait in the kernel's backlog.
    public var refusedConnections = Limits.refusedConnections
    /// Connections that the kernel holds until they are accepted.
    public var backlog = Limits.connectionBacklog

    /// The limits of `Limits` for clients.
    public init() {}

    /// The limits of the listener for clients.
    public static var client: ServerLimits { ServerLimits() }

    /// The limits of the admin listener and of the control socket.
    public static var admin: ServerLimits {
        var limits = ServerLimits()
        limits.connections = Limits.adminConnections
        limits.lineBytes = Limits.requestHeaderBytes
        return limits
    }
}
