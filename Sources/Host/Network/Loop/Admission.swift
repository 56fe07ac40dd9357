/// How much may be under way or waiting, counted where a request arrives, so that what is too much is refused at once.
struct Admission {
    private let limits: TransportLimits
    private var byOrigin: [Origin: Int] = [:]
    private var exchanges = 0
    private var bytes = 0

    init(_ limits: TransportLimits) {
        self.limits = limits
    }

    /// False when the exchange is one too many; then nothing is counted.
    mutating func enter(_ request: CheckedRequest) -> Bool {
        let atOrigin = byOrigin[request.origin, default: 0]
        guard atOrigin < limits.exchangesPerOrigin + limits.waitingPerOrigin,
            exchanges < limits.exchanges + limits.waiting,
            bytes + request.byteCount <= limits.requestBytes || exchanges == 0
        else { return false }
        byOrigin[request.origin] = atOrigin + 1
        exchanges += 1
        bytes += request.byteCount
        return true
    }

    mutating func leave(_ request: CheckedRequest) {
        let left = byOrigin[request.origin, default: 1] - 1
        byOrigin[request.origin] = left == 0 ? nil : left
        exchanges -= 1
        bytes -= request.byteCount
    }
}
