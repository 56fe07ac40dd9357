extension Timestamp {
    /// Reads a time of UTC as RFC 3339 writes it: `2026-01-31T12:00:00Z`, with up to nine decimals of a second.
    ///
    /// What is finer than a millisecond is rounded up, so that what happened at or after the text's time is at or after
    /// this. Nil for another offset than `Z`, `+00:00` or `-00:00`, for what no calendar has, and for anything else.
    public init?(utc text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"), let day = UTCDay(utf8: bytes[..<10]),
            let hour = UTCDay.number(bytes[11..<13]), hour < 24, let minute = UTCDay.number(bytes[14..<16]),
            minute < 60, let second = UTCDay.number(bytes[17..<19]), second < 60
        else { return nil }
        var rest = bytes[19...]
        var milliseconds: Int64 = 0
        if rest.first == UInt8(ascii: ".") {
            let decimals = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(decimals.count), let fraction = UTCDay.number(decimals) else { return nil }
            let nanoseconds = (decimals.count..<9).reduce(fraction) { value, _ in value * 10 }
            milliseconds = (nanoseconds + 999_999) / 1_000_000
            rest = rest.dropFirst(1 + decimals.count)
        }
        guard ["Z", "z", "+00:00", "-00:00"].contains(String(decoding: rest, as: UTF8.self)) else { return nil }
        self.init(
            milliseconds: day.begin.milliseconds + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds)
    }
}

/// A day of UTC.
public struct UTCDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Whole days since 1970, as usage is counted by.
    public let number: Int64

    private static let milliseconds: Int64 = 86_400_000

    public init(_ number: Int64) {
        self.number = number
    }

    /// The day of a time.
    public init(of time: Timestamp) {
        let (days, rest) = time.milliseconds.quotientAndRemainder(dividingBy: UTCDay.milliseconds)
        number = rest < 0 ? days - 1 : days
    }

    /// Reads `2026-01-31`; nil for what no calendar has, and for anything else.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        self.init(utf8: bytes[...])
    }

    fileprivate init?(utf8 bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = UTCDay.number(bytes[..<4]), let month = UTCDay.number(bytes[5..<7]), (1...12).contains(month),
            let day = UTCDay.number(bytes[8...]), (1...31).contains(day)
        else { return nil }
        // Years that begin in March, so that a leap day is a year's last; 400 years are 146,097 days.
        let marchYear = month > 2 ? year : year - 1
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        self.init(era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468)
        // A thirtieth of February would be another day's.
        guard description.utf8.elementsEqual(bytes) else { return nil }
    }

    /// Digits and nothing else, nine at most.
    fileprivate static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    /// Its first moment.
    public var begin: Timestamp { Timestamp(milliseconds: number &* UTCDay.milliseconds) }

    /// So many days later, or earlier when negative.
    public func adding(days: Int64) -> UTCDay { UTCDay(number &+ days) }

    /// As `2026-01-31`.
    public var description: String { String(begin.utc.prefix { $0 != "T" }) }

    public static func < (left: UTCDay, right: UTCDay) -> Bool { left.number < right.number }
}
