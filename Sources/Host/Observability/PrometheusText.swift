/// Writes metrics in Prometheus' text format 0.0.4.
struct PrometheusText {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ metric: Metric) {
        bytes.append(contentsOf: "# HELP \(metric.name) \(PrometheusText.escape(metric.help, quotes: false))\n".utf8)
        bytes.append(contentsOf: "# TYPE \(metric.name) \(metric.kind.rawValue)\n".utf8)
        switch metric.source {
        case .counters(let family):
            for (labels, counter) in family.all { line(metric.name, labels, String(counter.value)) }
        case .gauges(let family):
            for (labels, gauge) in family.all { line(metric.name, labels, String(gauge.value)) }
        case .callback(let read): line(metric.name, [], PrometheusText.number(read()))
        case .histograms(let family):
            for (labels, histogram) in family.all { append(histogram, metric.name, labels) }
        }
    }

    private mutating func append(_ histogram: Histogram, _ name: String, _ labels: [(name: String, value: String)]) {
        let (counts, sum) = histogram.snapshot
        var total: UInt64 = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], counts) {
            total += count
            line(name + "_bucket", labels + [("le", PrometheusText.number(bound))], String(total))
        }
        line(name + "_sum", labels, PrometheusText.number(sum))
        line(name + "_count", labels, String(total))
    }

    private mutating func line(_ name: String, _ labels: [(name: String, value: String)], _ value: String) {
        bytes.append(contentsOf: name.utf8)
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(PrometheusText.escape($0.value, quotes: true))\"" }
            bytes.append(contentsOf: "{\(pairs.joined(separator: ","))}".utf8)
        }
        bytes.append(contentsOf: " \(value)\n".utf8)
    }

    /// A number in the format's spelling: whole numbers without a fraction, and `+Inf`, `-Inf`, `NaN`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    /// Backslashes and line feeds escaped, and quotes where the text stands between quotes.
    static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
