import Domain

/// Counts the checks that owners ask for, so that nobody asks a provider more often than is good for all.
struct AskedChecks: Sendable {
    private var times: [ProviderKeyID: [Timestamp]] = [:]
    /// When those that no longer count were last forgotten.
    private var sweptAt: Timestamp?
    private static let seconds = 3600.0

    /// Has a check of the key counted.
    ///
    /// - Returns: nil if it may be checked now; else seconds after which it may be.
    mutating func take(_ id: ProviderKeyID, _ now: Timestamp) -> Double? {
        let start = now.adding(seconds: -AskedChecks.seconds)
        if times[id] == nil, times.count >= Limits.rememberedKeyChecks {
            // Going through all of them is for now and then.
            guard sweptAt.map({ now.seconds(since: $0) >= Limits.keyCheckSweepSeconds }) ?? true else {
                return Limits.keyCheckSweepSeconds
            }
            sweptAt = now
            times = times.filter { $0.value.last.map { $0 > start } ?? false }
            guard times.count < Limits.rememberedKeyChecks else { return Limits.keyCheckSweepSeconds }
        }
        var recent = (times[id] ?? []).filter { $0 > start }
        defer { times[id] = recent }
        guard recent.count < Limits.keyChecksPerHour else {
            return recent.first.map { AskedChecks.seconds - now.seconds(since: $0) }
        }
        recent.append(now)
        return nil
    }
}
