internal import Glibc

/// What all exchanges of one transport have in common.
struct TransferOptions: Sendable {
    /// Asked for each connection; nil for a connection that isn't made by address.
    var addressPolicy: AddressPolicy
    var proxies: ProxySettings
    /// Certificates to trust instead of the system's: a PEM file.
    var caFile: String?
    /// Whether a connection may serve more than one exchange.
    var reusesConnections: Bool
    /// Bytes of a response's body, after decompression.
    var bodyBytes: Int
    /// Whether the status says it all: the body is read, within its bound, for the peer's sake, and then dropped, and
    /// whatever becomes of the exchange after its header lines, the response counts.
    var takesStatusAlone = false
    /// Where set, every connection goes to this socket, whatever the URL's host is.
    var unixSocketPath: String?
}

/// Time that never goes back.
enum MonotonicClock {
    static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
