/// The text of a Swift or C file with blanks in place of what is in comments and string literals; its lines stay.
///
/// It knows nested comments, raw and multi-line strings, interpolations (whose code stays) and C's character literals.
/// It does not know regular-expression literals between slashes: with a quote or a brace in one it would be misled.
struct CodeText {
    let text: String

    private enum Mode {
        case code(parentheses: Int)
        case string(hashes: Int, multiline: Bool)
    }

    private let source: [UInt8]
    private var result: [UInt8] = []
    private var position = 0
    private var modes: [Mode] = [.code(parentheses: 0)]

    init(_ file: SourceFile) {
        self.init(file.text, isC: file.isC)
    }

    init(_ text: String, isC: Bool = false) {
        var scanner = CodeText(scanning: text)
        scanner.scan(isC: isC)
        self.init(text: String(decoding: scanner.result, as: UTF8.self))
    }

    private init(scanning text: String) {
        source = Array(text.utf8)
        self.text = ""
    }

    private init(text: String) {
        source = []
        self.text = text
    }

    private mutating func scan(isC: Bool) {
        while position < source.count {
            switch modes.last {
            case .string(let hashes, let multiline): scanString(hashes, multiline)
            case .code(let parentheses): scanCode(parentheses, isC)
            case nil: modes = [.code(parentheses: 0)]
            }
        }
    }

    private mutating func scanCode(_ parentheses: Int, _ isC: Bool) {
        let byte = source[position]
        if starts("//") {
            while position < source.count, source[position] != UInt8(ascii: "\n") { blank() }
        } else if starts("/*") {
            blankComment(nested: !isC)
        } else if isC, byte == UInt8(ascii: "'") {
            blank(source.dropFirst(position + 1).first == UInt8(ascii: "\\") ? 4 : 3)
        } else if let opening = opening() {
            keep(opening.hashes + (opening.multiline ? 3 : 1))
            modes.append(.string(hashes: opening.hashes, multiline: opening.multiline))
        } else if byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") {
            let open = parentheses + (byte == UInt8(ascii: "(") ? 1 : -1)
            keep(1)
            modes.removeLast()
            // The parenthesis that ends an interpolation leads back into the string around it.
            if open >= 0 || modes.isEmpty { modes.append(.code(parentheses: max(0, open))) }
        } else {
            keep(1)
        }
    }

    private mutating func scanString(_ hashes: Int, _ multiline: Bool) {
        let fence = String(repeating: "#", count: hashes)
        if starts((multiline ? "\"\"\"" : "\"") + fence) {
            keep((multiline ? 3 : 1) + hashes)
            modes.removeLast()
        } else if starts("\\" + fence + "(") {
            blank(1 + hashes)
            keep(1)
            modes.append(.code(parentheses: 0))
        } else if starts("\\" + fence) {
            blank(2 + hashes)
        } else if !multiline, source[position] == UInt8(ascii: "\n") {
            modes.removeLast()
        } else {
            blank()
        }
    }

    /// What begins a string here, if one begins.
    private func opening() -> (hashes: Int, multiline: Bool)? {
        let hashes = source[position...].prefix { $0 == UInt8(ascii: "#") }.count
        guard position + hashes < source.count, source[position + hashes] == UInt8(ascii: "\"") else { return nil }
        return (hashes, source[(position + hashes)...].starts(with: "\"\"\"".utf8))
    }

    private mutating func blankComment(nested: Bool) {
        var depth = 0
        repeat {
            if starts("/*"), nested || depth == 0 {
                depth += 1
                blank(2)
            } else if starts("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && position < source.count
    }

    private func starts(_ text: String) -> Bool { source[position...].starts(with: text.utf8) }

    private mutating func keep(_ count: Int) {
        result += source[position..<min(position + count, source.count)]
        position += count
    }

    private mutating func blank(_ count: Int = 1) {
        for byte in source[position..<min(position + count, source.count)] {
            result.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
        }
        position += count
    }
}
