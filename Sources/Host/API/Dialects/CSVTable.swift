/// A table as text, by RFC 4180: a row of names, then rows of values, each ended by CR and LF.
struct CSVTable: Sendable {
    /// The content type of its bytes.
    static let contentType = "text/csv; charset=utf-8; header=present"

    /// One value.
    enum Cell: Sendable {
        /// Digits, signs and points, of the host's own making.
        case number(String)
        /// Anything; nil is an empty cell. A spreadsheet shows it as text, whatever it begins with.
        case text(String?)
    }

    private(set) var bytes: [UInt8] = []

    init(_ names: [String]) {
        append(names.map { .text($0) })
    }

    mutating func append(_ cells: [Cell]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            switch cell {
            case .number(let text): bytes += text.utf8
            case .text(let text): write(text ?? "")
            }
        }
        bytes += "\r\n".utf8
    }

    private mutating func write(_ text: String) {
        let text = CSVTable.isFormula(text) ? "'" + text : text
        guard text.utf8.contains(where: CSVTable.needsQuotes) else {
            bytes += text.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        [UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n")].contains(byte)
    }

    /// Whether a spreadsheet might reckon instead of showing: it may take the wide forms of the signs for them, too.
    private static func isFormula(_ text: String) -> Bool {
        text.unicodeScalars.first.map { "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains($0) }
            ?? false
    }
}
