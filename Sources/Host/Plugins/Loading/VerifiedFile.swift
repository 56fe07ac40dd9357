internal import CProviderABI
import Glibc

/// A plug-in's file, opened and checked. What was checked is what is loaded: it is never looked up by its name again.
struct VerifiedFile: Sendable {
    let path: String
    let descriptor: Int32
    let identity: FileIdentity
    let elf: ELFFile

    /// Opens the file and looks whether it is one that could be loaded at all.
    static func open(_ path: String) throws(PluginRefusal) -> VerifiedFile {
        // Without O_NONBLOCK a named pipe would hold us until somebody writes to it.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .missing(file: path) }
            throw .unreadable(file: path, reason: SystemError.text(errno))
        }
        do {
            return try VerifiedFile(path: path, descriptor: descriptor)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// A file that was opened, and checked, by the process that started this one.
    static func inherited(_ descriptor: Int32, path: String) throws(PluginRefusal) -> VerifiedFile {
        try VerifiedFile(path: path, descriptor: descriptor)
    }

    private init(path: String, descriptor: Int32) throws(PluginRefusal) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(file: path, reason: SystemError.text(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular(file: path) }
        self.path = path
        self.descriptor = descriptor
        identity = FileIdentity(device: status.st_dev, number: status.st_ino)
        do {
            elf = try ELFFile(
                descriptor: descriptor, entry: UCAPTCHA_PROVIDER_SYMBOL, markSection: UCAPTCHA_TOOLCHAIN_SECTION)
        } catch {
            throw .notSharedObject(file: path, reason: error.description)
        }
    }

    func close() {
        Glibc.close(descriptor)
    }

    /// How the file differs from what this host can load; empty when it fits.
    ///
    /// - Parameter pin: the SHA-256 that the file has to have.
    func differences(
        pin: [UInt8]?, sha256OfFile: (Int32) throws -> [UInt8]
    ) throws(PluginRefusal) -> [PluginRefusal.Difference] {
        var differences: [PluginRefusal.Difference] = []
        if elf.machine != ELFHeader.hostMachine {
            differences.append(
                .machine(
                    file: ELFHeader.name(ofMachine: elf.machine), host: ELFHeader.name(ofMachine: ELFHeader.hostMachine)
                ))
        }
        if !elf.definesEntry { differences.append(.noSymbol(UCAPTCHA_PROVIDER_SYMBOL)) }
        if elf.needsSwiftRuntime, elf.compilerMark != hostToolchain {
            differences.append(.toolchain(file: elf.compilerMark, host: hostToolchain))
        }
        guard let pin else { return differences }
        let digest: [UInt8]
        do {
            digest = try sha256OfFile(descriptor)
        } catch {
            throw .unreadable(file: path, reason: "its SHA-256 could not be computed (\(error))")
        }
        if digest != pin { differences.append(.digest(file: digest.hexadecimal, pinned: pin.hexadecimal)) }
        return differences
    }
}

/// One file, by whatever name.
struct FileIdentity: Sendable, Hashable {
    let device: dev_t
    let number: ino_t
}

/// The compiler that built the host.
let hostToolchain = String(cString: ucaptcha_toolchain())

extension [UInt8] {
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
