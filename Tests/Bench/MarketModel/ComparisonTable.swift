public import Domain

extension Comparison {
    /// The comparison as a table in Markdown, by slider. What follows `+-` is half the width of the 95 % confidence
    /// interval.
    public var table: String {
        var lines = [
            "| slider | policy | regret, % of the oracle's utility | tasks solved, % | failed needlessly, % |",
            "|---:|---|---:|---:|---:|",
        ]
        for row in rows {
            lines.append(
                "| \(row.slider) | \(row.contestant) | \(row.regret) | \(row.successRate.text(3)) "
                    + "| \(row.needlessFailure.text(3)) |")
        }
        return lines.joined(separator: "\n")
    }

    /// What one policy has over another at each slider, on the same days.
    public func differences(_ one: RoutingAlgorithm, _ other: RoutingAlgorithm) -> String {
        var lines = [
            "| slider | regret: \(one) less \(other) | % of tasks solved: \(one) less \(other) |", "|---:|---:|---:|",
        ]
        for slider in Set(rows.map(\.slider)).sorted() {
            guard let difference = difference(one, other, slider) else { continue }
            lines.append("| \(slider) | \(difference.regret) | \(difference.successRate.text(3)) |")
        }
        return lines.joined(separator: "\n")
    }
}

extension Comparison.Estimate: CustomStringConvertible {
    public var description: String { text(1) }

    /// The mean and the margin with so many decimal places.
    func text(_ places: Int) -> String {
        "\(Comparison.Estimate.text(mean, places)) +- \(Comparison.Estimate.text(margin, places))"
    }

    private static func text(_ value: Double, _ places: Int) -> String {
        let power = (0..<places).reduce(1) { power, _ in power * 10 }
        let scaled = Int((abs(value) * Double(power)).rounded())
        let rest = String(scaled % power)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return "\(sign)\(scaled / power)." + String(repeating: "0", count: places - rest.count) + rest
    }
}
