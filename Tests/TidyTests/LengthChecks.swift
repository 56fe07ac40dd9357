import Foundation

/// How long files, lines and functions may be.
enum LengthChecks {
    static let fileLines = 400
    static let functionLines = 70
    static let columns = 120

    static func longFiles(_ file: SourceFile) -> [String] {
        guard file.isSwift || file.isC else { return [] }
        let count = file.text.hasSuffix("\n") ? file.lines.count - 1 : file.lines.count
        guard count > fileLines else { return [] }
        return ["\(file.path): \(count) lines, \(fileLines) at most. Split it by idea."]
    }

    static func longLines(_ file: SourceFile) -> [String] {
        guard file.isSwift || file.isC else { return [] }
        return file.lines.enumerated().compactMap { index, line in
            line.count > columns ? "\(file.path):\(index + 1): \(line.count) columns, \(columns) at most." : nil
        }
    }

    static func longFunctions(_ file: SourceFile) -> [String] {
        let functions: [FunctionScanner.Function]
        if file.isSwift {
            functions = FunctionScanner(CodeText(file).text).functions()
        } else if file.isC {
            functions = FunctionScanner.functionsOfC(CodeText(file).text)
        } else {
            return []
        }
        return functions.filter { $0.lines > functionLines }.map {
            "\(file.path):\($0.line): `\($0.name)` has \($0.lines) lines, \(functionLines) at most. Split it by step."
        }
    }
}

/// Finds the functions of a text whose strings and comments are blanked.
///
/// Counted are `func`, `init`, `deinit`, `subscript`, and properties whose body begins on their first line; closures
/// count to the function around them. It goes by braces and words, so that code which a macro or `#if` leaves with
/// unbalanced braces is beyond it.
struct FunctionScanner {
    struct Function: Equatable {
        let name: String
        /// Of its first line, from 1.
        let line: Int
        /// From the declaration's first line to the brace that ends it.
        let lines: Int
    }

    private let bytes: [UInt8]
    private let lineOfByte: [Int]

    init(_ code: String) {
        bytes = Array(code.utf8)
        var line = 1
        lineOfByte = bytes.map { byte in
            defer { if byte == UInt8(ascii: "\n") { line += 1 } }
            return line
        }
    }

    func functions() -> [Function] {
        var found: [Function] = []
        for (word, range) in words() {
            let name: String
            switch word {
            case "func":
                name = String(decoding: bytes[range.upperBound...].dropFirst().prefix { $0 > 0x28 }, as: UTF8.self)
            case "init", "deinit", "subscript": name = word
            case "var", "let":
                guard opensOnItsLine(range.lowerBound) else { continue }
                name = String(decoding: bytes[range.upperBound...].dropFirst().prefix { isWord($0) }, as: UTF8.self)
            default: continue
            }
            // `.init(...)` and the like are calls.
            if range.lowerBound > 0, bytes[range.lowerBound - 1] == UInt8(ascii: ".") { continue }
            guard let body = bodyStart(after: range.upperBound), let end = bodyEnd(from: body) else { continue }
            let first = lineOfByte[range.lowerBound]
            found.append(Function(name: name, line: first, lines: lineOfByte[end] - first + 1))
        }
        return found
    }

    /// In C, what begins with a line in the first column that has a parenthesis, and ends with a brace there.
    static func functionsOfC(_ code: String) -> [Function] {
        let lines = code.split(separator: "\n", omittingEmptySubsequences: false)
        var found: [Function] = []
        var start: Int?
        for (index, line) in lines.enumerated() {
            if let first = line.first, first.isLetter, line.contains("("), !line.contains(";") { start = index }
            if line.hasPrefix("}"), let begin = start {
                let name = lines[begin].prefix { $0 != "(" }.split(separator: " ").last.map(String.init) ?? ""
                found.append(Function(name: name, line: begin + 1, lines: index - begin + 1))
                start = nil
            }
        }
        return found
    }

    private func words() -> [(String, Range<Int>)] {
        var found: [(String, Range<Int>)] = []
        var start: Int?
        for index in 0...bytes.count {
            if index < bytes.count, isWord(bytes[index]) {
                if start == nil { start = index }
            } else if let begin = start {
                found.append((String(decoding: bytes[begin..<index], as: UTF8.self), begin..<index))
                start = nil
            }
        }
        return found
    }

    private func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
            || byte >= 0x80
    }

    private func opensOnItsLine(_ index: Int) -> Bool {
        let line = bytes[index...].prefix { $0 != UInt8(ascii: "\n") }
        return line.last { $0 != UInt8(ascii: " ") } == UInt8(ascii: "{")
    }

    /// The brace that opens the body; nil for a declaration without one, such as a protocol's.
    private func bodyStart(after index: Int) -> Int? {
        var depth = 0
        var position = index
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return position
            case UInt8(ascii: "}") where depth == 0: return nil
            case UInt8(ascii: "\n") where depth == 0 && beginsDeclaration(position + 1): return nil
            default: break
            }
            if depth < 0 { return nil }
            position += 1
        }
        return nil
    }

    private func beginsDeclaration(_ index: Int) -> Bool {
        let line = bytes[index...].prefix { $0 != UInt8(ascii: "\n") }.drop { $0 == UInt8(ascii: " ") }
        if line.first == UInt8(ascii: "@") { return true }
        let word = String(decoding: line.prefix { isWord($0) }, as: UTF8.self)
        return FunctionScanner.declarations.contains(word)
    }

    private static let declarations: Set<String> = [
        "func", "var", "let", "init", "deinit", "subscript", "static", "class", "struct", "enum", "actor", "extension",
        "protocol", "public", "private", "fileprivate", "internal", "package", "mutating", "nonisolated", "case",
        "associatedtype", "typealias", "override", "import",
    ]

    private func bodyEnd(from index: Int) -> Int? {
        var depth = 0
        for position in index..<bytes.count {
            if bytes[position] == UInt8(ascii: "{") { depth += 1 }
            if bytes[position] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 { return position }
            }
        }
        return nil
    }
}
