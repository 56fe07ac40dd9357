import Domain
import TestSupport

@testable import Vault

/// Bytes of hexadecimal digits.
func bytes(_ hex: some StringProtocol) -> [UInt8] {
    let digits = hex.utf8.compactMap(HexText.value)
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// One of NIST's vectors.
struct GCMVector: Sendable, CustomStringConvertible {
    var description = ""
    var isForEncrypting = false
    var isForged = false
    var key: [UInt8] = []
    var nonce: [UInt8] = []
    var binding: [UInt8] = []
    var text: [UInt8] = []
    var sealed: [UInt8] = []

    /// Those of `gcm256.rsp`, in their order.
    static let all: [GCMVector] = {
        let file = (try? ProjectTree.text(of: "Tests/HostTests/VaultTests/gcm256.rsp")) ?? ""
        let paragraphs = file.split(separator: "\n\n").filter { $0.hasPrefix("[") }
        return paragraphs.enumerated().map { index, paragraph in
            var vector = GCMVector()
            for line in paragraph.split(separator: "\n") {
                let value = line.split(separator: "=").dropFirst().first.map(bytes) ?? []
                switch line.prefix(while: { $0 != " " }) {
                case "[encrypt]": vector.isForEncrypting = true
                case "Key": vector.key = value
                case "IV": vector.nonce = value
                case "AAD": vector.binding = value
                case "PT": vector.text = value
                case "CT": vector.sealed = value + vector.sealed
                case "Tag": vector.sealed += value
                case "FAIL": vector.isForged = true
                default: break
                }
            }
            vector.description = "vector \(index + 1)"
            return vector
        }
    }()

    func seal() throws -> [UInt8] {
        try text.withUnsafeBytes {
            try AESGCM.seal($0, key: SecretBytes(copying: key), nonce: nonce, binding: binding)
        }
    }

    /// What opens; nil when nothing does.
    func open() throws -> [UInt8]? {
        let text = try AESGCM.open(sealed, key: SecretBytes(copying: key), nonce: nonce, binding: binding)
        return text.map { $0.withBytes { Array($0) } }
    }
}
