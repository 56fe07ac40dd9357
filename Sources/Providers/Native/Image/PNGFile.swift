/// The structure of a PNG file: a signature and chunks, of which the first has the size.
enum PNGFile {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The chunks that make up the picture. The others are left out: texts and profiles are compressed, and a decoder
    /// would unpack a thousand times their size.
    private static let kept = Set(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"].map { Array($0.utf8) })

    static func read(_ bytes: [UInt8]) throws(ImageProblem) -> ImageFile {
        var file = FileBytes(bytes, at: signature.count)
        var picture = signature
        var size: (width: Int, height: Int)?
        var isOver = false
        while !isOver {
            let start = file.place
            let length = try file.big(4)
            let name = Array(bytes[file.place...].prefix(4))
            try file.skip(4)
            if size == nil {
                guard name == Array("IHDR".utf8), length == 13 else {
                    throw ImageProblem("does not start with a PNG file's header")
                }
                var header = file
                size = (try header.big(4), try header.big(4))
            }
            // The data, and a checksum of four bytes.
            try file.skip(length)
            try file.skip(4)
            if kept.contains(name) { picture += bytes[start..<file.place] }
            isOver = name == Array("IEND".utf8)
        }
        guard let size else { throw .cutOff }
        return try ImageFile(.png, width: size.width, height: size.height, bytes: picture)
    }
}
