import Certificates
import Domain
import Glibc

/// The files of a private authority and of a certificate that it made.
struct TLSFiles {
    static let certificateName = "server.pem"
    static let keyName = "server-key.pem"
    let folder: String

    var certificate: String { "\(folder)/\(TLSFiles.certificateName)" }
    var key: String { "\(folder)/\(TLSFiles.keyName)" }
    var authority: String { "\(folder)/ca.pem" }
    var authorityKey: String { "\(folder)/ca-key.pem" }

    /// Makes a certificate, and an authority unless there is one.
    ///
    /// A key that is there is kept. So one file alone is replaced, and whenever this ends, the key and the certificate
    /// that are there belong together.
    ///
    /// - Returns: whether the authority is a new one.
    /// - Throws: an error whose description says what to do. Nothing that was there is changed then.
    func make(for names: [CertificateName], days: Int, replacing: Bool) throws -> Bool {
        let there = [certificate, key].filter(PrivateFile.isThere)
        guard replacing || there.isEmpty else {
            throw CommandFailure(
                "\(there.joined(separator: " and ")) would be overwritten. Say --force to have a new certificate there."
            )
        }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw CommandFailure("\(folder) cannot be made: \(String(cString: strerror(errno))). Check --directory.")
        }
        let former = try formerAuthority()
        let authority = try former ?? CertificateAuthority(days: Limits.authorityDays)
        let formerKey = PrivateFile.isThere(key) ? try PrivateFile.read(key) : nil
        let made = try issue(authority, names, days, formerKey)
        if former == nil {
            let own = try authority.made()
            // The key first: an authority without it is of no use.
            try PrivateFile.write(own.key, to: authorityKey, replacing: false)
            try PrivateFile.write(own.certificate, to: self.authority, replacing: false)
        }
        if formerKey == nil {
            // Of no use without its key, and of harm beside another one.
            guard unlink(certificate) == 0 || errno == ENOENT else {
                throw CommandFailure(
                    "\(certificate) cannot be removed: \(String(cString: strerror(errno))). Check the folder.")
            }
            try PrivateFile.write(made.key, to: key, replacing: false)
        }
        try PrivateFile.write(made.certificate, to: certificate, replacing: replacing)
        return former == nil
    }

    private func issue(
        _ authority: CertificateAuthority, _ names: [CertificateName], _ days: Int, _ formerKey: [UInt8]?
    ) throws -> CertificateAuthority.Made {
        guard let formerKey else { return try authority.issue(for: names, days: days) }
        do throws(CertificateFailure) {
            return try authority.issue(for: names, days: days, key: formerKey)
        } catch {
            throw CommandFailure("\(key) cannot be used: \(error) Remove it for a new key.")
        }
    }

    private func formerAuthority() throws -> CertificateAuthority? {
        let there = [authority, authorityKey].filter(PrivateFile.isThere)
        if there.isEmpty { return nil }
        guard there.count == 2 else {
            throw CommandFailure(
                "Of the authority \(there[0]) alone is there. Put \(authority) and \(authorityKey) there, or remove it "
                    + "for a new authority, which every client then has to trust.")
        }
        do {
            return try CertificateAuthority(
                CertificateAuthority.Made(
                    certificate: try PrivateFile.read(authority), key: try PrivateFile.read(authorityKey)))
        } catch let failure as CertificateFailure {
            throw CommandFailure("\(authority) or \(authorityKey) cannot be used: \(failure)")
        }
    }
}

/// Files that are for their owner alone, written whole or not at all.
enum PrivateFile {
    static func isThere(_ path: String) -> Bool {
        var info = stat()
        return lstat(path, &info) == 0
    }

    /// - Throws: `CommandFailure`.
    static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws {
        func failure(_ what: String) -> CommandFailure {
            CommandFailure("\(what) cannot be written: \(String(cString: strerror(errno))). Check the folder.")
        }
        let partial = "\(path).partial-\(getpid())"
        let file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(partial) }
        defer { unlink(partial) }
        let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        guard close(file) == 0, isWritten else { throw failure(partial) }
        // Unlike rename, link never replaces a file that has appeared meanwhile.
        guard (replacing ? rename(partial, path) : link(partial, path)) == 0 else { throw failure(path) }
    }

    /// - Throws: `CommandFailure` for a file that is not there or is no small file.
    static func read(_ path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            throw CommandFailure("\(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Limits.certificateBytes)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count > 0, count < bytes.count else { throw CommandFailure("\(path) is no file in PEM.") }
        return Array(bytes.prefix(count))
    }
}
