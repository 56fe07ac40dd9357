import CLinux
import Config
import Domain
import FoundationEssentials
import Glibc

/// Takes a key from wherever the operator has it, except from the arguments of the command.
enum SecretInput {
    /// - Parameters:
    ///   - reference: `env:NAME` or `file:PATH`, relative to the working folder; nil for standard input.
    ///   - prompt: what a terminal is asked with.
    /// - Throws: `CommandFailure` with a sentence that holds nothing of the key.
    static func read(from reference: String?, prompt: String) throws -> Secret {
        if let reference {
            let folder = FileManager.default.currentDirectoryPath
            guard let reference = SecretReference(reference, relativeTo: folder) else {
                throw CommandFailure("--from takes env:NAME or file:PATH, never a key itself.")
            }
            do {
                return Secret(try reference.resolve(environment: ProcessInfo.processInfo.environment))
            } catch {
                throw CommandFailure("\(error)")
            }
        }
        let isTerminal = isatty(STDIN_FILENO) == 1
        let line = isTerminal ? withoutEcho(prompt, firstLine) : everything()
        guard !line.isEmpty else { throw CommandFailure("No key was given, and nothing was stored.") }
        return Secret(line)
    }

    /// Runs `body` while the terminal does not show what is typed. Its keys for signals are off meanwhile: an interrupt
    /// would leave the terminal as it is then.
    private static func withoutEcho(_ prompt: String, _ body: () -> [UInt8]) -> [UInt8] {
        var before = termios()
        tcgetattr(STDIN_FILENO, &before)
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            say("\n")
        }
        say(prompt)
        return body()
    }

    /// Standard output is for what the command answers.
    private static func say(_ text: String) {
        _ = Glibc.write(STDERR_FILENO, text, text.utf8.count)
    }

    private static func firstLine() -> [UInt8] {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count <= Limits.secretBytes, Glibc.read(STDIN_FILENO, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        return line
    }

    /// Standard input to its end, without the newline there. What is too long to be a key stays too long.
    private static func everything() -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: Limits.secretBytes)
        while bytes.count <= Limits.secretBytes + 2 {
            let count = Glibc.read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return bytes
    }
}

/// Keeps keys that pass through the process out of core dumps and of other processes' reach.
enum MemoryPrivacy {
    /// - Returns: false when the system refuses.
    @discardableResult
    static func begin() -> Bool {
        // Both: with one of them off, the other still holds.
        let isForbidden = linux_forbid_dump() == 0
        return linux_forbid_core() == 0 && isForbidden && linux_may_be_dumped() == 0
    }
}
