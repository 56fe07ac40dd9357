import Synchronization

/// All metrics of the process, to be rendered in Prometheus' text format.
///
/// Registering a name a second time returns the first registration when its kind is the same; with another kind the
/// second one gets the kind appended to its name, so that nothing is lost and the clash is seen.
public final class MetricsRegistry: Sendable {
    /// Series of one metric unless it was registered with another limit. Beyond it they are counted as `other`.
    public static let seriesPerMetric = 200

    private let metrics: Mutex<[String: Metric]> = Mutex([:])

    /// A registry without any metric.
    public init() {}

    /// A counter without labels. By convention its name ends in `_total`.
    public func counter(_ name: String, _ help: String) -> Counter {
        counters(name, help, labels: []).with()
    }

    /// A counter with labels.
    public func counters(
        _ name: String, _ help: String, labels: [MetricLabel], limit: Int = seriesPerMetric
    ) -> MetricFamily<Counter> {
        register(
            name, help, kind: .counter, Metric.Source.counters,
            { if case .counters(let family) = $0 { family } else { nil } },
            new: MetricFamily(labels: labels, limit: limit) { Counter() })
    }

    /// A gauge without labels.
    public func gauge(_ name: String, _ help: String) -> Gauge {
        gauges(name, help, labels: []).with()
    }

    /// A gauge with labels.
    public func gauges(
        _ name: String, _ help: String, labels: [MetricLabel], limit: Int = seriesPerMetric
    ) -> MetricFamily<Gauge> {
        register(
            name, help, kind: .gauge, Metric.Source.gauges,
            { if case .gauges(let family) = $0 { family } else { nil } },
            new: MetricFamily(labels: labels, limit: limit) { Gauge() })
    }

    /// A gauge that is read when the metrics are rendered. `read` must return at once and may be called on any thread.
    ///
    /// Registering the same name again replaces the function.
    public func gauge(_ name: String, _ help: String, read: @escaping @Sendable () -> Double) {
        metrics.withLock { metrics in
            let free = MetricsRegistry.name(for: name, kind: .gauge, in: metrics) { source in
                if case .callback = source { true } else { false }
            }
            metrics[free] = Metric(name: free, help: help, kind: .gauge, source: .callback(read))
        }
    }

    /// A histogram without labels; `bounds` are the upper ends of its ranges.
    public func histogram(
        _ name: String, _ help: String, bounds: [Double] = Histogram.callSeconds
    ) -> Histogram {
        histograms(name, help, labels: [], bounds: bounds).with()
    }

    /// A histogram with labels; `bounds` are the upper ends of its ranges.
    public func histograms(
        _ name: String, _ help: String, labels: [MetricLabel], bounds: [Double] = Histogram.callSeconds,
        limit: Int = seriesPerMetric
    ) -> MetricFamily<Histogram> {
        register(
            name, help, kind: .histogram, Metric.Source.histograms,
            { if case .histograms(let family) = $0 { family } else { nil } },
            new: MetricFamily(labels: labels, limit: limit) { Histogram(bounds: bounds) })
    }

    /// Everything in text format 0.0.4, ordered by name.
    public func render() -> [UInt8] {
        let snapshot = metrics.withLock { metrics in metrics.values.sorted { $0.name < $1.name } }
        var text = PrometheusText()
        for metric in snapshot { text.append(metric) }
        return text.bytes
    }

    /// The content type of what `render` returns.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private func register<Family: Sendable>(
        _ name: String, _ help: String, kind: Metric.Kind, _ wrap: (Family) -> Metric.Source,
        _ unwrap: (Metric.Source) -> Family?, new: Family
    ) -> Family {
        metrics.withLock { metrics in
            let name = MetricsRegistry.name(for: name, kind: kind, in: metrics) { unwrap($0) != nil }
            if let existing = metrics[name], let family = unwrap(existing.source) { return family }
            metrics[name] = Metric(name: name, help: help, kind: kind, source: wrap(new))
            return new
        }
    }

    /// The name, with the kind appended as often as it takes to find one that is free or of the same sort.
    private static func name(
        for wanted: String, kind: Metric.Kind, in metrics: [String: Metric], isSame: (Metric.Source) -> Bool
    ) -> String {
        var name = wanted.metricIdentifier(colons: true)
        while let taken = metrics[name], !isSame(taken.source) { name += "_\(kind.rawValue)" }
        return name
    }
}

/// One metric as it is registered.
struct Metric: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    enum Source: Sendable {
        case counters(MetricFamily<Counter>)
        case gauges(MetricFamily<Gauge>)
        case histograms(MetricFamily<Histogram>)
        case callback(@Sendable () -> Double)
    }

    let name: String
    let help: String
    let kind: Kind
    let source: Source
}
