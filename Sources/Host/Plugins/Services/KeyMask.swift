import Glibc
import ProviderKit

/// How a key looks in the places of a request.
enum KeyForm {
    /// As part of a JSON string; nil when the key is no UTF-8.
    static func json(_ key: some Collection<UInt8>) -> [UInt8]? {
        guard let text = String(validating: key, as: UTF8.self) else { return nil }
        var output: [UInt8] = []
        defer { output.wipe() }
        // An array that grows leaves its old bytes behind; an escape has at most six.
        output.reserveCapacity(6 * key.count + 2)
        JSONValue.write(text, to: &output)
        return Array(output.dropFirst().dropLast())
    }

    /// Percent-encoded: all but RFC 3986's unreserved characters.
    static func percent(_ key: some Collection<UInt8>, lowercase: Bool = false) -> [UInt8] {
        let digits = Array((lowercase ? "0123456789abcdef" : "0123456789ABCDEF").utf8)
        var output: [UInt8] = []
        output.reserveCapacity(3 * key.count)
        for byte in key {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: output.append(byte)
            default: output += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return output
    }

    /// As it may stand in a header's value; nil when it would break out of its line.
    static func header(_ key: some Collection<UInt8>) -> [UInt8]? {
        key.contains { $0 < 0x20 || $0 == 0x7F } ? nil : Array(key)
    }

    /// Every form in which a key may stand in an answer or a line, each once, the longest first. None of no key.
    static func all(_ key: some Collection<UInt8>) -> [[UInt8]] {
        var found = [Array(key), percent(key), percent(key, lowercase: true)]
        if let json = json(key) {
            // Many writers of JSON escape slashes too.
            found += [json, json.replacing([0x2F], by: [0x5C, 0x2F])]
        }
        var forms: [[UInt8]] = []
        for index in found.indices {
            // Most keys are the same in all forms; what is not kept of them is overwritten.
            let isNew = !found[index].isEmpty && !forms.contains(found[index])
            if isNew { forms.append(found[index]) } else { found[index].wipe() }
        }
        return forms.sorted { $0.count > $1.count }
    }
}

extension [UInt8] {
    /// Overwrites the bytes, which nobody else may hold: a copy would be overwritten in their place.
    mutating func wipe() {
        withUnsafeMutableBytes { bytes in
            guard let address = bytes.baseAddress else { return }
            explicit_bzero(address, bytes.count)
        }
    }
}

/// Puts the placeholder back where a vendor repeats the key in its answer, so that an adapter never sees the key.
///
/// It lives from the moment the key was put into a request until the adapter has the answer.
final class KeyMask: Sendable {
    /// Longest first.
    private nonisolated(unsafe) var forms: [[UInt8]]
    private let placeholder: [UInt8]

    init(key: some Collection<UInt8>, placeholder: String) {
        self.placeholder = Array(placeholder.utf8)
        forms = KeyForm.all(key)
    }

    deinit {
        for index in forms.indices { forms[index].wipe() }
    }

    func masked(_ bytes: [UInt8]) -> [UInt8] {
        forms.reduce(bytes) { $0.replacing($1, by: placeholder) }
    }

    func masked(_ text: String) -> String {
        String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    func masked(_ reply: HTTPReply) -> HTTPReply {
        switch reply {
        case .response(let response):
            .response(
                HTTPResponse(
                    status: response.status,
                    headers: response.headers.map { HTTPRequest.Header(masked($0.name), masked($0.value)) },
                    body: masked(response.body)))
        case .failure(let failure):
            .failure(HTTPFailure(failure.kind, sent: failure.sent, masked(failure.message)))
        }
    }
}
