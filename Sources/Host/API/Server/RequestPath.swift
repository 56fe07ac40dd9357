/// A request's target taken apart, its path brought to one spelling.
///
/// Clients send doubled slashes, trailing slashes and trailing blanks, and a few proxies send the whole address; all of
/// these name the same call.
struct RequestPath: Sendable, Equatable {
    let path: String
    let query: String

    init(_ target: String) {
        if RequestPath.isPlain(target.utf8) {
            path = target
            query = ""
            return
        }
        // By the bytes where they lie: a query may be long.
        var target = target
        let path: String
        (path, query) = target.withUTF8 { bytes in
            let end = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.count
            let mark = bytes[..<end].firstIndex(of: UInt8(ascii: "?")) ?? end
            let query = bytes[min(mark + 1, end)..<end]
            return (String(decoding: bytes[..<mark], as: UTF8.self), String(decoding: query, as: UTF8.self))
        }
        self.path = RequestPath.normalised(RequestPath.withoutOrigin(path[...]))
    }

    /// Whether the target needs no change: the case of nearly every request.
    private static func isPlain(_ target: String.UTF8View) -> Bool {
        var previous: UInt8 = 0
        for byte in target {
            switch byte {
            case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "%"), 0...0x20: return false
            case UInt8(ascii: "/") where previous == UInt8(ascii: "/"): return false
            default: if previous == 0, byte != UInt8(ascii: "/") { return false }
            }
            previous = byte
        }
        return target.count == 1 || previous != UInt8(ascii: "/") && previous != 0
    }

    /// The path of an absolute address; anything that starts with a slash is a path already.
    private static func withoutOrigin(_ target: Substring) -> Substring {
        guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return target }
        let rest = target[scheme.upperBound...]
        return rest.drop { $0 != "/" }
    }

    private static func normalised(_ path: Substring) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "/")]
        for byte in decoded(path.utf8) where byte != UInt8(ascii: "/") || bytes.last != UInt8(ascii: "/") {
            bytes.append(byte)
        }
        while bytes.count > 1, let last = bytes.last, last <= 0x20 || last == UInt8(ascii: "/") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Percent escapes decoded; an escape without two hexadecimal digits stays as it is.
    private static func decoded(_ text: Substring.UTF8View) -> [UInt8] {
        let source = Array(text)
        var bytes: [UInt8] = []
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
                let high = Character(UnicodeScalar(source[index + 1])).hexDigitValue,
                let low = Character(UnicodeScalar(source[index + 2])).hexDigitValue
            {
                bytes.append(UInt8(high << 4 | low))
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        return bytes
    }
}
