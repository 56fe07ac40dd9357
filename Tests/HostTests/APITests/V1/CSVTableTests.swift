import Testing

@testable import API

@Suite("Tables as CSV")
struct CSVTableTests {
    private func row(_ cells: CSVTable.Cell...) -> String {
        var table = CSVTable(["a"])
        table.append(cells)
        let text = String(decoding: table.bytes, as: UTF8.self)
        return text.hasPrefix("a\r\n") ? String(text.dropFirst(2).replacing("\r\n", with: "|")) : "no head"
    }

    @Test("Rows end with CR and LF, and the first one has the names")
    func rows() {
        var table = CSVTable(["a", "b,c"])
        table.append([.number("-0.5"), .text("x")])
        table.append([.number(""), .text(nil)])
        #expect(String(decoding: table.bytes, as: UTF8.self) == "a,\"b,c\"\r\n-0.5,x\r\n,\r\n")
    }

    @Test(
        "A value with a comma, a quote or the end of a line is quoted",
        arguments: [
            ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("\"", "\"\"\"\""), ("a\rb", "\"a\rb\""),
            ("a\nb", "\"a\nb\""), ("a b", "a b"), ("é€", "é€"), ("", ""),
        ])
    func quotes(value: String, written: String) {
        var table = CSVTable([])
        table.append([.text(value)])
        #expect(String(decoding: table.bytes, as: UTF8.self) == "\r\n\(written)\r\n")
    }

    @Test(
        "A text that a spreadsheet would take for a formula has an apostrophe before it, a number has none",
        arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\u{FF1D}1", "\u{FF0B}1", "\u{FF0D}1", "\u{FF20}x"])
    func formulas(value: String) {
        #expect(row(.text(value)) == "'\(value)|")
        #expect(row(.text("x\(value)")) == "x\(value)|")
        #expect(row(.number("-1")) == "-1|")
    }

    @Test("An apostrophe and quotes come together, the apostrophe inside")
    func both() {
        #expect(row(.text(#"=HYPERLINK("http://x","y")"#)) == #""'=HYPERLINK(""http://x"",""y"")"|"#)
        var table = CSVTable([])
        for value in ["\r=1", "\n=1"] { table.append([.text(value)]) }
        #expect(String(decoding: table.bytes, as: UTF8.self) == "\r\n\"'\r=1\"\r\n\"'\n=1\"\r\n")
    }
}
