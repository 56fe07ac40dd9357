import Dispatch
public import Foundation

/// Where things are while the tests run.
public enum Repository {
    /// The top level of the checkout.
    public static let root: URL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The build that the tests belong to: executables and plug-ins.
    public static var build: URL {
        // The test runner itself lies in the build's folder.
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.isExecutableFile(atPath: folder.appending(path: "ucaptcha").path) { return folder }
            folder.deleteLastPathComponent()
        }
        return root.appending(path: ".build/debug")
    }

    /// The Python with the libraries that the tests hold the product against; `make test` sets it up.
    public static var python: URL {
        ProcessInfo.processInfo.environment["UCAPTCHA_PYTHON"].map { URL(filePath: $0) }
            ?? root.appending(path: ".build/python/bin/python3")
    }
}

/// A folder that is removed with the value.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "ucaptcha-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    public func file(_ name: String) -> URL { url.appending(path: name) }

    @discardableResult
    public func write(_ text: String, to name: String) throws -> URL {
        let url = file(name)
        try Data(text.utf8).write(to: url)
        return url
    }
}

/// A message for a test that cannot go on.
public struct TestFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

/// How many seconds a test waits for what has to come. It only ends tests that would wait for ever: on a machine with
/// too much to do everything takes long, and nothing is wrong.
public let patience = 120.0

/// Waits until `condition` holds, asking again every few milliseconds.
///
/// - Throws: `TestFailure` when it does not hold in time.
public func eventually(
    _ what: String, within seconds: Double = patience, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try await condition() { return }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(5)) { continuation.resume() }
        }
    }
    throw TestFailure("Not within \(seconds) s: \(what)")
}
