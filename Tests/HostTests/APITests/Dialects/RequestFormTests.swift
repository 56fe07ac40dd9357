import Domain
import Foundation
import ProviderKit
import TestSupport
import Testing

@testable import API

@Suite("The parameters of a request")
struct RequestFormTests {
    private func form(_ asked: Asked) throws -> RequestForm { try RequestForm(asked.request) }

    @Test("come from the query, a form, multipart or JSON, whatever is said to be there")
    func sources() throws {
        let multipart = "--b\r\nContent-Disposition: form-data; name=\"A\"\r\n\r\nx y\r\n--b--"
        let asked = [
            Asked("GET", "/in.php?A=x%20y"), Asked("GET", "/in.php?a=x+y&&=&c"),
            Asked("POST", "/in.php", body: "a=x%20y\r\n", type: "application/x-www-form-urlencoded"),
            Asked("POST", "/in.php", body: "a=x+y"),
            Asked("POST", "/in.php", body: multipart, type: "Multipart/Form-Data; boundary=b"),
            Asked("POST", "/in.php", body: #"{"a":"x y"}"#, type: "application/json; charset=utf-8"),
            Asked("POST", "/in.php", body: #" {"a":"x y"}"#, type: "text/plain"),
            Asked("POST", "/in.php", body: "\u{FEFF}{\"a\":\"x y\"}", type: "application/json"),
            Asked("POST", "/in.php", body: "\u{FEFF}{\"a\":\"x y\"}"), Asked("POST", "/in.php", body: "\u{FEFF}a=x+y"),
            Asked("POST", "/in.php?a=query", body: "a=first&a=x+y"),
        ]
        for asked in asked { #expect(try form(asked).text("a") == "x y", "\(asked.request)") }
    }

    @Test("that a refusal needs are read alone, however they were sent")
    func few() throws {
        let multipart = ["Json", "other"].map { "--b\r\nContent-Disposition: form-data; name=\($0)\r\n\r\n1\r\n" }
        let asked = [
            Asked("GET", "/in.php?a=1&jSon=1&jso=1"), Asked("POST", "/in.php?a=1", body: "b=1&json=1"),
            Asked(
                "POST", "/in.php", body: multipart.joined() + "--b--", type: "multipart/form-data; boundary=b"),
            Asked("POST", "/in.php", body: #"{"JSON":1,"c":"x"}"#, type: "application/json"),
        ]
        for asked in asked {
            let read = try RequestForm(asked.request, only: ["json"])
            #expect(Set(read.names) == ["json"] && read.isSet("json"), "\(asked.request)")
        }
    }

    @Test("that are empty count as missing; numbers and truth values are texts")
    func kinds() throws {
        let read = try form(
            Asked("POST", "/", body: #"{"a":"","b":null,"c":7,"d":true,"e":[1],"f":"0"}"#, type: "application/json"))
        #expect(["a", "b", "c", "d", "e", "f", "g"].map { read.text($0) } == [nil, nil, "7", "1", nil, "0", nil])
        #expect(read["e"] == [1])
        #expect(read.isSet("d") && !read.isSet("f") && !read.isSet("g") && !read.isSet("c"))
    }

    @Test("are read leniently: bad escapes stay, and what is no UTF-8 is repaired")
    func lenient() throws {
        #expect(try form(Asked("GET", "/?a=%zz%4")).text("a") == "%zz%4")
        #expect(try form(Asked("GET", "/?a=%ff")).text("a") == "\u{FFFD}")
        #expect(try form(Asked("GET", "/?%61=%C3%A4=%26")).text("a") == "ä=&")
    }

    @Test("are read as they were written, whatever bytes they have", arguments: 1...20 as ClosedRange<UInt64>)
    func bytes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabets = ["0123456789abcdef", "0123456789ABCDEF"].map { Array($0.utf8) }
        var (written, meant): ([UInt8], [UInt8]) = ([], [])
        for _ in 0..<300 {
            let byte = UInt8.random(in: 1...127, using: &generator)
            switch UInt8.random(in: 0..<4, using: &generator) {
            case 0:
                (written, meant) = (written + [UInt8(ascii: "+")], meant + [0x20])
            case 1:
                let digits = alphabets[Int.random(in: 0..<2, using: &generator)]
                let (high, low) = (digits[Int(byte >> 4)], digits[Int(byte & 15)])
                (written, meant) = (written + [UInt8(ascii: "%"), high, low], meant + [byte])
            default:
                let isSpecial = "+%&=#?".utf8.contains(byte)
                (written, meant) = (written + [isSpecial ? 0x2D : byte], meant + [isSpecial ? 0x2D : byte])
            }
        }
        // What is no escape stays.
        (written, meant) = (written + "%2%".utf8, meant + "%2%".utf8)
        let text = "a=" + String(decoding: written, as: UTF8.self)
        let pair = try #require(FormText.pairs(text.utf8, limit: 1)?.first)
        #expect(Array(pair.value.utf8) == meant && pair.name == "a")
        // Also where the bytes do not lie side by side.
        #expect(FormText.pairs(Array(text.utf8).lazy.map { $0 }, limit: 1)?.first?.value == pair.value)
    }

    @Test("that cannot be read are refused")
    func refusals() {
        let many = (0...Limits.formParameters).map { "a\($0)=1" }.joined(separator: "&")
        let json = "{" + (0...Limits.formParameters).map { "\"a\($0)\":1" }.joined(separator: ",") + "}"
        let cases: [(Asked, ErrorCode)] = [
            (Asked("GET", "/?" + many), .badParameters), (Asked("POST", "/", body: many), .badParameters),
            (Asked("POST", "/", body: json), .badParameters),
            (Asked("POST", "/", body: "--b--", type: "multipart/form-data"), .badParameters),
            (Asked("POST", "/", body: "x", type: "multipart/form-data; boundary=b"), .badParameters),
            (Asked("POST", "/", body: "[1]", type: "application/json"), .badJSON),
            (Asked("POST", "/", body: "{", type: "text/plain"), .badJSON),
            (
                Asked("POST", "/", body: "{\"a\":" + String(repeating: "[", count: 40), type: "application/json"),
                .nestedTooDeep
            ),
        ]
        for (asked, code) in cases {
            let error = #expect(throws: ClientError.self) { try form(asked) }
            #expect(error?.code == code, "\(asked.request)")
        }
        #expect(throws: Never.self) {
            try form(Asked("GET", "/?" + many.dropLast(many.split(separator: "&").last?.count ?? 0)))
        }
    }

    @Test("that are files are handed on in base64; a plus sign that came unescaped is put back")
    func content() throws {
        let bytes: [UInt8] = [0, 255, 13, 10]
        var body = Array("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n".utf8)
        body += bytes
        body += "\r\n--b\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\n\r\n--b--".utf8
        let read = try form(Asked("POST", "/", bytes: body, type: "multipart/form-data; boundary=b"))
        #expect(read.content(file: ["file"], or: ["body"]) == .string(Data(bytes).base64EncodedString()))
        #expect(try form(Asked("GET", "/?body=ab+cd/")).content(file: ["file"], or: ["body"]) == "ab+cd/")
        let address = try form(Asked("GET", "/?body=data:image/png;+x;base64,a+b"))
        #expect(address.content(file: [], or: ["body"]) == "data:image/png; x;base64,a+b")
        #expect(try form(Asked("GET", "/?body=")).content(file: ["file"], or: ["body"]) == nil)
    }
}
