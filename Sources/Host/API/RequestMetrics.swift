import Domain
import Observability

/// What is counted of the clients' requests. The series of success are at hand; errors are looked up as they come.
struct RequestMetrics: Sendable {
    private struct CallMetrics: Sendable {
        let succeeded: Counter
        let seconds: Histogram
    }

    private let requests: MetricFamily<Counter>
    private let byCall: [APICall: CallMetrics]

    init(_ registry: MetricsRegistry) {
        let call = MetricLabel("call", values: APICall.allCases.map(\.rawValue))
        let code = MetricLabel("code", values: ErrorCode.allCases.map(\.label) + ["ok"])
        let requests = registry.counters(
            "ucaptcha_api_requests_total", "Requests of clients by call and by result.", labels: [call, code])
        let seconds = registry.histograms(
            "ucaptcha_api_request_seconds", "Seconds from a complete request to its answer, by call.", labels: [call])
        self.requests = requests
        byCall = Dictionary(
            uniqueKeysWithValues: APICall.allCases.map { call in
                let succeeded = requests.with(call.rawValue, "ok")
                return (call, CallMetrics(succeeded: succeeded, seconds: seconds.with(call.rawValue)))
            })
    }

    /// Counts one answered request; `error` is nil for a success.
    func count(_ call: APICall, _ error: ClientError?, took: Duration?) {
        guard let metrics = byCall[call] else { return }
        if let error {
            requests.with(call.rawValue, error.code.label).increment()
        } else {
            metrics.succeeded.increment()
        }
        if let took { metrics.seconds.observe(took) }
    }
}
