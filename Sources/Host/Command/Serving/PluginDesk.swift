import CProviderABI
import Config
import Plugins
import ProviderKit
import Tasks

typealias PluginDesk = OperatorService.PluginDesk

extension OperatorService.PluginDesk {
    /// What a command can tell of the plug-ins when no host runs: the files, nothing is loaded.
    static func folder(of configuration: Configuration) -> OperatorService.PluginDesk {
        desk(configuration, instances: [:], refusals: [:], running: false)
    }

    /// What a running host can tell.
    static func running(_ configuration: Configuration, _ registry: AdapterRegistry) -> OperatorService.PluginDesk {
        let refusals = Dictionary(registry.refusals.map { ($0.adapter, $0.reason) }) { first, _ in first }
        return desk(configuration, instances: registry.instances, refusals: refusals, running: true)
    }

    private static func desk(
        _ configuration: Configuration, instances: [String: PluginInstance], refusals: [String: PluginRefusal],
        running: Bool
    ) -> OperatorService.PluginDesk {
        OperatorService.PluginDesk {
            let reports = PluginLoader(of: configuration).inspect()
            var rows = configuration.adapters.map { adapter in
                let report = reports.first { $0.plugin == adapter.plugin }
                return row(adapter, instances[adapter.name], refusals[adapter.name] ?? report?.refusal, report, running)
            }
            let used = Set(configuration.adapters.map(\.plugin))
            for report in reports where !used.contains(report.plugin) {
                rows.append([
                    "adapter": "-", "plugin": .string(report.plugin), "version": "-", "abi": "-", "isolation": "-",
                    "families": [],
                    "state": .string(report.refusal.map { "refused: \($0)" } ?? "not configured"),
                ])
            }
            return .array(rows)
        } release: { name throws(OperatorError) in
            do {
                guard try LoadMarkers.of(configuration).release(name) else {
                    throw OperatorError(
                        "The plug-in \(name) was not set aside. `ucaptcha adapter list` shows those that are.")
                }
            } catch let error as OperatorError {
                throw error
            } catch {
                throw OperatorError("\(error)")
            }
            return "The plug-in \(name) is loaded again at the host's next start."
        }
    }

    private static func row(
        _ adapter: Configuration.Adapter, _ instance: PluginInstance?, _ refusal: PluginRefusal?,
        _ report: PluginReport?, _ running: Bool
    ) -> JSONValue {
        let state: String
        if let instance {
            state = PluginDesk.state(instance.health)
        } else if let refusal {
            state = "refused: \(refusal)"
        } else if report == nil {
            state = "there is no file \(adapter.plugin).so"
        } else {
            state = adapter.enabled ? (running ? "not loaded" : "enabled") : "not enabled"
        }
        return [
            "adapter": .string(adapter.name), "plugin": .string(adapter.plugin),
            "version": instance.map { .string($0.manifest.version) } ?? .null,
            "abi": instance == nil ? .null : .number(JSONNumber(UCAPTCHA_PROVIDER_ABI_VERSION)),
            "isolation": .string(adapter.isolation.rawValue),
            "families": .array(instance?.manifest.offers.map { .string($0.family.rawValue) } ?? []),
            "state": .string(state),
        ]
    }

    /// How a running adapter is, in a few words.
    static func state(_ health: PluginInstance.Health) -> String {
        if health.isBlocked { return "blocked: its plug-in does not return from its functions" }
        if let process = health.process, process.pid == nil {
            let when = process.restartsInSeconds.map { "in \(Int($0) + 1) s" } ?? "now"
            return "ended: \(process.lastEnd ?? "no reason is known"); it is started again \(when)"
        }
        var parts = ["working, \(health.openCalls) calls"]
        if health.blockedThreads > 0 { parts.append("\(health.blockedThreads) threads blocked") }
        if let process = health.process, let pid = process.pid { parts.append("process \(pid)") }
        if let process = health.process, process.ends > 0, let last = process.lastEnd {
            parts.append("\(process.ends) ended before, the last because \(last)")
        }
        return parts.joined(separator: ", ")
    }
}
