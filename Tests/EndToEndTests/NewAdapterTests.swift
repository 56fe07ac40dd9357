import Foundation
import ProviderKit
import TestSupport
import TestTraits
import Testing

/// `ucaptcha adapter new`, from outside.
@Suite("A new adapter", .waitsForPrograms)
struct NewAdapterTests {
    private let folder: TemporaryFolder
    /// A place like a checkout, with the real ProviderKit.
    private var kit: URL { folder.file("Sources/ProviderKit") }

    init() throws {
        folder = try TemporaryFolder()
        for path in ["Sources", "plugins/examples"] {
            try FileManager.default.createDirectory(at: folder.file(path), withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(
            at: folder.file("Sources/ProviderKit"),
            withDestinationURL: Repository.root.appending(path: "Sources/ProviderKit"))
    }

    private func new(_ words: String...) throws -> ProgramResult {
        try run(HostProcess.program, ["adapter", "new"] + words)
    }

    /// The texts of all files of a package that git would take, by their paths in it.
    private func texts(in package: URL) throws -> [String: String] {
        let files = try #require(FileManager.default.enumerator(atPath: package.path))
        var texts: [String: String] = [:]
        for case let path as String in files {
            let isBuilt = path.hasPrefix(".build") || path.hasSuffix(".so") || path.hasPrefix(".swiftpm")
            guard !isBuilt, let data = FileManager.default.contents(atPath: package.appending(path: path).path)
            else { continue }
            texts[path] = String(decoding: data, as: UTF8.self)
        }
        return texts
    }

    /// With UCAPTCHA_WRITE_DOCS set it writes the example instead.
    @Test("is for the name example what plugins/examples/swift has: run `make docs` after a change of the template")
    func exampleIsUpToDate() throws {
        let made = folder.file("plugins/examples/swift")
        let written = try new("example", made.path, "--kit", kit.path)
        #expect(written.status == 0, "\(written.errors)")
        let example = Repository.root.appending(path: "plugins/examples/swift")
        let expected = try texts(in: made)
        if ProcessInfo.processInfo.environment["UCAPTCHA_WRITE_DOCS"] != nil {
            for (path, text) in expected {
                let file = example.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
        }
        let found = try texts(in: example)
        #expect(Set(found.keys) == Set(expected.keys))
        for (path, text) in expected where found[path] != text { Issue.record("\(path) differs.") }
        #expect(found.count >= 11)
    }

    @Test("has its name everywhere, in the spelling of its place, and finds ProviderKit wherever it is")
    func names() throws {
        let made = folder.file("elsewhere")
        let far = Repository.root.appending(path: "Sources/ProviderKit").path
        #expect(try new("2-my-vendor", made.path, "--kit", far).status == 0)
        let texts = try texts(in: made)
        #expect(texts["Sources/Vendor2MyVendorPlugin/Manifest.swift"]?.contains("id: \"2-my-vendor\"") == true)
        #expect(texts["Tests/Vendor2MyVendorPluginTests/AdapterTests.swift"] != nil)
        #expect(texts["Package.swift"]?.contains("?? \"\(far)\"") == true, "\(texts["Package.swift"] ?? "")")
        #expect(texts["Makefile"]?.contains("2-my-vendor.so") == true)
        for (path, text) in texts {
            #expect(!text.contains("{{") && !text.contains("Example"), "\(path)")
        }
    }

    @Test("finds ProviderKit by itself when the program lies in a checkout, and tells what it wrote as JSON")
    func found() throws {
        let written = try new("found", folder.file("found").path, "--json")
        let answer = try JSONValue(parsing: written.output)
        let kit = try #require(answer["kit"]?.string)
        #expect(kit.hasSuffix("/Sources/ProviderKit") && FileManager.default.fileExists(atPath: "\(kit)/Package.swift"))
        #expect(answer["files"]?.array?.count == 11)
    }

    @Test(
        "is refused a name that no plug-in can have, or that is taken",
        arguments: ["Vendor", "my_vendor", "a-", "ü", "", "native", String(repeating: "a", count: 33)])
    func badName(name: String) throws {
        let refused = try new(name, folder.file("bad").path)
        #expect(refused.status != 0 && refused.errors.contains("Take another") != refused.errors.contains("1 to 32"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("bad").path))
    }

    @Test("never touches what is there, and says what to do")
    func exists() throws {
        try FileManager.default.createDirectory(at: folder.file("mine"), withIntermediateDirectories: false)
        try folder.write("mine", to: "mine/Makefile")
        let refused = try new("vendor", folder.file("mine").path)
        #expect(refused.status != 0 && refused.errors.contains("is there already"), "\(refused.errors)")
        #expect(try String(contentsOf: folder.file("mine/Makefile"), encoding: .utf8) == "mine")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("mine").path) == ["Makefile"])
        let nowhere = try new("vendor", folder.file("no/such/folder").path)
        #expect(nowhere.status != 0 && nowhere.errors.contains("does not exist"), "\(nowhere.errors)")
        let noKit = try new("vendor", folder.file("other").path, "--kit", folder.url.path)
        #expect(noKit.status != 0 && noKit.errors.contains("is not the folder of ProviderKit"), "\(noKit.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("other").path))
    }
}
