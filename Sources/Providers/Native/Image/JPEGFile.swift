/// The structure of a JPEG file: markers with segments behind them, and scans of compressed data.
enum JPEGFile {
    static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// Markers that are followed by nothing: restarts and the like.
    private static func isBare(_ marker: Int) -> Bool { (0xD0...0xD8).contains(marker) || marker == 0x01 }
    /// Frames of the kinds that are in use: baseline, extended and progressive, with Huffman codes.
    private static let frames: Set<Int> = [0xC0, 0xC1, 0xC2]
    /// Frames of the other kinds: lossless, differential, with arithmetic codes.
    private static let rareFrames: Set<Int> = [0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF]

    static func read(_ bytes: [UInt8]) throws(ImageProblem) -> ImageFile {
        var file = FileBytes(bytes, at: 2)
        var size: (width: Int, height: Int)?
        var scans = 0
        while true {
            let marker = try nextMarker(&file)
            if marker == 0xD9 { break }
            if isBare(marker) { continue }
            guard !rareFrames.contains(marker) else { throw ImageProblem("is a JPEG file of a kind that is not read") }
            let start = file.place
            let length = try file.big(2)
            guard length >= 2 else { throw ImageProblem("is a damaged JPEG file") }
            if frames.contains(marker) {
                guard size == nil else { throw ImageProblem("has two pictures in one JPEG file") }
                try file.skip(1)
                let height = try file.big(2)
                size = (try file.big(2), height)
            }
            if marker == 0xDA {
                // Each scan goes over the whole picture, however few bytes it has.
                scans += 1
                guard scans <= NativeLimits.imageScans else {
                    throw ImageProblem("has more than \(NativeLimits.imageScans) scans")
                }
            }
            file = FileBytes(bytes, at: start)
            try file.skip(length)
            // A file whose end is missing is shown as far as it goes, by browsers and by the decoder.
            if marker == 0xDA, file.skipsToMarker(in: bytes) == false { break }
        }
        guard let size, scans > 0 else { throw ImageProblem("is a JPEG file without a picture") }
        return try ImageFile(.jpeg, width: size.width, height: size.height, bytes: bytes)
    }

    private static func nextMarker(_ file: inout FileBytes) throws(ImageProblem) -> Int {
        guard try file.byte() == 0xFF else { throw ImageProblem("is a damaged JPEG file") }
        var marker = try file.byte()
        while marker == 0xFF { marker = try file.byte() }
        return marker
    }
}

extension FileBytes {
    /// Goes on to the next marker that ends compressed data; false when there is none.
    fileprivate mutating func skipsToMarker(in bytes: [UInt8]) -> Bool {
        var index = place
        while index + 1 < bytes.count {
            let next = bytes[index + 1]
            if bytes[index] == 0xFF, next != 0, next != 0xFF, !(0xD0...0xD7).contains(next) {
                self = FileBytes(bytes, at: index)
                return true
            }
            index += 1
        }
        return false
    }
}
