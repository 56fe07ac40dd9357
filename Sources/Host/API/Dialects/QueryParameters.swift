import Domain

/// The parameters behind a request's question mark, as forms write them: `a=1&b=x%20y`, `+` for a blank.
///
/// A parameter that a call does not know is refused: the answer would be about something else than was asked for.
struct QueryParameters {
    private var values: [String: [String]] = [:]

    /// - Throws: `badParameters` for what cannot be read, for an unknown name, and for too many.
    init(_ query: String, names: [String]) throws(ClientError) {
        // One more than there may be, so that a long query is not taken apart to its end.
        let parts = query.split(separator: "&", maxSplits: Limits.queryParameters)
        guard parts.count <= Limits.queryParameters else {
            throw ClientError(.badParameters, "The query has at most \(Limits.queryParameters) parameters.")
        }
        for part in parts {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = QueryParameters.decoded(sides[0]), names.contains(name) else {
                throw ClientError(
                    .badParameters,
                    "The query has a parameter that this call does not know. Those it knows: "
                        + names.joined(separator: ", ") + ".")
            }
            guard let value = QueryParameters.decoded(sides.count > 1 ? sides[1] : "") else {
                throw ClientError(.badParameters, field: name, "Its percent escapes cannot be read as UTF-8.")
            }
            // An empty one counts as missing.
            if !value.isEmpty { values[name, default: []].append(value) }
        }
    }

    /// Every value of a parameter that may come several times or with commas between, empty ones left out.
    func list(_ name: String) -> [Substring] {
        (values[name] ?? []).flatMap { $0.split(separator: ",") }
    }

    /// The value of a parameter; nil when it is missing or empty.
    ///
    /// - Throws: `badParameters` when it comes several times.
    func one(_ name: String) throws(ClientError) -> String? {
        guard let all = values[name] else { return nil }
        guard all.count == 1 else { throw ClientError(.badParameters, field: name, "It may come once only.") }
        return all[0]
    }

    /// A whole number within bounds.
    func number(_ name: String, in range: ClosedRange<Int64>) throws(ClientError) -> Int64? {
        guard let text = try one(name) else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text), range.contains(number)
        else {
            let bounds = range.upperBound == .max ? "" : " to \(range.upperBound)"
            throw ClientError(
                .badParameters, field: name, "It has to be a whole number from \(range.lowerBound)\(bounds).")
        }
        return number
    }

    /// A day of UTC.
    func day(_ name: String) throws(ClientError) -> UTCDay? {
        guard let text = try one(name) else { return nil }
        guard let day = UTCDay(text) else {
            throw ClientError(.badParameters, field: name, "It has to be a day, such as 2026-01-31.")
        }
        return day
    }

    /// A time of UTC; for a day its begin, or its end.
    func time(_ name: String, endOfDay: Bool) throws(ClientError) -> Timestamp? {
        guard let text = try one(name) else { return nil }
        if let day = UTCDay(text) { return day.adding(days: endOfDay ? 1 : 0).begin }
        guard let time = Timestamp(utc: text) else {
            throw ClientError(
                .badParameters, field: name,
                "It has to be a day or a time of UTC, such as 2026-01-31 or 2026-01-31T12:00:00Z.")
        }
        return time
    }

    /// Nil for an escape without two hexadecimal digits, and for what is no UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal)
                else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.flatMap { UInt8(exactly: $0) }
    }
}
