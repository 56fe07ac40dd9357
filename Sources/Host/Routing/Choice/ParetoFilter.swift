/// Which candidates nobody would choose: another one is both faster and cheaper.
enum ParetoFilter {
    /// For each candidate the one that dominates it, as an index; nil for those that are left. Of several that dominate
    /// one, it is the cheapest, and of equal prices the fastest, and then the name that sorts first; so it is itself
    /// left.
    ///
    /// - Parameter spares: whether the first may not be dropped for the second, although that is faster and cheaper.
    static func dominators(
        _ candidates: [RouteFigures], sparing spares: (RouteFigures, RouteFigures) -> Bool = { _, _ in false }
    ) -> [Int?] {
        candidates.map { one in
            let better = candidates.indices.filter { index in
                let other = candidates[index]
                return other.cost < one.cost && other.seconds < one.seconds && !spares(one, other)
            }
            return better.min { first, second in
                let (left, right) = (candidates[first], candidates[second])
                return (left.cost, left.seconds, left.provider) < (right.cost, right.seconds, right.provider)
            }
        }
    }
}
