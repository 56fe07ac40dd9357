import Foundation
import ProviderKit

/// What can be wrong with a request, before it is put into a vendor's words.
enum Problem: Error, Sendable, Hashable {
    case noKey, wrongKeyFormat, unknownKey
    case banned, keyBlocked, suspended, addressNotAllowed
    case noTask, notJSON, unknownPath, unknownType(String)
    case missing(String), malformed(String)
    case badURL(String), badSiteKey(String)
    case emptyPicture, smallPicture, largePicture, noPicture, badInstructions, unknownQuestion
    /// The last number of the proxy's address picks the failure.
    case proxy(failure: Int)
    case malformedProxy(String), missingProxy, badProxyCredentials
    case noFunds, noSlot, rateLimited
    case unknownTask, malformedTaskID, pollsUsedUp, polledTooOften
    case alreadyReported, reportTooLate, tooManyComplaints
    case emptyAction
    /// A code that the script names.
    case scripted(String)
}

/// Checks a task's fields as a vendor does.
struct FieldCheck {
    let limits: VendorLimits

    func check(_ fields: JSONObject, _ shape: TaskShape) throws(Problem) {
        for alternatives in shape.required {
            let given = alternatives.filter { isThere(fields.at($0.path), $0.kind) }
            guard let rule = alternatives.first else { continue }
            if given.isEmpty { throw absent(rule) }
            for rule in given { try check(fields.at(rule.path) ?? .null, rule) }
        }
        for rule in shape.optional where isThere(fields.at(rule.path), rule.kind) {
            try check(fields.at(rule.path) ?? .null, rule)
        }
    }

    private func isThere(_ value: JSONValue?, _ kind: FieldRule.Kind) -> Bool {
        guard let value, value != .null else { return false }
        return kind == .mayBeEmpty || value != ""
    }

    private func absent(_ rule: FieldRule) -> Problem {
        switch rule.kind {
        case .url where ["websiteURL", "pageurl"].contains(rule.path): .badURL(rule.path)
        case .image, .images: .emptyPicture
        default: .missing(rule.path)
        }
    }

    private func check(_ value: JSONValue, _ rule: FieldRule) throws(Problem) {
        switch rule.kind {
        case .image, .instructions, .audio: try checkFile(value, rule)
        case .images:
            guard let list = value.array, let first = list.first else { throw .malformed(rule.path) }
            try checkFile(first, rule)
        case .sitekey:
            guard let text = value.string else { throw .malformed(rule.path) }
            guard text.hasPrefix("6L"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw .badSiteKey(rule.path)
            }
        case .url:
            guard let text = value.string, isURL(text) else { throw .badURL(rule.path) }
        case .question:
            guard let text = value.string, text.hasPrefix("/m/") else { throw .unknownQuestion }
        default:
            guard isOf(rule.kind, value) else { throw .malformed(rule.path) }
        }
    }

    private func isOf(_ kind: FieldRule.Kind, _ value: JSONValue) -> Bool {
        switch kind {
        case .int: value.integer != nil
        case .number: value.double != nil
        // 0.5 is in the official client, 0.3 in the list of queues.
        case .score: value.double.map { [0.3, 0.5, 0.7, 0.9].contains($0) } ?? false
        case .numeric: value.integer.map { (0...4).contains($0) } ?? false
        case .bool: value.bool != nil
        case .object: value.object != nil
        case .list: value.array != nil
        case .base64: value.string.map { Data(base64Encoded: $0) != nil } ?? false
        case .textOrFalse: value.string != nil || value == false
        case .any: true
        default: value.string != nil
        }
    }

    private func isURL(_ text: String) -> Bool {
        guard let url = URL(string: text), let host = url.host() else { return false }
        return ["http", "https"].contains(url.scheme?.lowercased() ?? "") && !host.isEmpty
    }

    private func checkFile(_ value: JSONValue, _ rule: FieldRule) throws(Problem) {
        guard var text = value.string else { throw .malformed(rule.path) }
        if let comma = text.firstIndex(of: ","), text.hasPrefix("data:") {
            text = String(text[text.index(after: comma)...])
        }
        guard let data = Data(base64Encoded: text) else {
            throw rule.kind == .instructions ? .badInstructions : .noPicture
        }
        let isPicture = FieldCheck.isPicture(data)
        switch rule.kind {
        case .instructions:
            guard isPicture, data.count <= limits.largestPicture else { throw .badInstructions }
        case .audio:
            guard data.count <= 1_000_000 else { throw .largePicture }
        default:
            guard data.count >= limits.smallestPicture else { throw .smallPicture }
            guard data.count <= limits.largestPicture else { throw .largePicture }
            guard isPicture else { throw .noPicture }
        }
    }

    /// Whether the first bytes are those of PNG, JPEG, GIF, BMP or WebP.
    private static func isPicture(_ data: Data) -> Bool {
        let head = Array(data.prefix(12))
        let starts: [[UInt8]] = [[0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF], Array("GIF8".utf8), Array("BM".utf8)]
        return starts.contains { head.starts(with: $0) }
            || head.starts(with: Array("RIFF".utf8)) && head.dropFirst(8).elementsEqual(Array("WEBP".utf8))
    }
}
