public import Foundation

/// A program that a network test needs beside itself.
public enum NetworkProgram {
    public struct Failed: Error, CustomStringConvertible {
        public let description: String
    }

    /// Runs a program to its end and returns what it wrote. Throws when it fails.
    @discardableResult
    public static func run(_ arguments: [String], in folder: URL? = nil) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.everything()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(description: "\(arguments.first ?? "") ended with \(process.terminationStatus)")
        }
        return data
    }

    /// Makes a folder that no other test uses, and removes it afterwards.
    public static func withFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("net-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    /// A certificate that signs itself, as `NAME.pem` and `NAME.key` in the folder. `names` as openssl writes them:
    /// `IP:127.0.0.1,DNS:localhost`.
    public static func makeCertificate(_ name: String, names: String, in folder: URL) throws {
        try run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-subj", "/CN=\(name)", "-addext", "subjectAltName=\(names)", "-keyout", "\(name).key",
                "-out", "\(name).pem",
            ], in: folder)
    }
}
