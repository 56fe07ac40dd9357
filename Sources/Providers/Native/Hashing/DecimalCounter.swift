/// A number as decimal text that counts up in place: dividing a number into digits again for every candidate would cost
/// as much as some hashes do.
struct DecimalCounter: ~Copyable {
    /// Digits of the largest number of 64 bits.
    static let capacity = 20

    private let storage: UnsafeMutableRawBufferPointer
    private var start: Int

    /// Counts in `storage`, which has to hold `capacity` bytes and to outlive the counter.
    init(_ number: UInt64, in storage: UnsafeMutableRawBufferPointer) {
        self.storage = storage
        start = storage.count
        var rest = number
        repeat {
            start -= 1
            storage[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
    }

    /// The digits, without leading zeros.
    var digits: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[start...]) }

    mutating func increment() {
        var index = storage.count - 1
        while index >= start, storage[index] == UInt8(ascii: "9") {
            storage[index] = UInt8(ascii: "0")
            index -= 1
        }
        if index >= start {
            storage[index] += 1
        } else {
            start -= 1
            storage[start] = UInt8(ascii: "1")
        }
    }
}
