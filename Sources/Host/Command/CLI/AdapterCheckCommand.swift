import ArgumentParser
import Domain
import FoundationEssentials
import Plugins
import ProviderConformance
import ProviderKit

/// `ucaptcha adapter check FILE`
struct AdapterCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Put a plug-in through everything that it may meet.",
        discussion: """
            The plug-in runs in a process of its own, against a vendor that answers whatever the checks want. Nothing \
            is sent to anybody. Exits with 1 when a check fails.
            """)
    @OptionGroup var output: OutputOptions
    @Argument(help: "The plug-in's file.", completion: .file(extensions: ["so"])) var file: String

    func run() throws {
        var report = CheckReport(file: file)
        do {
            let trial = try PluginTrial(path: file)
            let end = trial.run(quietSeconds: Limits.adapterCheckQuietSeconds) { line in
                if let event = (try? JSONValue(parsing: Array(line.utf8))).flatMap(ConformanceEvent.init(json:)) {
                    report.add(event)
                } else if line.hasPrefix(CheckReport.refusal) {
                    report.refusal = String(line.dropFirst(CheckReport.refusal.count))
                }
            } words: { line in
                report.words.append(line)
            }
            if case .died(let clause) = end { report.died(clause) }
        } catch {
            report.refusal = error.description
        }
        output.show(report.json) { _ in report.lines }
        if !report.passed { throw ExitCode(1) }
    }
}

/// `ucaptcha adapter-check-process`: the process that `adapter check` starts.
struct AdapterCheckProcessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: PluginTrial.program.subcommand, abstract: "Run the checks for the command that started this.",
        shouldDisplay: false)
    @Argument(help: "For whoever looks at the list of processes.") var name: String

    func run() throws {
        PluginTrial.serve { table, write in
            switch table {
            case .success(let table): _ = ConformanceRun().run(table) { write($0.json.text) }
            case .failure(let refusal): write(CheckReport.refusal + refusal.description)
            }
        }
        throw CommandFailure(
            "`ucaptcha adapter check FILE` starts this command by itself. There is nothing to do here.")
    }
}

/// What came of the checks of one plug-in, as it comes in.
struct CheckReport {
    /// What a line begins with that says why a plug-in could not be loaded at all.
    static let refusal = "refused: "

    let file: String
    private var plugin: (id: String, version: String)?
    private var results: [ConformanceResult] = []
    private var current: ConformanceCheck?
    private var step: String?
    private var isFinished = false
    /// Why the plug-in could not be loaded.
    var refusal: String?
    /// What the plug-in printed.
    var words: [String] = []

    init(file: String) {
        self.file = file
    }

    mutating func add(_ event: ConformanceEvent) {
        switch event {
        case .plugin(let id, let version): plugin = (id, version)
        case .began(let check): (current, step) = (check, nil)
        case .step(let text): step = text
        case .ended(let result):
            results.append(result)
            current = nil
        case .finished: isFinished = true
        }
    }

    /// The process ended in the middle: whatever was being done has failed.
    mutating func died(_ clause: String) {
        guard !isFinished, refusal == nil else { return }
        let problem = "The plug-in did not survive: \(clause). It was at this: \(step ?? "being loaded")."
        if let current {
            results.append(ConformanceResult(current, problems: [problem]))
        } else {
            refusal = problem
        }
    }

    var passed: Bool { isFinished && refusal == nil && results.allSatisfy(\.passed) }

    var json: JSONValue {
        var object: JSONObject = [
            "file": .string(file), "passed": .bool(passed), "checks": .array(results.map(\.json)),
            "printed": .array(words.map { .string($0) }),
        ]
        object["plugin"] = plugin.map { .string($0.id) }
        object["version"] = plugin.map { .string($0.version) }
        object["refusal"] = refusal.map { .string($0) }
        return .object(object)
    }

    var lines: [String] {
        var lines = [plugin.map { "\(file): \($0.id) \($0.version)" } ?? file]
        for result in results {
            let mark = result.passed ? (result.skipped == nil ? "ok  " : "-   ") : "FAIL"
            lines.append("\(mark) \(result.check.rawValue): \(result.check.sentence)")
            if let skipped = result.skipped { lines.append("       does not apply: \(skipped)") }
            lines += result.problems.map { "       \($0)" }
        }
        if let refusal { lines.append("FAIL \(refusal)") }
        lines += words.map { "       printed: \($0)" }
        let failed = results.count { !$0.passed }
        lines.append(
            passed ? "All checks passed." : refusal == nil ? "\(failed) checks failed." : "The plug-in was not checked."
        )
        return lines
    }
}
