import CProviderABI
import Foundation
import TestSupport
import Testing

@testable import Plugins

@Suite("Reading shared objects")
struct ELFFileTests {
    private func read(_ path: String) throws -> ELFFile {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        return try ELFFile(
            descriptor: descriptor, entry: UCAPTCHA_PROVIDER_SYMBOL, markSection: UCAPTCHA_TOOLCHAIN_SECTION)
    }

    @Test("A plug-in in C defines the entry and needs the C library alone")
    func plainPlugin() throws {
        let elf = try read("\(PluginBuilder.build("good"))/good.so")
        #expect(elf.definesEntry)
        #expect(elf.needed == ["libc.so.6"])
        #expect(!elf.needsSwiftRuntime)
        #expect(elf.compilerMark == nil)
        #expect(elf.machine == ELFHeader.hostMachine)
    }

    @Test("A Swift plug-in tells that it needs the runtime and who compiled it")
    func swiftPlugin() throws {
        let elf = try read(bundledNative)
        #expect(elf.definesEntry)
        #expect(elf.needsSwiftRuntime)
        #expect(elf.compilerMark == hostToolchain)
    }

    @Test("A foreign mark and a missing symbol are seen")
    func others() throws {
        let directory = try PluginBuilder.build("foreign_toolchain", "no_symbol")
        let foreign = try read("\(directory)/foreign_toolchain.so")
        #expect(foreign.needsSwiftRuntime)
        #expect(foreign.compilerMark == "Clang 1.0 of long ago")
        #expect(try read("\(directory)/no_symbol.so").definesEntry == false)
    }

    @Test("A symbol that is used but not defined is not the entry")
    func undefinedSymbol() throws {
        let elf = try ELFFile(
            descriptor: try #require(fopen("\(PluginBuilder.build("good"))/good.so", "r").map(fileno)), entry: "strlen",
            markSection: UCAPTCHA_TOOLCHAIN_SECTION)
        #expect(!elf.definesEntry)
    }

    @Test(
        "Files that are no shared objects are refused in words",
        arguments: ["", "#!/bin/sh\necho hello\n", "\u{7F}ELF"])
    func noELF(content: String) throws {
        let path = "\(temporaryDirectory())/file.so"
        try Data(content.utf8).write(to: URL(filePath: path))
        #expect(throws: ELFFile.Malformed.self) { try read(path) }
    }

    @Test(
        "An executable is no shared object that could be loaded by mistake", arguments: ["/proc/self/exe", "/dev/zero"])
    func otherFiles(path: String) throws {
        if let elf = try? read(path) { #expect(!elf.definesEntry) }
    }

    @Test("No cut and no flipped bit makes the reader trap", arguments: ["good", "foreign_toolchain"])
    func damaged(name: String) throws {
        let whole = [UInt8](try Data(contentsOf: URL(filePath: "\(PluginBuilder.build(name))/\(name).so")))
        let path = "\(temporaryDirectory())/damaged.so"
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        var random = SeededGenerator(seed: 7)
        var refused = 0
        var read = 0
        for round in 0..<3_000 {
            var bytes = whole
            if round % 3 == 0 {
                bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
            } else {
                // Mostly in the headers and tables, where a bit matters.
                for _ in 0...Int(random.next() % 6) {
                    let span = random.next() % 4 == 0 ? bytes.count : min(bytes.count, 2_048)
                    bytes[Int(random.next() % UInt64(span))] ^= 1 << UInt8(random.next() % 8)
                }
            }
            ftruncate(descriptor, 0)
            pwrite(descriptor, bytes, bytes.count, 0)
            do {
                _ = try ELFFile(
                    descriptor: descriptor, entry: UCAPTCHA_PROVIDER_SYMBOL, markSection: UCAPTCHA_TOOLCHAIN_SECTION)
                read += 1
            } catch {
                refused += 1
            }
        }
        #expect(refused > 1_000)
        #expect(read > 100)
    }
}

/// The bundled plug-in that was built together with the tests: it lies beside them.
let bundledNative: String = {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    var folder = URL(filePath: CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? tests ?? "")
    while folder.path != "/" {
        let file = folder.appending(path: "libnative.so").path
        if FileManager.default.fileExists(atPath: file) { return file }
        folder.deleteLastPathComponent()
    }
    return URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../.build/debug/libnative.so").standardizedFileURL.path
}()
