import Foundation
import TestSupport
import Testing

@testable import Plugins

@Suite("Notes of what is being loaded")
struct LoadMarkersTests {
    private func loading(_ plugin: String, _ directory: String, _ markers: String) -> PluginRefusal? {
        let loader = PluginLoader(
            directory: directory, markers: LoadMarkers(directory: markers), limits: .quick, sha256OfFile: fakeDigest)
        do {
            _ = try loader.makeInstance(
                AdapterConfiguration(name: "one", plugin: plugin), environment: Witness().environment())
            return nil
        } catch {
            return error
        }
    }

    @Test("Nothing is left behind after a load, whatever came of it")
    func nothingLeft() throws {
        let markers = temporaryDirectory()
        let directory = try PluginBuilder.build("good", "wrong_abi")
        #expect(loading("good", directory, markers) == nil)
        #expect(loading("wrong_abi", directory, markers)?.label == "mismatch")
        #expect(try FileManager.default.contentsOfDirectory(atPath: markers).isEmpty)
    }

    @Test("The note is there while code of the plug-in may run")
    func isThere() throws {
        let markers = LoadMarkers(directory: temporaryDirectory() + "/new")
        let marker = try markers.begin("some")
        #expect(FileManager.default.fileExists(atPath: marker.path))
        #expect(markers.quarantine(of: "some") == nil)
        markers.end(marker)
        #expect(!FileManager.default.fileExists(atPath: marker.path))
    }

    @Test(
        "A note that says how the process ended, or says nothing that can be read, quarantines until it is released",
        arguments: [
            ("loading 1700000000000 1\nsignal 6, abort\n", "signal 6, abort"), ("", nil), ("\u{0}\u{1}?", nil),
            ("loading 1700000000000 2\n", nil),
        ])
    func quarantines(note: String, cause: String?) throws {
        let directory = temporaryDirectory()
        try Data(note.utf8).write(to: URL(filePath: "\(directory)/good.loading"))
        let plugins = try PluginBuilder.build("good")
        let refusal = loading("good", plugins, directory)
        guard case .quarantined(let file, let quarantine) = refusal else {
            Issue.record("not quarantined: \(String(describing: refusal))")
            return
        }
        #expect(file == "\(plugins)/good.so")
        #expect(quarantine.cause == cause)
        let text = refusal?.description ?? ""
        #expect(text.contains("took the process down") && text.contains("`ucaptcha adapter release good`"))
        #expect(text.contains("at 20"))
        let markers = LoadMarkers(directory: directory)
        #expect(markers.quarantined() == [quarantine])
        #expect(try markers.release("good"))
        #expect(try !markers.release("good"))
        #expect(loading("good", plugins, directory) == nil)
    }

    @Test("A first note without a cause may be a power cut's: the plug-in gets another try")
    func powerCut() throws {
        let directory = temporaryDirectory()
        try Data("loading 1700000000000 1\n".utf8).write(to: URL(filePath: "\(directory)/good.loading"))
        #expect(LoadMarkers(directory: directory).quarantined().isEmpty)
        #expect(loading("good", try PluginBuilder.build("good"), directory) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
    }

    @Test("Where no note can be written, nothing is loaded")
    func cannotMark() throws {
        let refusal = loading("good", try PluginBuilder.build("good"), "/proc/nowhere/at/all")
        #expect(refusal?.label == "cannotMark")
    }

    @Test("A plug-in that aborts while it is being loaded is skipped by the next process")
    func abortsProcess() async throws {
        let directory = try PluginBuilder.build("crash_on_load", "good")
        let markers = temporaryDirectory()
        await #expect(processExitsWith: .signal(SIGABRT)) {
            [directory = directory as String, markers = markers as String] in
            loadInChild("crash_on_load", directory, markers)
        }
        #expect(LoadMarkers(directory: markers).quarantine(of: "crash_on_load")?.cause == "signal 6, abort")
        #expect(loading("crash_on_load", directory, markers)?.label == "quarantined")
        #expect(loading("good", directory, markers) == nil)
    }

    @Test("A plug-in that calls exit while it is being loaded is skipped by the next process")
    func exitsProcess() async throws {
        let directory = try PluginBuilder.build("exits_on_load")
        let markers = temporaryDirectory()
        await #expect(processExitsWith: .exitCode(3)) {
            [directory = directory as String, markers = markers as String] in
            loadInChild("exits_on_load", directory, markers)
        }
        #expect(loading("exits_on_load", directory, markers)?.label == "quarantined")
    }

    @Test("A plug-in that ends the process without a trace is skipped after the second time")
    func vanishes() async throws {
        let directory = try PluginBuilder.build("vanishes_on_load")
        let markers = temporaryDirectory()
        await #expect(processExitsWith: .exitCode(4)) {
            [directory = directory as String, markers = markers as String] in
            loadInChild("vanishes_on_load", directory, markers)
        }
        #expect(LoadMarkers(directory: markers).quarantined().isEmpty)
        await #expect(processExitsWith: .exitCode(4)) {
            [directory = directory as String, markers = markers as String] in
            loadInChild("vanishes_on_load", directory, markers)
        }
        #expect(loading("vanishes_on_load", directory, markers)?.label == "quarantined")
    }

    @Test("A plug-in that hangs in the dynamic loader is refused, and others are told why they cannot be loaded now")
    func hangsOnLoad() async throws {
        let directory = try PluginBuilder.build("hangs_on_load", "good")
        let markers = temporaryDirectory()
        await #expect(processExitsWith: .exitCode(7)) {
            [directory = directory as String, markers = markers as String] in
            var limits = PluginLimits.quick
            limits.loadSeconds = 0.3
            let loader = PluginLoader(
                directory: directory, markers: LoadMarkers(directory: markers), limits: limits,
                sha256OfFile: fakeDigest)
            let registry = AdapterRegistry.load(
                ["hangs_on_load", "good"].map { AdapterConfiguration(name: $0, plugin: $0) }, with: loader,
                environment: Witness().environment())
            let labels = registry.refusals.map(\.reason.label)
            let isRight =
                labels == ["hangs", "loaderOccupied"] && registry.refusals.allSatisfy(\.reason.needsNewProcess)
            // The dynamic loader's lock is taken, and exit would wait for it.
            _exit(isRight ? 7 : 8)
        }
        #expect(loading("hangs_on_load", directory, markers)?.label == "quarantined")
        #expect(loading("good", directory, markers) == nil)
    }
}

/// What a child process of an exit test does.
private func loadInChild(_ plugin: String, _ directory: String, _ markers: String) {
    let loader = PluginLoader(
        directory: directory, markers: LoadMarkers(directory: markers), limits: .quick, sha256OfFile: fakeDigest)
    _ = try? loader.makeInstance(
        AdapterConfiguration(name: "one", plugin: plugin), environment: Witness().environment())
}
