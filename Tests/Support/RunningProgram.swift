public import Foundation
import Glibc
import Synchronization

/// What a program printed and how it ended.
public struct ProgramResult: Sendable {
    public let output: String
    public let errors: String
    public let status: Int32
}

/// Runs a program to its end. One that is still there after `deadlineSeconds` is killed, and its status is then 9: a
/// test of a program that should have ended fails instead of waiting for ever.
public func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], input: String = "",
    deadlineSeconds: Double = 1800
) throws -> ProgramResult {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (output, errors, stdin) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = stdin
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let overdue = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + deadlineSeconds, execute: overdue)
    defer { overdue.cancel() }
    let collected = Mutex(Data())
    let reader = Thread { collected.withLock { $0 = errors.fileHandleForReading.everything() } }
    reader.start()
    let text = output.fileHandleForReading.everything()
    process.waitUntilExit()
    while !reader.isFinished { sched_yield() }
    return ProgramResult(
        output: String(decoding: text, as: UTF8.self),
        errors: String(decoding: collected.withLock { $0 }, as: UTF8.self), status: process.terminationStatus)
}

extension FileHandle {
    /// Everything up to the end. Foundation's own function ends the process when a signal comes in between.
    public func everything() -> Data {
        var all = Data()
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(fileDescriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return all }
            all.append(contentsOf: chunk.prefix(count))
        }
    }

    /// What is there now, or comes next; empty at the end.
    public func next() -> Data {
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(fileDescriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            return Data(chunk.prefix(max(count, 0)))
        }
    }
}
