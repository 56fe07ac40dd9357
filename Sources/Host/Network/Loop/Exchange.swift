internal import ProviderKit

typealias ExchangeCompletion = @Sendable (Result<HTTPResponse, HTTPFailure>) -> Void

/// A transfer with what the loop has to know about it.
struct Exchange: Sendable {
    let id: UInt64
    let transfer: Transfer
    /// By `MonotonicClock`, in nanoseconds.
    let begun: UInt64
    let deadline: UInt64
    let completion: ExchangeCompletion

    init(id: UInt64, transfer: Transfer, begun: UInt64, completion: @escaping ExchangeCompletion) {
        self.id = id
        self.transfer = transfer
        self.begun = begun
        self.completion = completion
        deadline = begun + UInt64(transfer.request.timeoutSeconds * 1e9)
    }

    var origin: Origin { transfer.request.origin }
}
