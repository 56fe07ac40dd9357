import NIOConcurrencyHelpers

/// A label of a metric, with the values that it may have.
public struct MetricLabel: Sendable, Hashable {
    /// Letters, digits and underscores, not starting with a digit; other characters become underscores.
    public let name: String
    /// The values that the label may have; nil for any, which the family's limit on series then bounds.
    public let values: Set<String>?

    /// A label whose values are known beforehand. Any other value is counted as `other`.
    public init(_ name: String, values: some Sequence<String>) {
        self.name = name.metricIdentifier(colons: false)
        self.values = Set(values)
    }

    /// A label with values that are not known beforehand, such as the names of adapters.
    public init(_ name: String) {
        self.name = name.metricIdentifier(colons: false)
        values = nil
    }

    func allowed(_ value: String) -> String {
        guard let values, !values.contains(value) else { return value }
        return MetricLabel.other
    }

    /// What stands for every value that is not allowed or came too late.
    static let other = "other"
}

/// One metric with its labels: a series for each combination of their values that occurred.
///
/// `with` takes a lock and looks the series up; whoever counts often keeps what it returns.
public final class MetricFamily<Series: Sendable>: Sendable {
    private let labels: [MetricLabel]
    private let limit: Int
    private let make: @Sendable () -> Series
    private let series: NIOLockedValueBox<[[String]: Series]> = NIOLockedValueBox([:])

    init(labels: [MetricLabel], limit: Int, make: @escaping @Sendable () -> Series) {
        self.labels = labels
        self.limit = limit
        self.make = make
    }

    /// The series with these values, in the order of the labels. Missing values are empty, surplus ones are ignored.
    ///
    /// Once the family has its limit of series, every new combination is counted as one whose values are all `other`.
    public func with(_ values: String...) -> Series {
        with(values)
    }

    func with(_ values: [String]) -> Series {
        let key = labels.enumerated().map { index, label in index < values.count ? label.allowed(values[index]) : "" }
        return series.withLockedValue { series in
            if let found = series[key] { return found }
            let overflow = Array(repeating: MetricLabel.other, count: labels.count)
            let kept = series.count < limit ? key : overflow
            if let found = series[kept] { return found }
            let new = make()
            series[kept] = new
            return new
        }
    }

    /// All series by their label values, in a stable order.
    var all: [(labels: [(name: String, value: String)], series: Series)] {
        series.withLockedValue { series in
            series.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, series in
                (zip(labels, key).map { ($0.name, $1) }, series)
            }
        }
    }
}

extension String {
    /// The text as an identifier of the exposition format, anything else replaced by underscores.
    func metricIdentifier(colons: Bool) -> String {
        let legal = unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": Character(scalar)
            case ":" where colons: ":"
            default: "_"
            }
        }
        let startsWell = legal.first.map { !$0.isNumber } ?? false
        return (startsWell ? "" : "_") + String(legal)
    }
}
