/// Guesses what somebody meant who mistyped a name.
enum NearestName {
    /// The candidate that is nearest to a name, when it is near enough to be meant.
    static func of(_ name: String, among candidates: [String]) -> String? {
        let typed = plain(name)
        guard typed.count <= 64 else { return nil }
        let ranked = candidates.map { (distance: distance(typed, plain($0)), name: $0) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        let allowed = max(1, min(3, plain(best.name).count / 3))
        return best.distance <= allowed ? best.name : nil
    }

    /// Case and separators are what people mix up most: `deadline_seconds` is `deadlineSeconds`.
    private static func plain(_ name: String) -> [UInt8] {
        name.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    /// How many letters have to be added, removed, replaced or swapped with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
