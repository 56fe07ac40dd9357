public import Domain

/// The bounds of one transport. What is beyond them is answered with `.overloaded` at once.
public struct TransportLimits: Sendable {
    /// Exchanges with one origin at once, and how many more may wait for it.
    public var exchangesPerOrigin: Int
    public var waitingPerOrigin: Int
    /// Exchanges with all origins at once, and how many more may wait.
    public var exchanges: Int
    public var waiting: Int
    /// Bytes of all requests that are under way or wait. One request is let in however large it is.
    public var requestBytes: Int
    /// Bytes of a response's body, after decompression.
    public var responseBytes: Int
    /// Whether a response's status and header lines are a response, whatever becomes of its body. It is read for the
    /// peer's sake, as far as `responseBytes` go, and dropped.
    public var takesStatusAlone = false

    /// The vendors' bounds, but for what is given.
    public init(
        exchangesPerOrigin: Int = Limits.exchangesPerOrigin, waitingPerOrigin: Int = Limits.waitingExchangesPerOrigin,
        exchanges: Int = Limits.exchanges, waiting: Int = Limits.waitingExchanges,
        requestBytes: Int = Limits.outboundRequestBytes, responseBytes: Int = Limits.responseBodyBytes
    ) {
        self.exchangesPerOrigin = exchangesPerOrigin
        self.waitingPerOrigin = waitingPerOrigin
        self.exchanges = exchanges
        self.waiting = waiting
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
    }

    /// For vendors.
    public static let vendors = TransportLimits()

    /// For addresses that clients name.
    public static let clientAddresses = TransportLimits(
        exchangesPerOrigin: Limits.clientAddressExchangesPerOrigin,
        waitingPerOrigin: Limits.clientAddressWaitingExchanges,
        exchanges: Limits.clientAddressExchanges, waiting: Limits.clientAddressWaitingExchanges,
        responseBytes: Limits.clientAddressBodyBytes)

    /// For callbacks, whose turns are decided before they come here, and which any status from 200 to 299 takes.
    public static let callbacks: TransportLimits = {
        var limits = TransportLimits(
            exchangesPerOrigin: Limits.callbacksPerHost, waitingPerOrigin: Limits.callbacksPerHost,
            exchanges: Limits.callbacksAtOnce, waiting: Limits.callbacksAtOnce,
            responseBytes: Limits.clientAddressBodyBytes)
        limits.takesStatusAlone = true
        return limits
    }()
}
