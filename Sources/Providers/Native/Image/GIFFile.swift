/// The structure of a GIF file: a screen, and blocks among which are pictures.
enum GIFFile {
    static let signatures = ["GIF87a", "GIF89a"].map { Array($0.utf8) }

    /// Takes the first picture of an animation and leaves the rest out: a decoder would unpack them all.
    static func read(_ bytes: [UInt8]) throws(ImageProblem) -> ImageFile {
        var file = FileBytes(bytes, at: 6)
        let width = try file.little()
        let height = try file.little()
        try file.skip(colours(try file.byte()) + 2)
        while true {
            switch try file.byte() {
            case 0x21:
                try file.skip(1)
                try skipBlocks(&file)
            case 0x2C:
                try file.skip(4)
                let pictureWidth = try file.little()
                let pictureHeight = try file.little()
                guard pictureWidth <= width, pictureHeight <= height else {
                    throw ImageProblem("has a picture that is larger than its screen")
                }
                try file.skip(colours(try file.byte()) + 1)
                try skipBlocks(&file)
                return try ImageFile(.gif, width: width, height: height, bytes: bytes[..<file.place] + [0x3B])
            case 0x3B: throw ImageProblem("is a GIF file without a picture")
            default: throw ImageProblem("is a damaged GIF file")
            }
        }
    }

    /// Bytes of the colour table that these flags announce.
    private static func colours(_ flags: Int) -> Int {
        flags & 0x80 == 0 ? 0 : 3 << (flags & 7 + 1)
    }

    private static func skipBlocks(_ file: inout FileBytes) throws(ImageProblem) {
        while true {
            let length = try file.byte()
            if length == 0 { return }
            try file.skip(length)
        }
    }
}
