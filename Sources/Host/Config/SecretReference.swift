import Domain

/// Where a secret is found. The configuration holds these and never the secret itself.
public struct SecretReference: Sendable, Hashable, CustomStringConvertible {
    /// The reference as it is written: `env:NAME` or `file:PATH`.
    public let description: String
    private let place: Place

    private enum Place: Sendable, Hashable {
        case variable(String)
        case file(String)
    }

    /// The absolute path of the file; nil for a variable of the environment.
    public var path: String? {
        guard case .file(let path) = place else { return nil }
        return path
    }

    /// Reads `env:NAME` or `file:PATH`; nil for anything else.
    ///
    /// - Parameter folder: the absolute path of the folder that a relative PATH is relative to.
    public init?(_ text: String, relativeTo folder: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        switch parts[0] {
        case "env":
            guard SecretReference.isVariableName(parts[1]) else { return nil }
            place = .variable(String(parts[1]))
        case "file":
            guard !parts[1].isEmpty else { return nil }
            place = .file(SmallFile.join(folder, String(parts[1])))
        default: return nil
        }
        description = text
    }

    /// Fetches the secret: 1 to 4096 bytes, without the newline that ends a file, and without control characters.
    ///
    /// - Parameter environment: the variables of the process.
    /// - Throws: `SecretError`, whose sentence names the reference and never the secret.
    public func resolve(environment: [String: String]) throws(SecretError) -> [UInt8] {
        var bytes: [UInt8]
        switch place {
        case .variable(let name):
            guard let value = environment[name] else {
                throw SecretError(self, "The variable is not set. Set it for the host's process.")
            }
            bytes = Array(value.utf8)
        case .file(let path):
            // Two more than a secret may have, for the end of the line.
            switch SmallFile.read(path, most: Limits.secretBytes + 2) {
            case .success(let read): bytes = read
            case .failure(let problem): throw SecretError(self, problem.sentence)
            }
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard !bytes.isEmpty else { throw SecretError(self, "It is empty. Put the key there.") }
        guard bytes.count <= Limits.secretBytes else {
            throw SecretError(
                self, "It is longer than \(Limits.secretBytes) bytes, so it is no key. Put the key there.")
        }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw SecretError(self, "It has several lines or control characters. Put one key there and nothing else.")
        }
        return bytes
    }

    private static func isVariableName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first), text.utf8.count <= 128 else { return false }
        return text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || $0 == UInt8(ascii: "_")
        }
    }
}

/// Why a secret could not be fetched. It names the reference and holds nothing of the secret.
public struct SecretError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reference as it is written.
    public let reference: String
    /// What is wrong and what to do.
    public let sentence: String

    init(_ reference: SecretReference, _ sentence: String) {
        self.reference = reference.description
        self.sentence = sentence
    }

    /// `REFERENCE: SENTENCE`.
    public var description: String { "\(reference): \(sentence)" }
}
