import Glibc

/// The texts that stand for keys wherever an adapter can see: `ucred_` and 32 lower-case hexadecimal digits.
public enum Placeholder {
    static let prefix = Array("ucred_".utf8)
    static let length = 38

    /// The placeholder made of 16 bytes, such as random ones. No two credentials of a host may share one.
    public static func text(_ identity: [UInt8]) -> String {
        "ucred_" + (identity + Array(repeating: 0, count: 16)).prefix(16).map { $0 }.hexadecimal
    }

    /// All placeholders in a run of bytes, whoever they belong to.
    static func all(in bytes: [UInt8]) -> Set<[UInt8]> {
        var found: Set<[UInt8]> = []
        for start in bytes.occurrences(of: prefix) where bytes.count - start >= length {
            let candidate = bytes[start..<start + length]
            if candidate.dropFirst(prefix.count).allSatisfy({ isDigit($0) }) { found.insert(Array(candidate)) }
        }
        return found
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}

extension [UInt8] {
    /// Where `part` begins in these bytes; occurrences do not overlap. None for an empty part.
    func occurrences(of part: [UInt8]) -> [Int] {
        guard let first = part.first, count >= part.count else { return [] }
        return withUnsafeBytes { whole in
            part.withUnsafeBytes { part in
                guard let base = whole.baseAddress, let wanted = part.baseAddress else { return [] }
                var found: [Int] = []
                var start = 0
                let lastStart = whole.count - part.count
                while start <= lastStart, let hit = memchr(base + start, Int32(first), lastStart - start + 1) {
                    let place = UnsafeRawPointer(hit) - base
                    if memcmp(hit, wanted, part.count) == 0 {
                        found.append(place)
                        start = place + part.count
                    } else {
                        start = place + 1
                    }
                }
                return found
            }
        }
    }

    /// The bytes with every occurrence of `part` replaced.
    func replacing(_ part: [UInt8], by replacement: [UInt8]) -> [UInt8] {
        let places = occurrences(of: part)
        guard !places.isEmpty else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(count + places.count * Swift.max(replacement.count - part.count, 0))
        var start = 0
        for place in places {
            result.append(contentsOf: self[start..<place])
            result.append(contentsOf: replacement)
            start = place + part.count
        }
        result.append(contentsOf: self[start...])
        return result
    }
}
