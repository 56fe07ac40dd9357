import Glibc

/// What the host reads of a shared object before any code of it may run.
public struct ELFFile: Sendable, Hashable {
    /// The `e_machine` number of the file.
    public let machine: UInt16
    /// The shared objects that it needs, by the names that it asks for.
    public let needed: [String]
    /// Whether its dynamic symbol table defines the entry of the plug-in contract.
    public let definesEntry: Bool
    /// The compiler that it was marked with, if it was.
    public let compilerMark: String?

    /// Whether it uses the Swift runtime of the process that loads it.
    public var needsSwiftRuntime: Bool { needed.contains { $0.hasPrefix("libswift") && $0.contains(".so") } }

    /// Why a file cannot be a plug-in: a clause that follows the file's name.
    public struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// Reads the headers of an open file. Never traps, whatever the file holds.
    ///
    /// - Parameter entry: the name of the symbol that `definesEntry` and of the section that `compilerMark` is about.
    /// - Throws: `Malformed`.
    public init(descriptor: Int32, entry: String, markSection: String) throws(Malformed) {
        let file = FileBytes(descriptor: descriptor)
        let header = try ELFHeader(file)
        machine = header.machine
        let dynamic = try DynamicSection(file, header)
        needed = try dynamic.needed.map { offset throws(Malformed) in try dynamic.text(at: offset) }
        definesEntry = try dynamic.defines(entry)
        compilerMark = try SectionTable(file, header).text(ofSection: markSection)
    }
}

/// Bounds-checked reads of an open file.
struct FileBytes {
    let descriptor: Int32

    /// No table of a real plug-in is as large.
    static let largestTable: UInt64 = 64 * 1024 * 1024

    func read(at offset: UInt64, count: UInt64) throws(ELFFile.Malformed) -> Bytes {
        guard count <= FileBytes.largestTable, offset <= UInt64(Int64.max) - count else {
            throw ELFFile.Malformed("has a table that lies outside the file")
        }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        var filled = 0
        while filled < bytes.count {
            let place = off_t(offset) + off_t(filled)
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, place)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw ELFFile.Malformed("is cut off or cannot be read") }
            filled += got
        }
        return Bytes(bytes)
    }
}

/// Little-endian numbers and texts in a run of bytes.
struct Bytes {
    let all: [UInt8]

    init(_ all: [UInt8]) {
        self.all = all
    }

    /// A number that lies in the bytes for sure: callers have read whole entries.
    func number<Number: FixedWidthInteger>(_ offset: Int, as: Number.Type) -> Number {
        let size = MemoryLayout<Number>.size
        guard offset >= 0, offset <= all.count - size else { return 0 }
        return all.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Number.self)) }
    }

    /// The text from `offset` to the next zero byte.
    func text(at offset: UInt64) throws(ELFFile.Malformed) -> String {
        guard offset < UInt64(all.count), let end = all[Int(offset)...].firstIndex(of: 0) else {
            throw ELFFile.Malformed("has a name that lies outside its table")
        }
        return String(decoding: all[Int(offset)..<end], as: UTF8.self)
    }

    /// Whether the text at `offset` is this one.
    func holds(_ text: String, at offset: UInt64) -> Bool {
        let utf8 = text.utf8
        guard offset < UInt64(all.count), all.count - Int(offset) > utf8.count else { return false }
        let start = Int(offset)
        return all[start..<start + utf8.count].elementsEqual(utf8) && all[start + utf8.count] == 0
    }
}
