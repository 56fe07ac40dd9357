import Foundation
import ProviderKit
import Vault

/// Solves ALTCHA challenges of version 1 with SHA-256 for real, up to a small number.
enum AltchaSolver {
    struct Solved {
        let token: JSONValue
        let number: JSONValue
    }

    /// The largest number that is tried; a larger challenge gets a made-up answer.
    static let largestNumber = 200_000

    /// Nil when the task has no challenge that can be solved here: by URL, of another version, too large.
    static func solve(_ task: JSONObject) -> Solved? {
        guard let challenge = challenge(of: task), let wanted = challenge["challenge"]?.string,
            let salt = challenge["salt"]?.string
        else { return nil }
        let most = challenge["maxnumber"]?.integer ?? challenge["iterations"]?.string.flatMap { Int64($0) }
        for number in 0...min(Int(most ?? 1_000_000), largestNumber) where hash(salt, number) == wanted.lowercased() {
            let payload: JSONValue = [
                "algorithm": "SHA-256", "challenge": .string(wanted), "number": .number(JSONNumber(number)),
                "salt": .string(salt), "signature": challenge["signature"] ?? "", "took": 12,
            ]
            return Solved(
                token: .string(Data(payload.bytes).base64EncodedString()), number: .number(JSONNumber(number)))
        }
        return nil
    }

    private static func challenge(of task: JSONObject) -> JSONValue? {
        if let metadata = task["metadata"], metadata["challenge"] != nil { return metadata }
        let given = task["challengeJSON"] ?? task["challenge_json"]
        let parsed = given?.string.flatMap { try? JSONValue(parsing: $0) } ?? given
        let algorithm = parsed?["algorithm"]?.string ?? "SHA-256"
        return algorithm.uppercased() == "SHA-256" ? parsed : nil
    }

    private static func hash(_ salt: String, _ number: Int) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hash = SHA256.hash(Array("\(salt)\(number)".utf8))
        return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
