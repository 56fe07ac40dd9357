extension Timestamp {
    /// To the second, as `2026-01-31T12:00:00Z`.
    public var utc: String { text(withMilliseconds: false) }

    /// To the millisecond, as `2026-01-31T12:00:00.250Z`.
    public var utcMilliseconds: String { text(withMilliseconds: true) }

    private func text(withMilliseconds: Bool) -> String {
        let (days, inDay) = Timestamp.split(milliseconds, by: 86_400_000)
        let (year, month, day) = Timestamp.date(daysSince1970: days)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let seconds = inDay / 1000
        let time = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        return "\(date)T\(time)" + (withMilliseconds ? ".\(padded(inDay % 1000, 3))" : "") + "Z"
    }

    private func padded(_ value: Int64, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(digits - text.count, 0)) + text
    }

    /// Rounds down, also before 1970.
    private static func split(_ value: Int64, by size: Int64) -> (Int64, rest: Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: size)
        return rest < 0 ? (quotient - 1, rest + size) : (quotient, rest)
    }

    /// The date of the Gregorian calendar, reckoned in years that begin in March, so that a leap day is a year's last.
    private static func date(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // 719,468 days from the first of March of the year 0; 400 years are 146,097 days.
        let (era, dayOfEra) = split(daysSince1970 + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
