import Domain
import ProviderKit

/// The request that tells a client's server of the end of a task.
struct CallbackRequest {
    /// The header with the signature: `t=SECONDS,v1=HEX`.
    static let signatureHeader = "Ucaptcha-Signature"

    /// The task as its client knows it.
    let id: String
    /// Nil for a task that failed.
    let code: String?

    /// A GET with what is told in the query, behind what the address has there itself.
    ///
    /// A code that makes the address too long to be sent is left out.
    ///
    /// - Parameters:
    ///   - sign: HMAC-SHA256 of a message under a key.
    ///   - key: the SHA-256 of the API key, which its owner can compute and nobody else knows.
    func http(
        to url: String, at now: Timestamp, sign: (_ message: [UInt8], _ key: [UInt8]) -> [UInt8], key: [UInt8]
    ) -> HTTPRequest {
        let whole = address(url, code: code)
        let isTooLong = whole.utf8.count > Limits.outboundURLBytes
        let told = isTooLong ? nil : code
        let seconds = now.milliseconds / 1000
        let signature = sign(Array(message(code: told, seconds: seconds).utf8), key)
        return HTTPRequest(
            method: "GET", url: isTooLong ? address(url, code: nil) : whole,
            headers: [.init(CallbackRequest.signatureHeader, "t=\(seconds),v1=\(CallbackRequest.hex(signature))")],
            timeoutSeconds: Limits.callbackAnswerSeconds)
    }

    private var status: String { code == nil ? "0" : "1" }

    /// What is signed: each value as the receiver's framework hands it out, so that no two ways to write one in an
    /// address differ. Only the last may hold a line break.
    private func message(code: String?, seconds: Int64) -> String { "\(seconds)\n\(id)\n\(status)\n\(code ?? "")" }

    private func address(_ url: String, code: String?) -> String {
        let base = url.prefix { $0 != "#" }
        var text = String(base)
        if !base.contains("?") {
            text += "?"
        } else if !base.hasSuffix("?") && !base.hasSuffix("&") {
            text += "&"
        }
        text += "captcha_id=\(CallbackRequest.escaped(id))&status=\(status)"
        if let code { text += "&code=\(CallbackRequest.escaped(code))" }
        return text
    }

    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [0x25, upperDigit(byte >> 4), upperDigit(byte & 15)]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func upperDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
