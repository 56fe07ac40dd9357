/// The file header: 64 bits and little-endian, which is what the host runs on.
struct ELFHeader {
    static let size: UInt64 = 64
    private static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
    private static let sharedObject: UInt16 = 3

    let machine: UInt16
    let programs: Table
    let sections: Table
    /// The number of the section that holds the sections' names.
    let namesSection: Int

    struct Table {
        let offset: UInt64
        let entrySize: Int
        let count: Int

        /// The table's bytes; nil when there is no such table.
        func read(_ file: FileBytes, entry: Int, _ name: String) throws(ELFFile.Malformed) -> Bytes? {
            guard count > 0 else { return nil }
            guard entrySize == entry else { throw ELFFile.Malformed("has \(name) headers of a wrong size") }
            return try file.read(at: offset, count: UInt64(count * entry))
        }
    }

    init(_ file: FileBytes) throws(ELFFile.Malformed) {
        let start: Bytes
        do {
            start = try file.read(at: 0, count: ELFHeader.size)
        } catch {
            throw ELFFile.Malformed("is no shared object")
        }
        guard start.all.starts(with: ELFHeader.magic) else { throw ELFFile.Malformed("is no shared object") }
        guard start.all[4] == 2, start.all[5] == 1 else {
            throw ELFFile.Malformed("is a shared object for a machine of another word size or byte order")
        }
        guard start.number(16, as: UInt16.self) == ELFHeader.sharedObject else {
            throw ELFFile.Malformed("is an ELF file but no shared object")
        }
        machine = start.number(18, as: UInt16.self)
        programs = Table(
            offset: start.number(32, as: UInt64.self), entrySize: Int(start.number(54, as: UInt16.self)),
            count: Int(start.number(56, as: UInt16.self)))
        sections = Table(
            offset: start.number(40, as: UInt64.self), entrySize: Int(start.number(58, as: UInt16.self)),
            count: Int(start.number(60, as: UInt16.self)))
        namesSection = Int(start.number(62, as: UInt16.self))
    }

    /// The `e_machine` number of the running host.
    static var hostMachine: UInt16 {
        #if arch(x86_64)
            62
        #elseif arch(arm64)
            183
        #else
            0
        #endif
    }

    /// A machine's usual name.
    static func name(ofMachine number: UInt16) -> String {
        switch number {
        case 3: "x86"
        case 40: "arm"
        case 62: "x86-64"
        case 183: "aarch64"
        case 243: "riscv"
        default: "machine \(number)"
        }
    }
}

/// What the dynamic loader goes by: needed objects and symbols, found through the program headers.
struct DynamicSection {
    /// Symbols that share a hash bucket. Linkers aim at a few.
    private static let longestChain: UInt64 = 65_536

    private struct Segment {
        let address, offset, fileSize: UInt64
    }

    private let file: FileBytes
    private var segments: [Segment] = []
    private var strings = Bytes([])
    private var symbols: UInt64?
    private var hash: UInt64?
    private var gnuHash: UInt64?
    private(set) var needed: [UInt64] = []

    init(_ file: FileBytes, _ header: ELFHeader) throws(ELFFile.Malformed) {
        self.file = file
        guard let programs = try header.programs.read(file, entry: 56, "program") else {
            throw ELFFile.Malformed("has no program headers")
        }
        var dynamic: Segment?
        for index in 0..<header.programs.count {
            let at = index * 56
            let segment = Segment(
                address: programs.number(at + 16, as: UInt64.self), offset: programs.number(at + 8, as: UInt64.self),
                fileSize: programs.number(at + 32, as: UInt64.self))
            switch programs.number(at, as: UInt32.self) {
            case 1: segments.append(segment)
            case 2: dynamic = segment
            default: break
            }
        }
        guard let dynamic else { throw ELFFile.Malformed("has no dynamic section") }
        try readTags(try file.read(at: dynamic.offset, count: dynamic.fileSize))
    }

    private mutating func readTags(_ table: Bytes) throws(ELFFile.Malformed) {
        var stringsAt: UInt64?
        var stringsSize: UInt64 = 0
        tags: for at in stride(from: 0, to: table.all.count - 15, by: 16) {
            let value = table.number(at + 8, as: UInt64.self)
            switch table.number(at, as: UInt64.self) {
            case 0: break tags
            case 1: needed.append(value)
            case 4: hash = value
            case 5: stringsAt = value
            case 6: symbols = value
            case 10: stringsSize = value
            case 0x6FFF_FEF5: gnuHash = value
            default: break
            }
        }
        guard let stringsAt else { throw ELFFile.Malformed("has no table of names") }
        strings = try read(address: stringsAt, count: stringsSize)
    }

    /// Reads what the loader would map at `address`.
    private func read(address: UInt64, count: UInt64) throws(ELFFile.Malformed) -> Bytes {
        for segment in segments where address >= segment.address {
            let into = address - segment.address
            guard into <= segment.fileSize, count <= segment.fileSize - into else { continue }
            let (offset, overflow) = segment.offset.addingReportingOverflow(into)
            guard !overflow else { break }
            return try file.read(at: offset, count: count)
        }
        throw ELFFile.Malformed("has a table that lies outside its segments")
    }

    func text(at offset: UInt64) throws(ELFFile.Malformed) -> String {
        try strings.text(at: offset)
    }

    /// Whether the symbol is defined here and visible to others.
    func defines(_ name: String) throws(ELFFile.Malformed) -> Bool {
        guard let symbols, let count = try symbolCount() else { return false }
        let (size, overflow) = count.multipliedReportingOverflow(by: 24)
        guard !overflow else { throw ELFFile.Malformed("has too many symbols") }
        let table = try read(address: symbols, count: size)
        for at in stride(from: 0, to: table.all.count - 23, by: 24) {
            guard table.number(at + 6, as: UInt16.self) != 0 else { continue }
            let binding = table.number(at + 4, as: UInt8.self) >> 4
            let visibility = table.number(at + 5, as: UInt8.self) & 3
            guard binding == 1 || binding == 2, visibility == 0 || visibility == 3 else { continue }
            if strings.holds(name, at: UInt64(table.number(at, as: UInt32.self))) { return true }
        }
        return false
    }

    /// The dynamic symbol table says nowhere how long it is: its hash table does.
    private func symbolCount() throws(ELFFile.Malformed) -> UInt64? {
        if let hash { return UInt64(try read(address: hash, count: 8).number(4, as: UInt32.self)) }
        guard let gnuHash else { return nil }
        let head = try read(address: gnuHash, count: 16)
        let buckets = UInt64(head.number(0, as: UInt32.self))
        let firstHashed = UInt64(head.number(4, as: UInt32.self))
        let bucketsAt = gnuHash &+ 16 &+ UInt64(head.number(8, as: UInt32.self)) * 8
        let table = try read(address: bucketsAt, count: buckets * 4)
        var last: UInt64 = 0
        for at in stride(from: 0, to: table.all.count, by: 4) {
            last = max(last, UInt64(table.number(at, as: UInt32.self)))
        }
        guard last >= firstHashed, buckets > 0 else { return firstHashed }
        // The chain of the highest bucket ends with the last symbol: its value has the lowest bit set.
        var at = bucketsAt &+ buckets * 4 &+ (last - firstHashed) * 4
        let end = last + DynamicSection.longestChain
        while try read(address: at, count: 4).number(0, as: UInt32.self) & 1 == 0 {
            last += 1
            at &+= 4
            guard last < end else { throw ELFFile.Malformed("has a hash table without end") }
        }
        return last + 1
    }
}

/// The section headers. A file may come without them.
struct SectionTable {
    private let file: FileBytes
    private let headers: Bytes?
    private let names: Int

    init(_ file: FileBytes, _ header: ELFHeader) throws(ELFFile.Malformed) {
        self.file = file
        headers = try header.sections.read(file, entry: 64, "section")
        names = header.namesSection
    }

    /// The text in a section, up to a zero byte; nil when there is no such section.
    func text(ofSection name: String) throws(ELFFile.Malformed) -> String? {
        guard let headers, names < headers.all.count / 64 else { return nil }
        let texts = try content(headers, names)
        for index in 0..<headers.all.count / 64 {
            guard texts.holds(name, at: UInt64(headers.number(index * 64, as: UInt32.self))) else { continue }
            let bytes = try content(headers, index).all
            return String(decoding: bytes.prefix { $0 != 0 }.prefix(500), as: UTF8.self)
        }
        return nil
    }

    private func content(_ headers: Bytes, _ index: Int) throws(ELFFile.Malformed) -> Bytes {
        // A section of this type occupies no bytes of the file.
        guard headers.number(index * 64 + 4, as: UInt32.self) != 8 else { return Bytes([]) }
        return try file.read(
            at: headers.number(index * 64 + 24, as: UInt64.self),
            count: headers.number(index * 64 + 32, as: UInt64.self))
    }
}
