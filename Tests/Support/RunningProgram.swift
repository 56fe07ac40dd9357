public import Foundation
import Synchronization

/// What a program printed and how it ended.
public struct ProgramResult: Sendable {
    public let output: String
    public let errors: String
    public let status: Int32
}

/// Runs a program to its end.
public func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], input: String = ""
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
    let collected = Mutex(Data())
    let reader = Thread { collected.withLock { $0 = errors.fileHandleForReading.readDataToEndOfFile() } }
    reader.start()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    while !reader.isFinished { sched_yield() }
    return ProgramResult(
        output: String(decoding: text, as: UTF8.self),
        errors: String(decoding: collected.withLock { $0 }, as: UTF8.self), status: process.terminationStatus)
}
