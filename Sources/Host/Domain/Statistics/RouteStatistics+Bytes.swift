extension RouteStatistics {
    /// The length of what `encoded` gives: a byte for the version, the instant, and 8 sums in each of 3 windows.
    static let encodedBytes = 1 + 8 * (1 + 3 * 8)
    private static let version: UInt8 = 1

    /// The statistics as bytes to be stored: 201 of them, numbers as little-endian 64-bit patterns.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = [RouteStatistics.version]
        bytes.reserveCapacity(RouteStatistics.encodedBytes)
        func append(_ pattern: UInt64) {
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: pattern >> shift)) }
        }
        append(UInt64(bitPattern: updatedAt.milliseconds))
        for sums in [moment, recent, lasting] {
            for field in DecayingSums.fields { append(sums[keyPath: field].bitPattern) }
        }
        return bytes
    }

    /// Reads what `encoded` has written. Nil for anything else: another version or length, or sums that no observations
    /// have. Whoever reads nil begins anew, which costs no more than a cold start.
    public init?(encoded bytes: [UInt8]) {
        guard bytes.count == RouteStatistics.encodedBytes, bytes[0] == RouteStatistics.version else { return nil }
        let patterns = stride(from: 1, to: bytes.count, by: 8).map { start in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
        }
        let updatedAt = Timestamp(milliseconds: Int64(bitPattern: patterns[0]))
        guard updatedAt.isReckonable else { return nil }
        let windows = (0..<3).map { window in
            var sums = DecayingSums()
            for (index, field) in DecayingSums.fields.enumerated() {
                sums[keyPath: field] = Double(bitPattern: patterns[1 + window * DecayingSums.fields.count + index])
            }
            return sums
        }
        guard windows.allSatisfy(\.isPlausible) else { return nil }
        self.init(
            updatedAt: updatedAt, moment: windows[0], recent: windows[1],
            lasting: windows[2])
    }
}
