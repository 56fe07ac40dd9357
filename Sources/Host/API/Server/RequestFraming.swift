/// Follows the bytes of a connection from request to request, as far as it takes to tell where each one's line, header
/// lines and body are. What they say, and whether it is HTTP at all, is the decoder's to judge.
struct RequestFraming {
    /// What follows a head.
    enum Body: Equatable {
        case bytes(Int)
        case chunked
    }

    /// What some bytes belong to.
    enum Part: Equatable {
        /// Blank lines before a request, which mean nothing.
        case blank
        /// The first line of a request, its line break included.
        case line
        /// The header lines and the empty one behind them; also those behind a chunked body.
        case headers
        case body
    }

    /// The bytes that come next.
    struct Segment: Equatable {
        let part: Part
        let count: Int
        /// Whether the part ends with them. Behind a line come headers; behind the headers of a head `body` is to be
        /// told, or `restart`; what ends a request's body, or the headers behind it, ends the request.
        var isEnd = false
    }

    private enum Place {
        case line(isBegun: Bool)
        case head
        case body(Int)
        /// The hexadecimal digits of a chunk's size, as far as they have come.
        case chunkSize(Int)
        /// The rest of that line.
        case chunkLine(Int)
        /// A chunk with the line break behind it.
        case chunk(Int)
        case trailers
    }

    private var place = Place.line(isBegun: false)
    /// Of the header line that has begun: its bytes so far, and the last of them.
    private var lineLength = 0
    private var lastByte: UInt8 = 0
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Whether the part that has ended is a head, so that what follows it is to be told.
    var awaitsBody: Bool {
        if case .head = place { true } else { false }
    }

    /// Tells what follows the head that has just ended.
    ///
    /// - Returns: whether the request ends with its head.
    mutating func follow(_ body: Body) -> Bool {
        switch body {
        case .bytes(...0):
            restart()
            return true
        case .bytes(let count): place = .body(count)
        case .chunked: place = .chunkSize(0)
        }
        return false
    }

    /// Tells that a request begins here.
    mutating func restart() { place = .line(isBegun: false) }

    /// Takes the next bytes of one part.
    ///
    /// - Parameter bytes: at least one.
    mutating func next(_ bytes: UnsafeRawBufferPointer) -> Segment {
        switch place {
        case .line(let isBegun): return line(bytes, isBegun)
        case .head:
            let end = emptyLine(bytes)
            return Segment(part: .headers, count: end ?? bytes.count, isEnd: end != nil)
        case .trailers:
            let end = emptyLine(bytes)
            if end != nil { restart() }
            return Segment(part: .headers, count: end ?? bytes.count, isEnd: end != nil)
        case .body(let left):
            let count = min(left, bytes.count)
            place = .body(left - count)
            if count == left { restart() }
            return Segment(part: .body, count: count, isEnd: count == left)
        case .chunkSize(let size): return chunkSize(bytes, size)
        case .chunkLine(let size):
            let end = bytes.firstIndex(of: RequestFraming.lineFeed)
            if end != nil { chunkBegins(size) }
            return Segment(part: .body, count: end.map { $0 + 1 } ?? bytes.count)
        case .chunk(let left):
            let count = min(left, bytes.count)
            place = count == left ? .chunkSize(0) : .chunk(left - count)
            return Segment(part: .body, count: count)
        }
    }

    private mutating func line(_ bytes: UnsafeRawBufferPointer, _ isBegun: Bool) -> Segment {
        if !isBegun {
            let blanks = bytes.prefix { $0 == RequestFraming.lineFeed || $0 == RequestFraming.carriageReturn }.count
            if blanks > 0 { return Segment(part: .blank, count: blanks) }
        }
        guard let end = bytes.firstIndex(of: RequestFraming.lineFeed) else {
            place = .line(isBegun: true)
            return Segment(part: .line, count: bytes.count)
        }
        place = .head
        lineLength = 0
        return Segment(part: .line, count: end + 1, isEnd: true)
    }

    /// The offset behind the first line that is empty; nil when it is not among the bytes.
    private mutating func emptyLine(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var start = 0
        while let end = bytes[start...].firstIndex(of: RequestFraming.lineFeed) {
            let length = lineLength + end - start
            let last = end > start ? bytes[end - 1] : lastByte
            lineLength = 0
            start = end + 1
            if length == 0 || length == 1 && last == RequestFraming.carriageReturn { return start }
        }
        if start < bytes.count {
            lineLength += bytes.count - start
            lastByte = bytes[bytes.count - 1]
        }
        return nil
    }

    private mutating func chunkSize(_ bytes: UnsafeRawBufferPointer, _ begun: Int) -> Segment {
        var size = begun
        for (index, byte) in bytes.enumerated() {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                place = .chunkLine(size)
                return Segment(part: .body, count: index)
            }
            // What is larger than anything that is taken need not be told from other such sizes.
            size = min(size << 4 | digit, Int(Int32.max))
        }
        place = .chunkSize(size)
        return Segment(part: .body, count: bytes.count)
    }

    private mutating func chunkBegins(_ size: Int) {
        lineLength = 0
        place = size == 0 ? .trailers : .chunk(size + 2)
    }
}
