/// A part of a JSON string that stands there as it is.
struct PlainText {
    /// Where the first quotation mark, backslash or control character is; the end of the bytes when there is none.
    let end: Int
    /// Whether it is nothing but ASCII.
    let isASCII: Bool

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits = ones << 7
    private static let quotes = ones &* UInt64(UInt8(ascii: "\""))
    private static let backslashes = ones &* UInt64(UInt8(ascii: "\\"))
    private static let blanks = ones &* 0x20

    /// What stands there from `start` on. Pictures come as such text, so that it is looked at eight bytes at a time.
    init(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
        var index = start
        var seen: UInt64 = 0
        let raw = UnsafeRawBufferPointer(bytes)
        while index + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            // The high bit of each byte that ends it, and maybe of some behind the first of these.
            let ends =
                (PlainText.zeros(word ^ PlainText.quotes) | PlainText.zeros(word ^ PlainText.backslashes)
                    | (word &- PlainText.blanks) & ~word) & PlainText.highBits
            if ends != 0 {
                seen |= word & ((ends & (0 &- ends)) &- 1)
                end = index + ends.trailingZeroBitCount / 8
                isASCII = seen & PlainText.highBits == 0
                return
            }
            seen |= word
            index += 8
        }
        while index < raw.count, raw[index] >= 0x20, raw[index] != UInt8(ascii: "\""), raw[index] != UInt8(ascii: "\\")
        {
            seen |= UInt64(raw[index])
            index += 1
        }
        end = index
        isASCII = seen & PlainText.highBits == 0
    }

    /// The high bits of the bytes that are zero, and maybe of some behind the first of them.
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
}
