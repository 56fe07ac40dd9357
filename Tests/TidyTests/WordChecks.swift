/// Constructs and words that have no place in the project.
///
/// The words are put together from parts, so that this file does not contain them.
enum WordChecks {
    /// What crashes the host, or speaks past its log.
    static func bannedInSources(_ file: SourceFile) throws -> [String] {
        guard file.isSwift, file.isUnder("Sources") else { return [] }
        let code = CodeText(file).text
        var rules = [
            (#"\btry!"#, "`try!` ends the process. Catch the error or pass it on."),
            (#"\bas!"#, "`as!` ends the process. Use `as?` and say what to do without."),
            (#"\b(fatalError|preconditionFailure)\("#, "This ends the process. Throw an error instead."),
            // An exclamation mark right behind a value; `!=` needs blanks around it anyway.
            (#"(?<!\btry)(?<!\bas)(?<=[\w)\]>"`])!(?!=)"#, "A value is unwrapped by force. Use `guard let`."),
        ]
        if !file.isUnder("Sources/Host/Command") {
            rules.append((#"(?<![\w.])(print|debugPrint|dump|NSLog)\("#, "Only the command line prints. Use the log."))
        }
        return try rules.flatMap { try file.findings($0.0, in: code, $0.1) }
    }

    /// Money is never a binary floating-point number.
    static func floatingPointMoney(_ file: SourceFile) throws -> [String] {
        guard file.isSwift, file.isUnder("Sources/Host/Domain/Money", "Sources/Host/Domain/Ledger") else { return [] }
        return try file.findings(
            #"\b(Double|Float\d*|CGFloat|TimeInterval)\b"#, in: CodeText(file).text, "Money is a whole number.")
    }

    /// Tests wait for something to happen, never for time to pass.
    static func sleepingTests(_ file: SourceFile) throws -> [String] {
        guard file.isSwift, file.isUnder("Tests") else { return [] }
        return try file.findings(
            #"\b(Task|Thread)\.sleep\b|(?<![\w.])(?<!func )(u|nano)?sleep\("#, in: CodeText(file).text,
            "A test waits for a condition, not for time.")
    }

    static func leftovers(_ file: SourceFile) throws -> [String] {
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X"].joined(separator: "|")
        return try file.findings(#"\b(\#(words))\b"#, "Do it, or write down why it is left out.")
    }

    /// Paths and hosts that exist on one machine alone.
    static func machinePaths(_ file: SourceFile) throws -> [String] {
        let folders = ["work", "root", "opt"].map { "/" + $0 + "/" }.joined(separator: "|")
        let hosts = ["pypi" + #"\.org"#, "python" + "hosted", "deb" + #"\.debian"#, "snapshot" + #"\.debian"#]
        return try file.findings(
            #"(?<![\w.*])(\#(folders))"#, "This path is of one machine. Find it or take it as an argument.")
            + file.findings(
                hosts.joined(separator: "|"), "Packages come from where the system is set up to take them from.")
    }

    /// What is built says what it is, not how it came to be.
    static func makingOf(_ file: SourceFile) throws -> [String] {
        let words = [
            "clau" + "de", "anthro" + "pic", "chat" + "gpt", "open" + "ai", "copi" + "lot", "language " + "model",
            "artificial " + "intelligence", "gener" + "ated by an", "design" + #"\.md"#, "pream" + #"ble\.md"#,
        ]
        let issue = "iss" + #"ues?\s+#?\d"#
        return try file.findings(
            #"(?i)\b(\#((words + [issue]).joined(separator: "|")))"#, "Say what it is, not how the project is made.")
    }

    /// Files that a build makes, or that cannot be read.
    static func builtFiles(paths: [String], binaries: [String]) -> [String] {
        let built = paths.filter { path in
            let parts = path.split(separator: "/")
            return [".so", ".o", ".a", ".dylib", ".sqlite", ".pyc"].contains { path.hasSuffix($0) }
                || path == "Package.resolved" || parts.contains(".build") || parts.contains("__pycache__")
        }
        return Set(built + binaries).sorted().map {
            "\($0): This is built or binary. Remove it from git and ignore it."
        }
    }
}
