import Domain
import TestSupport
import Testing

@testable import API

@Suite("A multipart form")
struct MultipartTests {
    private func parts(_ text: String, boundary: String = "b") throws -> [String] {
        try Multipart(Array(text.utf8), boundary: boundary).parts.map {
            "\($0.name)/\($0.fileName ?? "-")=\(String(decoding: $0.content, as: UTF8.self))"
        }
    }

    private static let disposition = "Content-Disposition: form-data; name="

    @Test("has its fields and files, whatever they hold")
    func fields() throws {
        let text =
            "--b\r\n\(MultipartTests.disposition)\"a\"\r\n\r\none\r\ntwo\r\n--b \t\r\n"
            + "content-disposition:form-data;filename=\"x \\\"y\\\".png\"; NAME=file\r\nContent-Type: image/png\r\n\r\n"
            + "\r\n--c\r\n\r\n--b\r\n\(MultipartTests.disposition)\"\"\r\n\r\n\r\n--b--\r\nepilogue"
        #expect(try parts(text) == ["a/-=one\r\ntwo", "file/x \"y\".png=\r\n--c\r\n", "/-="])
        #expect(try parts("preamble\r\n" + text) == parts(text))
        #expect(try parts("--b--") == [])
    }

    @Test(
        "that is none is refused with what is wrong",
        arguments: [
            ("", "The boundary of its content type is not in the body."),
            ("--c\r\n", "The boundary of its content type is not in the body."),
            ("--b", "A boundary is not followed by the end of its line."),
            ("--bb\r\n", "A boundary is not followed by the end of its line."),
            ("--b\n", "A boundary is not followed by the end of its line."),
            ("--b\r\n", "The body ends before its last boundary."),
            ("--b\r\n\(disposition)\"a\"\r\n\r\nx", "The body ends before its last boundary."),
            (
                "--b\r\n\(disposition)\"a\"\r\nx\r\n--b--",
                "A part has no empty line behind its header lines, or more than 4096 bytes of them."
            ),
            ("--b\r\n\r\nx\r\n--b--", "A part has no header line `Content-Disposition: form-data; name=\"...\"`."),
            (
                "--b\r\nX: y\r\n\r\nx\r\n--b--",
                "A part has no header line `Content-Disposition: form-data; name=\"...\"`."
            ),
            (
                "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
                "A part has no header line `Content-Disposition: form-data; name=\"...\"`."
            ),
        ])
    func refusals(text: String, sentence: String) {
        let error = #expect(throws: ClientError.self) { try Multipart(Array(text.utf8), boundary: "b") }
        #expect(error?.code == .badParameters)
        #expect(error?.detail == "The body cannot be read as multipart/form-data. \(sentence)")
    }

    @Test("has bounds: parts, bytes of header lines, and of a name")
    func bounds() throws {
        let part = "--b\r\n\(MultipartTests.disposition)\"a\"\r\n\r\nx\r\n"
        #expect(try parts(String(repeating: part, count: Limits.formParameters) + "--b--").count == 200)
        #expect(throws: ClientError.self) {
            try parts(String(repeating: part, count: Limits.formParameters + 1) + "--b--")
        }
        let name = String(repeating: "n", count: Limits.formNameBytes)
        #expect(try parts("--b\r\n\(MultipartTests.disposition)\(name)\r\n\r\nx\r\n--b--") == ["\(name)/-=x"])
        #expect(throws: ClientError.self) {
            try parts("--b\r\n\(MultipartTests.disposition)\(name)n\r\n\r\nx\r\n--b--")
        }
        let long = "X: " + String(repeating: "y", count: Limits.formPartHeaderBytes)
        #expect(throws: ClientError.self) {
            try parts("--b\r\n\(long)\r\n\(MultipartTests.disposition)a\r\n\r\nx\r\n--b--")
        }
    }

    @Test(
        "has the boundary that its content type names",
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"),
            ("multipart/form-data;charset=x; Boundary=\"a;b\" ; c=d", "a;b"),
            ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil),
            ("multipart/form-data; boundary=" + String(repeating: "x", count: 201), nil),
        ] as [(String, String?)])
    func boundaries(contentType: String, boundary: String?) {
        #expect(Multipart.boundary(in: contentType) == boundary)
    }

    @Test("is read as it was written, whatever the contents", arguments: 0..<20)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let contents = (0..<Int.random(in: 0...8, using: &random)).map { _ in
            (0..<Int.random(in: 0...300, using: &random)).map { _ in
                // Much of what boundaries are made of.
                Bool.random(using: &random)
                    ? UInt8.random(in: 0...255, using: &random)
                    : Array("\r\n--b".utf8)[
                        Int.random(in: 0..<5, using: &random)]
            }
        }
        var body: [UInt8] = []
        for (index, content) in contents.enumerated() {
            body += "--bound\(seed)\r\n\(MultipartTests.disposition)\"f\(index)\"; filename=\"x\"\r\n\r\n".utf8
            body += content
            body += "\r\n".utf8
        }
        body += "--bound\(seed)--\r\n".utf8
        let read = try Multipart(body, boundary: "bound\(seed)").parts
        #expect(read.map { Array($0.content) } == contents)
        #expect(read.map(\.name) == contents.indices.map { "f\($0)" })
    }

    @Test("that was damaged anywhere is read or refused, and nothing else", arguments: 0..<40)
    func damaged(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let whole = Array(
            ("--b\r\n\(MultipartTests.disposition)\"a\"\r\n\r\none\r\n--b\r\n\(MultipartTests.disposition)\"f\"; "
                + "filename=\"g\"\r\nContent-Type: image/png\r\n\r\n\u{0}\u{1}\r\n--b--\r\n").utf8)
        var (readable, refused) = (0, 0)
        for _ in 0..<200 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                guard !bytes.isEmpty else { break }
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                case 2: bytes[place] = Array("\r\n-\"=;: b\\".utf8).randomElement(using: &random) ?? 0
                default: bytes.removeSubrange(place...)
                }
            }
            do {
                let parts = try Multipart(bytes, boundary: "b").parts
                #expect(parts.reduce(0) { $0 + $1.content.count } <= bytes.count)
                readable += 1
            } catch {
                #expect(error.code == .badParameters)
                refused += 1
            }
        }
        #expect(readable > 0 && refused > 0)
    }
}
