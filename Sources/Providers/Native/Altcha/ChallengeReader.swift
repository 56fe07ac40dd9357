import FoundationEssentials
import ProviderKit

/// Reads the members of a challenge; every refusal is a fault that names the task's field and the challenge's member.
struct ChallengeReader {
    let object: JSONObject
    /// The task's field that the challenge came from.
    let field: String

    func refusal(_ sentence: String) -> Fault {
        Fault(.badTask(field: field), sentence)
    }

    /// The members of the object under this name.
    func reader(_ name: String) throws(Fault) -> ChallengeReader {
        guard let object = object[name]?.object else { throw refusal("The challenge's \(name) has to be an object.") }
        return ChallengeReader(object: object, field: field)
    }

    func text(_ name: String, bytes limit: Int) throws(Fault) -> String {
        guard let text = object[name]?.string else { throw refusal("The challenge's \(name) has to be a string.") }
        guard text.utf8.count <= limit else {
            throw refusal("The challenge's \(name) is longer than \(limit) bytes.")
        }
        return text
    }

    /// The bytes of a text of hexadecimal digits.
    func hexadecimal(_ name: String, bytes limit: Int) throws(Fault) -> [UInt8] {
        guard let bytes = HexText.bytes(try text(name, bytes: 2 * limit)) else {
            throw refusal("The challenge's \(name) has to be an even number of hexadecimal digits.")
        }
        return bytes
    }

    /// A whole number within `range`; nil when there is no such member or it is null.
    func whole(_ name: String, _ range: ClosedRange<Int64>) throws(Fault) -> Int64? {
        guard let value = object[name], !value.isNull else { return nil }
        guard let number = value.integer ?? Int64(exactly: value.double ?? .nan) else {
            throw refusal("The challenge's \(name) has to be a whole number.")
        }
        guard range.contains(number) else {
            throw refusal("The challenge's \(name) has to be from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// Refuses a search that is expected to take more work than the limit.
    func allow(_ expectedHashes: Double) throws(Fault) {
        guard expectedHashes <= NativeLimits.expectedHashes else {
            throw refusal(
                "The challenge is expected to take \(Self.inMillions(expectedHashes)) million hashes; "
                    + "at most \(Self.inMillions(NativeLimits.expectedHashes)) million are worked through.")
        }
    }

    /// Refuses a derivation of one key that takes more memory than a thread is given, or too long to be waited for.
    func allow(memory: UInt64, hashesAtOnce: UInt64) throws(Fault) {
        let mebibyte = 1024.0 * 1024
        guard memory <= NativeLimits.derivationBytes else {
            throw refusal(
                "The challenge asks for \(Int64((Double(memory) / mebibyte).rounded(.up))) MiB of memory; at most "
                    + "\(NativeLimits.derivationBytes / 1024 / 1024) MiB are given.")
        }
        guard hashesAtOnce <= NativeLimits.hashesAtOnce else {
            throw refusal(
                "One key of the challenge takes as long as \(Self.inMillions(Double(hashesAtOnce))) million hashes; at "
                    + "most \(Self.inMillions(Double(NativeLimits.hashesAtOnce))) million are worked through.")
        }
    }

    private static func inMillions(_ hashes: Double) -> String {
        String(Int64(min(hashes / 1e6, 1e15).rounded(.up)))
    }
}
