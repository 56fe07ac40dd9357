import Domain
import Glibc

extension Configuration.TLS {
    /// Reads the certificate's file and the key's.
    ///
    /// - Throws: `UnreadableFile`.
    public func read() throws(UnreadableFile) -> (certificate: [UInt8], key: [UInt8]) {
        (try bytes(of: certificate, "server.tls.certificate"), try bytes(of: key, "server.tls.key"))
    }

    /// A sentence for the operator when others than its owner can reach the key.
    public var warning: String? {
        var info = stat()
        guard stat(key, &info) == 0, info.st_mode & 0o077 != 0 else { return nil }
        return "Others than its owner can reach \(key), the key of server.tls. Let its mode be 0600."
    }

    private func bytes(of path: String, _ setting: String) throws(UnreadableFile) -> [UInt8] {
        switch SmallFile.read(path, most: Limits.certificateBytes) {
        case .success(let bytes): return bytes
        case .failure(let problem): throw UnreadableFile(description: "\(setting): \(path): \(problem.sentence)")
        }
    }
}

/// A file that the configuration names and that cannot be read: a sentence that says which and why.
public struct UnreadableFile: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}
