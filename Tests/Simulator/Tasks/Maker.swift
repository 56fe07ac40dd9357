import Foundation
import ProviderKit
import TestSupport

/// Makes the single values of solutions.
struct Maker {
    let task: JSONObject
    let host: String
    let unixSeconds: Int64
    var random: SeededGenerator

    mutating func value(_ name: String) -> JSONValue {
        tokenValue(name) ?? imageValue(name) ?? formValue(name) ?? .string(text(64, Maker.hex))
    }

    private mutating func tokenValue(_ name: String) -> JSONValue? {
        switch name {
        case "recaptcha": .string("03AFcWeA" + text(472, Maker.base64URL))
        case "hcaptcha": .string("P1_" + text(620, Maker.base64URL))
        case "turnstile": .string("0." + text(400, Maker.base64URL) + "." + text(22, Maker.base64URL))
        case "funcaptcha":
            .string("\(text(17, Maker.hex)).\(text(10, Maker.digits))|r=eu-west-1|meta=3|pk=\(uuid())|at=40|sup=1")
        case "token": .string(text(160, Maker.base64URL))
        case "seccode": .string(text(32, Maker.hex) + "|jordan")
        case "hex32": .string(text(32, Maker.hex))
        case "hex64": .string(text(64, Maker.hex))
        case "uuid": .string(uuid())
        case "randstr": .string("@" + text(3, Maker.base64URL))
        case "base64": .string(Data(text(60, Maker.hex).utf8).base64EncodedString())
        case "unixTime": .string(String(unixSeconds))
        case "zero": .number(JSONNumber(0))
        case "agent": .string(Maker.agent)
        case "{host}": .string(host)
        case "datadome":
            .string(
                "datadome=\(text(128, Maker.base64URL)); Max-Age=31536000; Domain=.\(host); Path=/; Secure"
            )
        case "altchaToken": altcha(\.token)
        case "altchaNumber": altcha(\.number)
        default: nil
        }
    }

    private mutating func imageValue(_ name: String) -> JSONValue? {
        switch name {
        case "imageText": .string(PictureText.text(for: task))
        case "imageLink": .string("http://\(text(16, Maker.hex)).example/captcha.png")
        case "word": .string(text(6, Maker.letters))
        case "confidence": .decimal("0.9\(number(0...9))")
        case "number": .number(JSONNumber(number(20...200)))
        case "small": .number(JSONNumber(number(1...9)))
        case "angle": .number(JSONNumber(number(0...35) * 10))
        case "cells": .array(cells().map { .number(JSONNumber($0)) })
        case "flags": .array((0..<9).map { _ in .bool(number(0...2) == 0) })
        case "points": .array(points(2).map { .object(["x": $0.x, "y": $0.y]) })
        case "pairs": .array(points(2).map { .array([$0.x, $0.y]) })
        case "rectangles": .array([.array(box())])
        case "box": .array(box())
        case "boxes":
            .array([.object(JSONObject(zip(["xMin", "yMin", "xMax", "yMax"], box()).map { .init($0, $1) }))])
        case "lines": .array([.array(points(4).map { .object(["x": $0.x, "y": $0.y]) })])
        case "recognition": recognition.answer
        case "recognitionType": .string(recognition.type)
        default: nil
        }
    }

    /// The texts in which form vendors answer what is no text.
    private mutating func formValue(_ name: String) -> JSONValue? {
        switch name {
        case "coordinateText":
            .string("coordinate:" + points(2).map { "x=\($0.x.text),y=\($0.y.text)" }.joined(separator: ";"))
        case "canvasText":
            .string("canvas:" + points(4).map { "\($0.x.text),\($0.y.text)" }.joined(separator: ","))
        case "clickText": .string("click:" + cells().map(String.init).joined(separator: "/"))
        case "angleText": .string(String(number(0...35) * 10))
        case "boxesText":
            .string(
                JSONValue.array([
                    .object(JSONObject(zip(["xMin", "yMin", "xMax", "yMax"], box()).map { .init($0, $1) }))
                ]).text)
        case "spot": .string("\(number(10...200)):\(number(10...200))")
        case "relations":
            .string(task.members.map(\.name).filter { Int($0) != nil }.sorted().joined(separator: ","))
        default: nil
        }
    }

    private mutating func altcha(_ field: KeyPath<AltchaSolver.Solved, JSONValue>) -> JSONValue {
        AltchaSolver.solve(task)?[keyPath: field]
            ?? (field == \AltchaSolver.Solved.number
                ? .number(JSONNumber(number(1...50000))) : .string(text(200, Maker.base64URL)))
    }

    /// What the class `recognition` answers with depends on the module.
    private var recognition: (answer: JSONValue, type: String) {
        let module = task.at("metadata.Task")?.string ?? ""
        if module.contains("rotate") || module == "baidu" {
            return ([number(fixed: 7), number(fixed: 3)], "NumericArray")
        }
        if module == "shein" || module.contains("find_icon") {
            return ([["X": number(fixed: 30), "Y": number(fixed: 40)]], "Coordinate")
        }
        if module == "MathSum" || module == "bills_audio" || module == "dli" {
            return (.string(PictureText.text(for: task)), "Text")
        }
        return ([true, false, true, false, false, false, false, true, false], "Grid")
    }

    private func number(fixed: Int) -> JSONValue { .number(JSONNumber(fixed)) }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func points(_ count: Int) -> [(x: JSONValue, y: JSONValue)] {
        (0..<count).map { _ in (.number(JSONNumber(number(5...300))), .number(JSONNumber(number(5...300)))) }
    }

    /// Left, top, right, bottom.
    private mutating func box() -> [JSONValue] {
        let (left, top) = (number(0...100), number(0...100))
        return [left, top, left + number(10...100), top + number(10...100)].map { .number(JSONNumber($0)) }
    }

    private mutating func cells() -> [Int] { Array((1...9).shuffled(using: &random).prefix(3)).sorted() }

    private mutating func uuid() -> String {
        [8, 4, 4, 4, 12].map { text($0, Maker.hex) }.joined(separator: "-")
    }

    mutating func text(_ count: Int, _ alphabet: [Character]) -> String {
        String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
    }

    static let hex = Array("0123456789abcdef")
    static let digits = Array("0123456789")
    static let letters = Array("abcdefghijkmnpqrstuvwxyz")
    static let base64URL = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    static let agent =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "Chrome/141.0.0.0 Safari/537.36"
}

extension JSONValue {
    /// A number by its decimal text; null when it is none.
    static func decimal(_ text: String) -> JSONValue { (try? JSONValue(parsing: text)) ?? .null }
}
