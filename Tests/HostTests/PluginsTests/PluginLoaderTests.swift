import Foundation
import ProviderKit
import TestSupport
import Testing

@testable import Plugins

@Suite("Loading plug-ins")
struct PluginLoaderTests {
    private func refusal(
        _ plugin: String, in directory: String, pin: [UInt8]? = nil, loader: PluginLoader? = nil
    ) -> PluginRefusal? {
        do {
            _ = try (loader ?? .test(directory)).makeInstance(
                AdapterConfiguration(name: "one", plugin: plugin, sha256: pin), environment: Witness().environment())
            return nil
        } catch {
            return error
        }
    }

    @Test("A good plug-in is loaded and its manifest read")
    func good() throws {
        let instance = try instance("good")
        #expect(instance.manifest.id == "good")
        #expect(instance.manifest.offers == [.init(.altcha, listPrice: "0.001")])
        #expect(Operation.allCases.allSatisfy(instance.serves))
    }

    @Test("The bundled adapter is loaded, made and answers a call")
    func bundled() throws {
        let directory = temporaryDirectory()
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/native.so", withDestinationPath: bundledNative)
        let made = try PluginLoader.test(directory).makeInstance(
            AdapterConfiguration(name: "native", plugin: "native"), environment: Witness().environment())
        #expect(made.manifest.id == "native")
        let result = made.result(submit(["challengeJSON": "no challenge"]))
        guard case .reply(.fault(let fault)) = result?.outcome, case .badTask = fault.kind else {
            Issue.record("a challenge that is none was not refused: \(String(describing: result))")
            return
        }
    }

    @Test("A file that is not there is told from one that cannot be used, and named")
    func missing() throws {
        let directory = temporaryDirectory()
        let refusal = refusal("absent", in: directory)
        #expect(refusal == .missing(file: "\(directory)/absent.so"))
        #expect(refusal?.description.contains("\(directory)/absent.so") == true)
    }

    @Test("Names that would lead elsewhere are refused", arguments: ["", "../good", "a/b", "a.b", "a\u{0}b"])
    func badName(name: String) {
        #expect(refusal(name, in: "/tmp") == .badName(name))
    }

    @Test("Text files, directories and pipes are refused without being waited for")
    func noSharedObjects() throws {
        let directory = temporaryDirectory()
        try Data("this is a text file that somebody renamed\n".utf8).write(to: URL(filePath: "\(directory)/text.so"))
        try FileManager.default.createDirectory(atPath: "\(directory)/folder.so", withIntermediateDirectories: true)
        mkfifo("\(directory)/pipe.so", 0o600)
        #expect(
            refusal("text", in: directory)
                == .notSharedObject(file: "\(directory)/text.so", reason: "is no shared object"))
        #expect(refusal("folder", in: directory) == .notRegular(file: "\(directory)/folder.so"))
        #expect(refusal("pipe", in: directory) == .notRegular(file: "\(directory)/pipe.so"))
    }

    @Test("A shared object without the entry is refused before it is loaded")
    func noSymbol() throws {
        let directory = try PluginBuilder.build("no_symbol")
        #expect(
            refusal("no_symbol", in: directory)
                == .mismatch(file: "\(directory)/no_symbol.so", [.noSymbol("ucaptcha_provider_v1")]))
    }

    @Test("Another version of the contract is refused with both numbers")
    func wrongVersion() throws {
        let directory = try PluginBuilder.build("wrong_abi")
        let refusal = refusal("wrong_abi", in: directory)
        #expect(refusal == .mismatch(file: "\(directory)/wrong_abi.so", [.abiVersion(file: 2, host: 1)]))
        #expect(
            refusal?.description.contains("version 2") == true && refusal?.description.contains("version 1") == true)
    }

    @Test("A plug-in that needs another compiler's runtime is refused, with its pin's difference in the same sentence")
    func foreignToolchain() throws {
        let directory = try PluginBuilder.build("foreign_toolchain")
        let refusal = refusal("foreign_toolchain", in: directory, pin: Array(repeating: 9, count: 32))
        guard case .mismatch(_, let differences) = refusal else {
            Issue.record("not a mismatch: \(String(describing: refusal))")
            return
        }
        #expect(differences.count == 2)
        #expect(differences.contains(.toolchain(file: "Clang 1.0 of long ago", host: hostToolchain)))
        let text = refusal?.description ?? ""
        #expect(text.contains("Clang 1.0 of long ago") && text.contains(hostToolchain))
        #expect(text.contains(String(repeating: "09", count: 32)) && text.contains("foreign_toolchain.so"))
    }

    @Test("A table that contradicts the file's mark is refused")
    func unsureToolchain() throws {
        let directory = try PluginBuilder.build("unsure_toolchain")
        #expect(
            refusal("unsure_toolchain", in: directory)
                == .mismatch(
                    file: "\(directory)/unsure_toolchain.so",
                    [.toolchainText(table: "Clang 2.0 of yesterday", mark: "Clang 1.0 of long ago")]))
    }

    @Test("The pin decides: the right one loads, another one does not")
    func pin() throws {
        let directory = try PluginBuilder.build("good")
        let file = open("\(directory)/good.so", O_RDONLY)
        defer { close(file) }
        var digest = try fakeDigest(file)
        #expect(refusal("good", in: directory, pin: digest) == nil)
        let right = digest
        digest[31] ^= 1
        #expect(
            refusal("good", in: directory, pin: digest)
                == .mismatch(
                    file: "\(directory)/good.so", [.digest(file: right.hexadecimal, pinned: digest.hexadecimal)]))
    }

    @Test("Bad manifests, tables and settings are refused in words")
    func badContent() throws {
        let directory = try PluginBuilder.build("bad_manifest", "bad_origin", "no_table", "refuses_settings")
        #expect(
            refusal("bad_manifest", in: directory)
                == .badManifest(file: "\(directory)/bad_manifest.so", reason: "offers is empty"))
        #expect(refusal("bad_origin", in: directory)?.label == "badManifest")
        #expect(
            refusal("no_table", in: directory)
                == .badTable(file: "\(directory)/no_table.so", reason: "its entry returns no table"))
        #expect(
            refusal("refuses_settings", in: directory)
                == .settingsRefused(
                    file: "\(directory)/refuses_settings.so", adapter: "one",
                    reason: "The endpoint has to be on this planet."))
    }

    @Test("Of two files with one id the first stays; one file serves any number of adapters")
    func takenName() throws {
        let loader = PluginLoader.test(try PluginBuilder.build("good", "taken_name"))
        let registry = AdapterRegistry.load(
            [
                AdapterConfiguration(name: "a", plugin: "good"), AdapterConfiguration(name: "b", plugin: "taken_name"),
                AdapterConfiguration(name: "c", plugin: "good"),
            ], with: loader, environment: Witness().environment())
        #expect(registry.instances.keys.sorted() == ["a", "c"])
        #expect(registry.instances["a"]?.plugin === registry.instances["c"]?.plugin)
        #expect(
            registry.refusals == [
                .init(
                    adapter: "b",
                    reason: .nameTaken(
                        file: loader.path(of: "taken_name"), id: "good", by: loader.path(of: "good")))
            ])
    }

    @Test("A refused plug-in keeps no other from being loaded, and is named in the log")
    func theRest() throws {
        let witness = Witness()
        let loader = PluginLoader.test(try PluginBuilder.build("wrong_abi", "good"))
        let registry = AdapterRegistry.load(
            ["wrong_abi", "absent", "good"].map { AdapterConfiguration(name: $0, plugin: $0) }, with: loader,
            environment: witness.environment())
        #expect(registry.instances.keys.sorted() == ["good"])
        #expect(registry.missing.map(\.adapter) == ["absent"])
        #expect(witness.lines.contains { $0.contains("wrong_abi.so does not fit this host") })
    }

    @Test("What was checked is what is loaded, even when the file is replaced in between")
    func replacedFile() throws {
        let directory = try PluginBuilder.copies(of: "stalls", "instant")
        let loader = PluginLoader(
            directory: directory, markers: LoadMarkers(directory: temporaryDirectory()), limits: .quick
        ) { descriptor in
            rename("\(directory)/instant.so", "\(directory)/stalls.so")
            return try fakeDigest(descriptor)
        }
        let file = open("\(directory)/stalls.so", O_RDONLY)
        let digest = try fakeDigest(file)
        close(file)
        let made = try loader.makeInstance(
            AdapterConfiguration(name: "one", plugin: "stalls", sha256: digest), environment: Witness().environment())
        #expect(made.manifest.id == "stalls")
    }

    @Test("A plug-in that hangs while an instance is made is refused, quarantined, and keeps no other from it")
    func hangsInCreate() throws {
        var limits = PluginLimits.quick
        limits.loadSeconds = 0.3
        let loader = PluginLoader.test(try PluginBuilder.build("hangs_in_create", "good"), limits: limits)
        let file = loader.path(of: "hangs_in_create")
        #expect(
            refusal("hangs_in_create", in: "", loader: loader)
                == .hangs(file: file, stage: .creating, seconds: 0.3))
        #expect(loader.markers.quarantine(of: "hangs_in_create")?.cause == "hang")
        #expect(refusal("hangs_in_create", in: "", loader: loader)?.label == "quarantined")
        #expect(refusal("good", in: "", loader: loader) == nil)
    }

    @Test("The inventory says what can be said of the files without loading them")
    func inventory() throws {
        let directory = try PluginBuilder.copies(of: "good", "no_symbol", "crash_on_load")
        try Data("no".utf8).write(to: URL(filePath: "\(directory)/text.so"))
        try Data("no".utf8).write(to: URL(filePath: "\(directory)/README"))
        let reports = PluginLoader.test(directory).inspect()
        #expect(reports.map(\.plugin) == ["crash_on_load", "good", "no_symbol", "text"])
        #expect(reports.map { $0.refusal?.label } == [nil, nil, "mismatch", "notSharedObject"])
        #expect(reports[1].sha256?.count == 64)
        #expect(PluginLoader.test("/nowhere").inspect().isEmpty)
    }
}
