@testable import ProviderKit
import Testing

@Suite("Plain text in JSON strings")
struct PlainTextTests {
    /// Bytes near those that end it or look like them when only some bits are compared.
    private static let bytes: [UInt8] = [
        0x00, 0x01, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7F, 0x80, 0x9F, 0xA0, 0xA2, 0xDC, 0xFF,
    ]

    private func expectRight(_ text: [UInt8], from start: Int) {
        let isEnd = { (byte: UInt8) in byte < 0x20 || byte == 0x22 || byte == 0x5C }
        let end = text[start...].firstIndex(where: isEnd) ?? text.count
        let plain = text.withUnsafeBufferPointer { PlainText(in: $0, from: start) }
        #expect(plain.end == end, "\(text) from \(start)")
        #expect(plain.isASCII == text[start..<end].allSatisfy { $0 < 0x80 }, "\(text) from \(start)")
    }

    @Test("It ends at the first byte that does not stand for itself, wherever that is and whatever is around it")
    func ends() {
        for length in [0, 1, 7, 8, 9, 16, 20] {
            for place in 0..<max(length, 1) {
                for byte in Self.bytes {
                    for filler in [0x61, 0x20, 0x7F, 0xC3] as [UInt8] {
                        var text = [UInt8](repeating: filler, count: length)
                        if place < length { text[place] = byte }
                        expectRight(text, from: 0)
                        expectRight(text, from: min(3, length))
                    }
                }
            }
        }
    }

    @Test("Two bytes beside each other hide nothing from one another")
    func neighbours() {
        for first in Self.bytes {
            for second in Self.bytes {
                for place in 0..<9 {
                    var text = [UInt8](repeating: 0x61, count: 16)
                    (text[place], text[place + 1]) = (first, second)
                    expectRight(text, from: 0)
                }
            }
        }
    }

    @Test("Long strings with escapes, quotation marks and other scripts anywhere come back as they were")
    func roundTrip() throws {
        for piece in ["\"", "\\", "\n", "\u{1}", "é", "\u{1F600}", "a"] {
            for place in 0..<20 {
                let text = String(repeating: "x", count: place) + piece + String(repeating: "y", count: 20 - place)
                #expect(try JSONValue(parsing: JSONValue.string(text).text) == .string(text))
            }
        }
    }
}
