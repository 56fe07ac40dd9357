import Testing

@testable import Tasks

@Suite("Random numbers that cost no call of the system")
struct DrawsTests {
    @Test("They are even in 0..<1, and each half of a number says nothing of the next number")
    func even() {
        let draws = Draws(seed: 1)
        let numbers = (0..<64_000).map { _ in draws.next() }
        #expect(numbers.allSatisfy { (0..<1).contains($0) })
        // Pairs of neighbours in 16 squares: 2,000 in each, with a standard deviation of 43.
        var squares = [Int](repeating: 0, count: 16)
        for index in stride(from: 0, to: numbers.count, by: 2) {
            squares[Int(numbers[index] * 4) * 4 + Int(numbers[index + 1] * 4)] += 1
        }
        #expect(squares.allSatisfy { abs($0 - 2_000) < 260 }, "\(squares)")
        #expect(Set(numbers).count == numbers.count)
    }

    @Test("Two hosts draw others")
    func seeds() {
        #expect(Draws().next() != Draws().next())
    }
}
