import Domain
import Testing

@Suite("Days in UTC")
struct UTCDayTests {
    @Test("A day in UTC begins at midnight, before 1970 too")
    func utcDay() {
        for (milliseconds, day) in [(0, 0), (86_399_999, 0), (86_400_000, 1), (-1, -1), (-86_400_000, -1)]
            as [(Int64, Int64)]
        {
            #expect(UTCDay(of: Timestamp(milliseconds: milliseconds)).number == day, "\(milliseconds)")
        }
        #expect(UTCDay(of: Timestamp(milliseconds: -86_400_001)).number == -2)
        #expect(UTCDay(19_675).begin.utc == "2023-11-14T00:00:00Z")
        #expect(UTCDay(of: UTCDay(-3).begin).number == -3)
    }
}
