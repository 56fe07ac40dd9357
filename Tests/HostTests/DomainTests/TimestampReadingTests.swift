import Domain
import TestSupport
import Testing

@Suite("Times and days that are read from text")
struct TimestampReadingTests {
    @Test(
        "A time of UTC is read, to the millisecond above",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("2023-11-14T22:13:20.25Z", 1_700_000_000_250), ("2023-11-14t22:13:20z", 1_700_000_000_000),
            ("2023-11-14T22:13:20.0001Z", 1_700_000_000_001), ("2023-11-14T22:13:20.999999999Z", 1_700_000_001_000),
            ("2023-11-14T22:13:20+00:00", 1_700_000_000_000), ("2023-11-14T22:13:20.000-00:00", 1_700_000_000_000),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] as [(String, Int64)])
    func time(text: String, milliseconds: Int64) {
        #expect(Timestamp(utc: text)?.milliseconds == milliseconds)
    }

    @Test(
        "What is no time of UTC is refused",
        arguments: [
            "", "2023-11-14", "2023-11-14T22:13:20", "2023-11-14T22:13:20+01:00", "2023-11-14 22:13:20Z",
            "2023-11-14T24:00:00Z", "2023-11-14T22:60:00Z", "2023-11-14T22:13:60Z", "2023-11-14T22:13:20.Z",
            "2023-11-14T22:13:20.1234567890Z", "2023-11-14T22:13:20ZZ", "2023-02-29T00:00:00Z",
            "2023-11-14T22-13-20Z", "2023-11-14T2a:13:20Z", "2023-11-14T22:13:20.1", "+023-11-14T22:13:20Z",
        ])
    func noTime(text: String) {
        #expect(Timestamp(utc: text) == nil)
    }

    @Test("Every time that is written is read as the same")
    func roundTrip() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<10_000 {
            let time = Timestamp(
                milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &generator))
            #expect(Timestamp(utc: time.utcMilliseconds) == time)
            let day = UTCDay(of: time)
            #expect(UTCDay(day.description) == day)
            #expect(day.begin <= time && time < day.adding(days: 1).begin)
        }
    }

    @Test(
        "What is no day is refused",
        arguments: [
            "", "2023-1-01", "2023-02-29", "2023-04-31", "2023-13-01", "2023-00-01", "2023-01-00", "2023/01/01",
            "20230101", "2023-01-01T", " 2023-01-01", "-023-01-01", "1900-02-29",
        ])
    func noDay(text: String) {
        #expect(UTCDay(text) == nil)
    }

    @Test("Days follow one another through leap years")
    func days() throws {
        var day = try #require(UTCDay("1999-12-31"))
        for text in ["2000-01-01", "2000-01-02"] {
            day = day.adding(days: 1)
            #expect(day.description == text)
        }
        #expect(try #require(UTCDay("2000-03-01")).number - (try #require(UTCDay("2000-02-28"))).number == 2)
        #expect(try #require(UTCDay("2100-03-01")).number - (try #require(UTCDay("2100-02-28"))).number == 1)
        #expect(UTCDay("1970-01-01") == UTCDay(0))
    }
}
