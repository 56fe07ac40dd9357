/// Why some bytes are no JSON value, and where.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Reason: Sendable, Equatable {
        case malformed(String)
        case tooDeep(limit: Int)
    }

    public let reason: Reason
    /// Offset in bytes from the start.
    public let offset: Int

    public var description: String {
        switch reason {
        case .malformed(let what): "\(what) at byte \(offset)"
        case .tooDeep(let limit): "nested deeper than \(limit) levels at byte \(offset)"
        }
    }
}

extension JSONValue {
    /// Reads one JSON value that fills `bytes` but for white space.
    ///
    /// - Parameter maximumDepth: how many arrays and objects may be open at once.
    /// - Throws: `JSONError`.
    public init(parsing bytes: some Sequence<UInt8>, maximumDepth: Int = 64) throws(JSONError) {
        let result = bytes.withContiguousStorageIfAvailable { buffer in
            Result { () throws(JSONError) in try JSONValue(buffer: buffer, maximumDepth: maximumDepth) }
        }
        switch result {
        case .some(let result): self = try result.get()
        case .none: self = try JSONValue(parsing: ContiguousArray(bytes), maximumDepth: maximumDepth)
        }
    }

    public init(parsing text: String, maximumDepth: Int = 64) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), maximumDepth: maximumDepth)
    }

    private init(buffer: UnsafeBufferPointer<UInt8>, maximumDepth: Int) throws(JSONError) {
        var parser = JSONParser(bytes: buffer, maximumDepth: maximumDepth)
        self = try parser.document()
    }
}

/// Recursive descent over borrowed bytes; recursion is bounded by `maximumDepth`.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let maximumDepth: Int
    var position = 0
    var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw error("text after the end of the value") }
        return value
    }

    private func error(_ what: String) -> JSONError {
        JSONError(reason: .malformed(what), offset: position)
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw error("the value is missing") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
        default: throw error("an unexpected character")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes.count - position >= expected.count,
            bytes[position..<position + expected.count].elementsEqual(expected)
        else { throw error("an unexpected word") }
        position += expected.count
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= maximumDepth else {
            throw JSONError(reason: .tooDeep(limit: maximumDepth), offset: position)
        }
        position += 1
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try enter()
        var object = JSONObject()
        skipSpace()
        if take(UInt8(ascii: "}")) { depth -= 1; return .object(object) }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw error("a member's name is missing")
            }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("a colon is missing") }
            object.append(name, try value())
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw error("a comma or closing brace is missing") }
            depth -= 1
            return .object(object)
        }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { depth -= 1; return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw error("a comma or closing bracket is missing") }
            depth -= 1
            return .array(elements)
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func digits() -> Int {
        let start = position
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
        return position - start
    }

    private mutating func number() throws(JSONError) -> JSONNumber {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) {
            guard digits() > 0 else { throw error("a digit is missing") }
        }
        if take(UInt8(ascii: ".")) {
            guard digits() > 0 else { throw error("a digit is missing") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw error("a digit is missing") }
        }
        return JSONNumber(uncheckedText: text(start, position))
    }

    /// Text of a range that is known to be ASCII or was validated.
    private func text(_ start: Int, _ end: Int) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        let plain = PlainText(in: bytes, from: start)
        position = plain.end
        guard position < bytes.count else { throw error("a string without end") }
        switch bytes[position] {
        case UInt8(ascii: "\""):
            position += 1
            guard !plain.isASCII else { return text(start, plain.end) }
            return try validated(UnsafeBufferPointer(rebasing: bytes[start..<plain.end]), start)
        case UInt8(ascii: "\\"): return try escapedString(from: start)
        default: throw error("a control character in a string")
        }
    }

    private func validated(_ decoded: some Sequence<UInt8>, _ start: Int) throws(JSONError) -> String {
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw JSONError(reason: .malformed("a string that is not UTF-8"), offset: start)
        }
        return text
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var decoded: [UInt8] = []
        // As much as most have that are no pictures.
        decoded.reserveCapacity(min(bytes.count - start, 512))
        decoded.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<position]))
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return try validated(decoded, start)
            case UInt8(ascii: "\\"): try escape(into: &decoded)
            case 0x00...0x1F: throw error("a control character in a string")
            default:
                let end = PlainText(in: bytes, from: position).end
                decoded.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[position..<end]))
                position = end
            }
        }
        throw error("a string without end")
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(JSONError) {
        guard position + 1 < bytes.count else { throw error("a string without end") }
        let letter = bytes[position + 1]
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"): decoded.append(contentsOf: String(try scalar()).utf8)
        default: throw error("an unknown escape")
        }
    }

    /// The scalar after `\u`; a surrogate without its partner becomes U+FFFD.
    private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let rewind = position
        position += 2
        let second = try fourHexDigits()
        guard (0xDC00...0xDFFF).contains(second) else {
            position = rewind
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("an escape without its four digits") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[position]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: throw error("an escape without its four digits")
            }
            position += 1
        }
        return value
    }
}
