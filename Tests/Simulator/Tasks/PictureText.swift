import Foundation
public import ProviderKit

/// The text that the simulator reads in a picture: it follows from the picture's bytes alone, so that a test knows it.
public enum PictureText {
    /// The text for a task of the family `imageToText`; it keeps `numeric`, `math`, `minLength` and `maxLength`.
    public static func text(for task: JSONObject) -> String {
        let picture =
            [task["body"], task["file"], task.at("imagesBase64")?.array?.first].compactMap { $0?.string }.first ?? ""
        func whole(_ names: String...) -> Int64? {
            names.compactMap { task[$0]?.integer ?? task[$0]?.string.flatMap { Int64($0) } }.first { $0 > 0 }
        }
        let hash = hash(picture)
        if task["math"] == true || task["calc"] == "1" { return String(hash % 90 + 2) }
        let shortest = whole("minLength", "min_len") ?? 5
        let length = min(max(shortest, 5), whole("maxLength", "max_len") ?? 20)
        let onlyDigits = whole("numeric") == 1
        let alphabet = Array(onlyDigits ? "0123456789" : "abcdefghjkmnpqrstuvwxyz23456789")
        var rest = hash
        return String(
            (0..<max(length, 1)).map { _ in
                defer { rest = rest &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
                return alphabet[Int((rest >> 33) % UInt64(alphabet.count))]
            })
    }

    /// FNV-1a.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
