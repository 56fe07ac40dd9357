import Foundation
@testable import Native
import ProviderKit
import TestSupport
import Testing

@Suite("An image's file, looked at from outside")
struct ImageFileTests {
    private func problem(_ bytes: [UInt8]) -> String? {
        do {
            _ = try ImageFile(bytes)
            return nil
        } catch {
            return error.clause
        }
    }

    private func big(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
    private func little(_ number: Int) -> [UInt8] { [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)] }

    private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        big(data.count) + Array(name.utf8) + data + [0, 0, 0, 0]
    }

    private func png(_ width: Int, _ height: Int, _ between: [UInt8] = []) -> [UInt8] {
        PNGFile.signature + chunk("IHDR", big(width) + big(height) + [8, 0, 0, 0, 0]) + between
            + chunk("IDAT", [1, 2, 3]) + chunk("IEND", [])
    }

    private func frame(_ marker: UInt8, _ width: Int, _ height: Int) -> [UInt8] {
        [0xFF, marker, 0, 11, 8] + [UInt8(height >> 8), UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255)]
            + [1, 1, 0x11, 0]
    }

    private let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34]

    private func jpeg(_ parts: [UInt8]...) -> [UInt8] { [0xFF, 0xD8] + parts.flatMap(\.self) + [0xFF, 0xD9] }

    private func gif(_ screen: (Int, Int), _ picture: (Int, Int)) -> [UInt8] {
        Array("GIF89a".utf8) + little(screen.0) + little(screen.1) + [0x80, 0, 0] + [0, 0, 0, 255, 255, 255]
            + [0x21, 0xF9, 2, 1, 2, 0] + [0x2C, 0, 0, 0, 0] + little(picture.0) + little(picture.1)
            + [0x81] + [UInt8](repeating: 9, count: 12) + [2, 3, 1, 2, 3, 1, 9, 0]
    }

    @Test("Sizes are read from the headers of all three formats")
    func sizes() throws {
        var file = try ImageFile(png(640, 480))
        #expect((file.format, file.width, file.height) == (.png, 640, 480))
        file = try ImageFile(jpeg([0xFF, 0xE0, 0, 4, 1, 2], frame(0xC2, 640, 481), scan, scan))
        #expect((file.format, file.width, file.height) == (.jpeg, 640, 481))
        file = try ImageFile(gif((640, 482), (8, 8)))
        #expect((file.format, file.width, file.height) == (.gif, 640, 482))
    }

    @Test("Files outside the bounds are refused by their headers alone")
    func bounds() {
        #expect(problem(png(50_000, 50_000)) == "has 50000 x 50000 pixels; each side may have 8 to 4096")
        #expect(problem(png(7, 100)) == "has 7 x 100 pixels; each side may have 8 to 4096")
        #expect(problem(png(0, 100)) == "has 0 x 100 pixels; each side may have 8 to 4096")
        #expect(problem(png(4_096, 4_096))?.hasPrefix("has 4096 x 4096 pixels, more than 4194304") == true)
        #expect(problem(png(4_096, 1_024)) == nil)
        #expect(problem(jpeg(frame(0xC0, 65_535, 65_535), scan))?.hasPrefix("has 65535 x 65535") == true)
        #expect(problem(jpeg(frame(0xC0, 65_535, 0), scan))?.hasPrefix("has 65535 x 0") == true)
        #expect(problem(gif((65_535, 65_535), (8, 8)))?.hasPrefix("has 65535 x 65535") == true)
        #expect(problem(gif((100, 100), (101, 100))) == "has a picture that is larger than its screen")
        #expect(
            problem(PNGFile.signature + [UInt8](repeating: 0, count: 1024 * 1024)) == "is larger than 1048576 bytes")
    }

    @Test("What is none of the three formats, or broken, is refused with a reason")
    func broken() {
        #expect(problem([]) == "is no PNG, JPEG or GIF file")
        #expect(problem(Array("<svg/>".utf8)) == "is no PNG, JPEG or GIF file")
        #expect(problem(Array("RIFF0000WEBP".utf8)) == "is no PNG, JPEG or GIF file")
        #expect(problem(PNGFile.signature + chunk("IDAT", [])) == "does not start with a PNG file's header")
        #expect(problem(PNGFile.signature + big(-1) + Array("IHDR".utf8))?.contains("PNG file's header") == true)
        #expect(problem(Array(png(20, 20).dropLast(1))) == "breaks off in its middle")
        #expect(problem(jpeg(scan)) == "is a JPEG file without a picture")
        #expect(problem(jpeg(frame(0xC0, 20, 20))) == "is a JPEG file without a picture")
        #expect(problem(jpeg(frame(0xC0, 20, 20), frame(0xC0, 20, 20), scan)) == "has two pictures in one JPEG file")
        #expect(problem(jpeg(frame(0xC9, 20, 20), scan)) == "is a JPEG file of a kind that is not read")
        #expect(problem([0xFF, 0xD8, 0xFF, 0xE0, 0, 1]) == "is a damaged JPEG file")
        #expect(problem(gif((20, 20), (20, 20)).dropLast(20)) == "breaks off in its middle")
        #expect(problem(Array("GIF89a".utf8) + [20, 0, 20, 0, 0, 0, 0, 0x3B]) == "is a GIF file without a picture")
        #expect(problem(Array("GIF89a".utf8) + [20, 0, 20, 0, 0, 0, 0, 0x07]) == "is a damaged GIF file")
    }

    @Test("What would make a decoder waste time or memory is refused or left out")
    func bombs() throws {
        let scans = [UInt8]([[UInt8]](repeating: scan, count: 65).joined())
        #expect(problem(jpeg(frame(0xC2, 20, 20), scans)) == "has more than 64 scans")
        let text = png(20, 20, chunk("zTXt", [1, 2]) + chunk("PLTE", [3]) + chunk("iCCP", [4]) + chunk("tRNS", [5]))
        #expect(try ImageFile(text).bytes == png(20, 20, chunk("PLTE", [3]) + chunk("tRNS", [5])))
        let one = gif((20, 20), (20, 20))
        let animated = one + one.dropFirst(19) + [0x3B]
        #expect(try ImageFile(animated).bytes == one + [0x3B])
    }

    @Test("A file that is cut off or changed anywhere is read, or refused, and never brings the process down")
    func damaged() async throws {
        guard !Build.isMinimal else { return }
        var generator = SeededGenerator(seed: 11)
        let samples = try await TextDrawer.variants("X7K4").filter { $0.style != "large" }
        let job = WorkJob(Endless(), seconds: 600)
        var decoded = 0
        for sample in samples {
            for cut in [20, sample.file.count / 2, sample.file.count - 2] {
                _ = try decode(Array(sample.file.prefix(cut)), StopSign(job))
            }
            for _ in 0..<8 {
                var file = sample.file
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    file[Int.random(in: 0..<file.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                }
                if try decode(file, StopSign(job)) { decoded += 1 }
            }
        }
        #expect(decoded > 20)
    }

    /// Whether the decoder made a picture of it.
    private func decode(_ file: [UInt8], _ stop: borrowing StopSign) throws -> Bool {
        guard let image = try? ImageFile(file), var rules = try? TextRules([:]) else { return false }
        rules.isPhrase = true
        return try ImageReading(image: image, rules: rules).find(in: 0..<1, stop) != .damaged
    }
}
