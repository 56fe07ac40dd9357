extension SolveTimes {
    /// The first byte. It also stands for the scale and the half-life, which the weights mean nothing without.
    private static let version: UInt8 = 1
    /// Weights below it are not written: what they count for is lost in the rest.
    private static let leastWeight: Float = 0.001
    private static let checksumBytes = 4

    /// The value in a few bytes for each of its cells: a version, `asOf`, the cells as differences of their keys with
    /// weights of seven digits, a checksum. Equal values have equal bytes.
    public var bytes: [UInt8] {
        let written = cells.filter { Float($0.weight) >= SolveTimes.leastWeight }
        var bytes = [SolveTimes.version]
        bytes.append(littleEndian: UInt64(bitPattern: asOf.milliseconds), bytes: 8)
        bytes.append(varint: UInt32(written.count))
        var previous: UInt32 = 0
        for cell in written {
            bytes.append(varint: cell.key - previous)
            bytes.append(littleEndian: UInt64(Float(cell.weight).bitPattern), bytes: 4)
            previous = cell.key
        }
        bytes.append(littleEndian: UInt64(SolveTimes.checksum(bytes[...])), bytes: SolveTimes.checksumBytes)
        return bytes
    }

    /// Reads what `bytes` wrote; nil for anything else.
    public init?(bytes: [UInt8]) {
        guard bytes.count > SolveTimes.checksumBytes else { return nil }
        var trailer = ByteReader(bytes[(bytes.count - SolveTimes.checksumBytes)...])
        var reader = ByteReader(bytes.dropLast(SolveTimes.checksumBytes))
        guard trailer.littleEndian(bytes: 4) == UInt64(SolveTimes.checksum(reader.rest)),
            reader.littleEndian(bytes: 1) == UInt64(SolveTimes.version),
            let moment = reader.littleEndian(bytes: 8), let count = reader.varint(), count <= Limits.solveTimeCells
        else { return nil }
        var cells: [Cell] = []
        var key: UInt32 = 0
        for index in 0..<count {
            guard let step = reader.varint(), step > 0 || index == 0, let bits = reader.littleEndian(bytes: 4) else {
                return nil
            }
            let (next, overflow) = key.addingReportingOverflow(step)
            let weight = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            let (lower, upper) = (UInt16(next >> 16), UInt16(next & 0xFFFF))
            guard !overflow, lower < upper, lower < UInt16(SolveTimeScale.count), upper <= SolveTimes.unbounded,
                weight.isFinite, weight >= SolveTimes.leastWeight
            else { return nil }
            cells.append(Cell(lower: lower, upper: upper, weight: Double(weight)))
            key = next
        }
        let asOf = Timestamp(milliseconds: Int64(bitPattern: moment))
        guard reader.rest.isEmpty, asOf.isReckonable else { return nil }
        self.init(cells: cells, asOf: asOf)
    }

    /// FNV-1a: against a torn or mistaken value, not against somebody who means harm.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}

/// Takes whole numbers from the front of some bytes.
private struct ByteReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func littleEndian(bytes: Int) -> UInt64? {
        guard rest.count >= bytes else { return nil }
        let value = rest.prefix(bytes).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(bytes)
        return value
    }

    /// Seven bits to a byte, the lowest first; the top bit says that more follow.
    mutating func varint() -> UInt32? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 28, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            guard byte & 0x80 != 0 else {
                // The last byte of a longer form is never zero: one number has one form.
                return byte == 0 && shift > 0 ? nil : UInt32(exactly: value)
            }
        }
        return nil
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: UInt64, bytes: Int) {
        for index in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    fileprivate mutating func append(varint value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
