import Domain
import TestSupport
import Testing

@Suite("API keys and task numbers")
struct IdentityTests {
    @Test("A key is ucap_ and 32 letters and digits")
    func form() {
        let random = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5Z9"
        #expect(APIKeyText("ucap_\(random)")?.text == "ucap_\(random)")
        let others = [
            "", "ucap_", "ucap_\(random)x", "ucap_\(random.dropLast())", "UCAP_\(random)", "ucap-\(random)",
            " ucap_\(random)", "ucap_\(random.dropLast())-", "ucap_\(random.dropLast()) ",
            "ucap_\(random.dropLast(2))é",
            "ucap_\(random.dropLast(2))\u{0301}", "ucap_\(random.dropLast())\0",
        ]
        for text in others { #expect(APIKeyText(text) == nil, "\(text)") }
        #expect(APIKeyText(random)?.text == "ucap_\(random)", "the letters and digits alone are the key too")
    }

    @Test("A key is made of random bytes, passing over those that would favour some characters")
    func fairBytes() throws {
        let low = try #require(APIKeyText(random: Array(0..<32)))
        #expect(low.text == "ucap_0123456789ABCDEFGHIJKLMNOPQRSTUV")
        #expect(try #require(APIKeyText(random: Array(248...255) + Array(0..<32))) == low)
        #expect(try #require(APIKeyText(random: Array(62..<94))) == low)
        #expect(try #require(APIKeyText(random: Array(0..<64))) == low)
        #expect(APIKeyText(random: Array(0..<31)) == nil)
        #expect(APIKeyText(random: Array(repeating: 255, count: 1000)) == nil)
        #expect(APIKeyText(low.text) == low)
    }

    @Test("Every character is made by as many bytes as every other one")
    func fairness() throws {
        var made: [Character: Int] = [:]
        for byte in UInt8.min...UInt8.max {
            guard let key = APIKeyText(random: Array(repeating: byte, count: 32)) else { continue }
            made[try #require(key.text.last), default: 0] += 1
        }
        #expect(made.count == 62)
        #expect(Set(made.values) == [4])
    }

    @Test("Random keys are of the form and differ")
    func randomKeys() throws {
        var random = SeededGenerator(seed: 5)
        let keys = try (0..<1_000).map { _ in
            try #require(APIKeyText(random: (0..<64).map { _ in UInt8.random(in: .min ... .max, using: &random) }))
        }
        #expect(Set(keys).count == keys.count)
        #expect(keys.allSatisfy { APIKeyText($0.text) == $0 })
    }

    @Test("A task's number is positive and exact in every JSON reader")
    func taskNumbers() {
        #expect(TaskID(1)?.description == "1")
        #expect(TaskID(9_007_199_254_740_991)?.number == 9_007_199_254_740_991)
        for number in [0, -1, .min, .max, 9_007_199_254_740_992] as [Int64] { #expect(TaskID(number) == nil) }
        // The largest survives a reader that holds numbers as 64-bit floating point.
        #expect(Int64(Double(TaskID.upperBound - 1)) == TaskID.upperBound - 1)
    }

    @Test("Time is counted in milliseconds and does not overflow")
    func timestamps() {
        let start = Timestamp(milliseconds: 1_000)
        #expect(start.adding(seconds: 1.5).milliseconds == 2_500)
        #expect(start.adding(seconds: -0.25).milliseconds == 750)
        #expect(start.adding(seconds: 2.5).seconds(since: start) == 2.5)
        #expect(start.adding(seconds: .infinity).milliseconds == 10_000_000_001_000)
        #expect(start.adding(seconds: -.infinity) < start)
    }
}
