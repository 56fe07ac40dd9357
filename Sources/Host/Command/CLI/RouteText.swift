import ProviderKit

/// What the host says of routes, as lines for people.
enum RouteText {
    // MARK: Explanation

    /// A table of the candidates, best first, and a sentence about who is chosen.
    static func explanation(_ answer: JSONValue) -> [String] {
        let candidates = answer["candidates"]?.array ?? []
        // Most requesters have no recycled keys of their own.
        let hasOwn = candidates.contains { $0["ownTasks"] != nil }
        let rows = zip(
            candidates,
            aligned(
                candidates,
                [("cost", 6), ("seconds", 1), ("successRate", 1)] + (hasOwn ? [("ownTasks", 0)] : []) + [("score", 3)])
        ).map { [$0.shown("provider")] + $1 + [$0.shown("filtered")] }
        let headings =
            ["provider", "cost USD", "seconds", "success %"] + (hasOwn ? ["own tasks"] : []) + ["score", "filtered"]
        return [head(answer)] + (rows.isEmpty ? [] : table(headings, rows)) + [verdict(answer, candidates)]
    }

    private static func head(_ answer: JSONValue) -> String {
        let (policy, configured) = (answer.shown("policy"), answer.shown("configuredPolicy"))
        let byPolicy = policy == configured ? policy : "\(policy) (configured is \(configured))"
        let first = answer["reliableFirst"]?.bool == true ? "the success rate first, then " : ""
        let speed = answer["speedWeight"]?.integer ?? 0
        return "\(answer.shown("family")) by the policy \(byPolicy): \(first)speed for \(speed) of 100, "
            + "price for \(100 - speed)."
    }

    /// Who is chosen, and what made the difference.
    private static func verdict(_ answer: JSONValue, _ candidates: [JSONValue]) -> String {
        let family = answer.shown("family")
        guard !candidates.isEmpty else {
            return answer["forcedProvider"]?.string.map { "\($0) does not take \(family) tasks here." }
                ?? "Nobody takes \(family) tasks here."
        }
        guard let chosen = answer["chosen"]?.string else {
            return "Nobody is chosen now: such a task waits for the first that may have it again."
        }
        let left = candidates.filter { $0["filtered"]?.isNull == true }
        guard left.count > 1 else {
            let forced = answer["forcedProvider"]?.string == chosen
            return "\(chosen) is chosen: "
                + (forced
                    ? "no other may have the task."
                    : candidates.count > 1 ? "all others are filtered." : "no other takes such tasks here.")
        }
        let reason = reason(left[0], left[1], reliableFirst: answer["reliableFirst"]?.bool == true)
        return "\(chosen) is chosen: \(reason)\(praise(left))."
    }

    /// What the first has over the second.
    private static func reason(_ first: JSONValue, _ second: JSONValue, reliableFirst: Bool) -> String {
        let other = second.shown("provider")
        func figure(_ candidate: JSONValue, _ name: String) -> Double { candidate[name]?.double ?? 0 }
        let rates = (figure(first, "successRate"), figure(second, "successRate"))
        if reliableFirst, rates.0.rounded() != rates.1.rounded() {
            return "it solves \(rounded(rates.0, 0)) % of such tasks, and \(other), the next, \(rounded(rates.1, 0)) %"
        }
        let scores = (figure(first, "score"), figure(second, "score"))
        if scores.0 != scores.1 {
            let digits = rounded(scores.0, 3) == rounded(scores.1, 3) ? 6 : 3
            return "its score is the best, \(rounded(scores.0, digits)); "
                + "the next, \(other), has \(rounded(scores.1, digits))"
        }
        let more =
            rates.0 != rates.1
            ? "solves more"
            : figure(first, "cost") != figure(second, "cost")
                ? "costs less"
                : figure(first, "seconds") != figure(second, "seconds")
                    ? "is faster" : "comes first by its name"
        return "its score is the same as that of \(other), and it \(more)"
    }

    /// In what the first of several is the best of all that are left.
    private static func praise(_ left: [JSONValue]) -> String {
        func isLeast(_ name: String) -> Bool {
            let values = left.map { $0[name]?.double ?? 0 }
            return values.dropFirst().allSatisfy { values[0] < $0 }
        }
        switch (isLeast("cost"), isLeast("seconds")) {
        case (true, true): return ". It is the cheapest and the fastest"
        case (true, false): return ". It is the cheapest"
        case (false, true): return ". It is the fastest"
        case (false, false): return ""
        }
    }

    // MARK: Status

    static func status(_ answer: JSONValue) -> [String] {
        let lanes = answer["providers"]?.array ?? []
        let keys = answer["keys"]?.array ?? []
        let figures = aligned(lanes, [("cost", 6), ("seconds", 1), ("successRate", 1), ("tries", 1)])
        let laneRows = zip(lanes, figures).map { lane, figures in
            ["provider", "family", "breaker", "until"].map(lane.shown) + figures
        }
        let headings = ["provider", "family", "breaker", "until", "cost USD", "seconds", "success %", "tries"]
        let laneLines = lanes.isEmpty ? ["No provider was tried yet."] : table(headings, laneRows)
        let keyRows = keys.map { key in
            let most = key["tasksPerKey"]?.integer.map { " of \($0)" } ?? ""
            return [key.shown("provider"), key["key"]?.string ?? "all", key.shown("from")]
                + [key.shown("openTasks") + most] + ["state", "until", "reason"].map(key.shown)
        }
        let keyLines =
            keys.isEmpty
            ? ["No provider has a key in use."]
            : table(["provider", "key", "from", "open tasks", "state", "until", "reason"], keyRows)
        return ["Policy: \(answer.shown("policy"))", ""] + laneLines + [""] + keyLines + recycled(answer)
    }

    private static func recycled(_ answer: JSONValue) -> [String] {
        guard let pools = answer["recycledKeys"]?.array, !pools.isEmpty else { return [] }
        let columns = ["provider", "keys", "resting", "full", "openTasks"]
        let headings = ["provider", "recycled keys", "resting", "full", "open tasks"]
        return [""] + table(headings, pools.map { pool in columns.map(pool.shown) })
    }

    // MARK: Numbers

    /// The figures of each row as texts, those of a column right-aligned; a dash for what is none.
    private static func aligned(_ rows: [JSONValue], _ columns: [(name: String, digits: Int)]) -> [[String]] {
        let cells = rows.map { row in
            columns.map { column in (row[column.name]?.double).map { rounded($0, column.digits) } ?? "-" }
        }
        let widths = columns.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
        }
    }

    /// A number with so many digits behind the point, halves rounded up.
    static func rounded(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
        let units = Int64((abs(value) * scale).rounded())
        let (whole, rest) = units.quotientAndRemainder(dividingBy: Int64(scale))
        let fraction = String(rest)
        let sign = value < 0 && units > 0 ? "-" : ""
        return sign + "\(whole)"
            + (digits == 0 ? "" : "." + String(repeating: "0", count: digits - fraction.count) + fraction)
    }
}
