import Domain
import Testing

@Suite("Values that hardly anything has")
struct RareTests {
    private struct Holder {
        @Rare var text: [Int]?
    }

    private struct Wide {
        let words: (Int, Int, Int)
    }

    @Test("One is kept, changed in one copy alone, and forgotten")
    func values() {
        var holder = Holder(text: nil)
        #expect(holder.text == nil)
        holder.text = [1]
        let copy = holder
        holder.text?.append(2)
        #expect(holder.text == [1, 2])
        #expect(copy.text == [1])
        holder.text = nil
        #expect(holder.text == nil)
        #expect(Holder(text: [3]).text == [3])
    }

    @Test("What has none takes one word for it")
    func size() {
        #expect(MemoryLayout<Wide>.size == 3 * MemoryLayout<Int>.size)
        #expect(MemoryLayout<Rare<Wide>>.size == MemoryLayout<Int>.size)
    }
}
