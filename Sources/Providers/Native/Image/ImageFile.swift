/// An image as it came, looked at from outside: nothing is decoded before its size is known to be within the limits.
struct ImageFile: Sendable {
    enum Format: Sendable {
        case png, jpeg, gif
    }

    let format: Format
    /// In pixels.
    let width: Int
    let height: Int
    /// What a decoder gets: the file without what it could be made to waste time or memory on.
    let bytes: [UInt8]

    /// Reads a file's structure.
    init(_ bytes: [UInt8]) throws(ImageProblem) {
        guard bytes.count <= NativeLimits.imageBytes else {
            throw ImageProblem("is larger than \(NativeLimits.imageBytes) bytes")
        }
        if bytes.starts(with: PNGFile.signature) {
            self = try PNGFile.read(bytes)
        } else if bytes.starts(with: JPEGFile.signature) {
            self = try JPEGFile.read(bytes)
        } else if GIFFile.signatures.contains(where: { bytes.starts(with: $0) }) {
            self = try GIFFile.read(bytes)
        } else {
            throw ImageProblem("is no PNG, JPEG or GIF file")
        }
    }

    init(_ format: Format, width: Int, height: Int, bytes: [UInt8]) throws(ImageProblem) {
        let least = NativeLimits.imageSideLeast
        let most = NativeLimits.imageSide
        guard width >= least, height >= least, width <= most, height <= most else {
            throw ImageProblem("has \(width) x \(height) pixels; each side may have \(least) to \(most)")
        }
        guard width * height <= NativeLimits.imagePixels else {
            throw ImageProblem("has \(width) x \(height) pixels, more than \(NativeLimits.imagePixels) in all")
        }
        self.format = format
        self.width = width
        self.height = height
        self.bytes = bytes
    }
}

/// What is wrong with an image.
struct ImageProblem: Error, Equatable {
    /// What follows "The image".
    let clause: String

    init(_ clause: String) {
        self.clause = clause
    }

    static let cutOff = ImageProblem("breaks off in its middle")
}

/// Reads numbers of a file, one after the other, and never beyond its end.
struct FileBytes {
    private let bytes: [UInt8]
    private(set) var place: Int

    init(_ bytes: [UInt8], at place: Int) {
        self.bytes = bytes
        self.place = place
    }

    mutating func byte() throws(ImageProblem) -> Int {
        guard place < bytes.count else { throw .cutOff }
        place += 1
        return Int(bytes[place - 1])
    }

    /// A number of this many bytes, the highest first.
    mutating func big(_ count: Int) throws(ImageProblem) -> Int {
        var number = 0
        for _ in 0..<count { number = number << 8 | (try byte()) }
        return number
    }

    /// A number of two bytes, the lowest first.
    mutating func little() throws(ImageProblem) -> Int {
        let low = try byte()
        return try byte() << 8 | low
    }

    mutating func skip(_ count: Int) throws(ImageProblem) {
        guard bytes.count - place >= count else { throw .cutOff }
        place += count
    }
}
