import Domain
import ProviderKit
import Testing

@Suite("Times and amounts as text")
struct TimestampTextTests {
    @Test(
        "A time is written as the calendar has it",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"), (1_704_067_199_000, "2023-12-31T23:59:59.000Z"),
            (1_709_164_800_007, "2024-02-29T00:00:00.007Z"), (1_700_000_000_250, "2023-11-14T22:13:20.250Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func time(milliseconds: Int64, text: String) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(time.utcMilliseconds == text)
        #expect(time.utc == text.prefix(19) + "Z")
    }

    @Test("Every time can be written")
    func extremes() {
        #expect(Timestamp.distantFuture.utc.hasSuffix("Z"))
        #expect(Timestamp(milliseconds: .min).utc.hasSuffix("Z"))
    }

    @Test(
        "An amount is a JSON number by its exact text", arguments: ["0", "0.000000001", "-3", "3999999999.999999999"])
    func amount(text: String) throws {
        #expect(try #require(Money(decimal: text)).json.numberText == text)
    }
}
