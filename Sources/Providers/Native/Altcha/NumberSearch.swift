import Glibc

/// The work of ALTCHA version 1: the number whose decimal digits, after the salt, hash to the challenge.
struct NumberSearch: Search {
    var digest: Digest
    var salt: [UInt8]
    /// The hash that is looked for, of the digest's length.
    var wanted: [UInt8]
    /// The numbers are `0...highest`.
    var highest: UInt64

    var candidates: UInt64 { highest + 1 }
    var slice: UInt64 { NativeLimits.hashesPerSlice }

    /// Hash invocations until the number is found, on average.
    var expectedHashes: Double { (Double(highest) + 1) / 2 }

    func find(in range: Range<UInt64>, _ stop: borrowing StopSign) throws(LibraryFailure) -> Match? {
        let salted = try HashState(digest)
        try salted.take(salt)
        let work = try HashState(digest)
        let storage = UnsafeMutableRawBufferPointer.allocate(
            byteCount: DecimalCounter.capacity + Digest.longest, alignment: 8)
        defer { storage.deallocate() }
        guard let start = storage.baseAddress else { return nil }
        let hash = (start + DecimalCounter.capacity).assumingMemoryBound(to: UInt8.self)
        var text = DecimalCounter(
            range.lowerBound, in: UnsafeMutableRawBufferPointer(start: start, count: DecimalCounter.capacity))
        var number = range.lowerBound
        while number < range.upperBound {
            if number % NativeLimits.hashesPerLook == 0, stop.isUp { return nil }
            try work.become(salted)
            try work.take(text.digits)
            try work.finish(into: hash)
            if memcmp(hash, wanted, wanted.count) == 0 { return Match(number: number) }
            text.increment()
            number += 1
        }
        return nil
    }
}
