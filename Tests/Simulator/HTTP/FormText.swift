import Foundation
import ProviderKit

/// Forms as in.php and res.php take them: a query, a form body, a multipart body, a JSON body.
enum FormText {
    /// All parameters of a request; those of the body win over those of the query. A part with a file has its content
    /// in base64 under its name, and its file's name under `NAME.filename`.
    static func parameters(of request: SimulatedRequest) -> [String: String] {
        var all = pairs(request.query)
        let type = request.headers["content-type"] ?? ""
        if type.hasPrefix("application/json") {
            for member in request.json?.object?.members ?? [] {
                all[member.name] = member.value.string ?? member.value.text
            }
        } else if let boundary = boundary(of: type) {
            all.merge(parts(request.body, boundary: boundary)) { $1 }
        } else {
            all.merge(pairs(String(decoding: request.body, as: UTF8.self))) { $1 }
        }
        return all
    }

    static func encoded(_ text: String) -> String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
    }

    static func pairs(_ text: String) -> [String: String] {
        var all: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            all[decoded(halves[0])] = halves.count > 1 ? decoded(halves[1]) : ""
        }
        return all
    }

    private static func decoded(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return spaced.removingPercentEncoding ?? String(spaced)
    }

    private static func boundary(of type: String) -> String? {
        guard type.hasPrefix("multipart/form-data"), let range = type.range(of: "boundary=") else { return nil }
        return String(type[range.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" })
    }

    private static func parts(_ body: [UInt8], boundary: String) -> [String: String] {
        var all: [String: String] = [:]
        let data = Data(body)
        let mark = Data("--\(boundary)".utf8)
        var position = data.range(of: mark)?.upperBound ?? data.endIndex
        while let next = data.range(of: mark, in: position..<data.endIndex) {
            let part = data[position..<next.lowerBound]
            position = next.upperBound
            guard let gap = part.range(of: Data("\r\n\r\n".utf8)) else { continue }
            let head = String(decoding: part[..<gap.lowerBound], as: UTF8.self)
            guard let name = attribute("name", of: head) else { continue }
            let content = part[gap.upperBound...].dropLast(2)
            if let file = attribute("filename", of: head) {
                all[name] = content.base64EncodedString()
                all["\(name).filename"] = file
            } else {
                all[name] = String(decoding: content, as: UTF8.self)
            }
        }
        return all
    }

    private static func attribute(_ name: String, of head: String) -> String? {
        guard let start = head.range(of: " \(name)=\"") else { return nil }
        return String(head[start.upperBound...].prefix { $0 != "\"" })
    }
}
