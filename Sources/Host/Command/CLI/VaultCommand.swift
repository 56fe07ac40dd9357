import ArgumentParser
import Config
import Domain
import FoundationEssentials
import ProviderKit
import Tasks

/// `ucaptcha vault ...`
struct VaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault",
        abstract: "The vault that keeps keys at providers encrypted: the platform's and recycled ones.",
        subcommands: [Init.self, Rotate.self, Status.self])

    struct Init: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set the vault up under the master key that vault.masterKey names.",
            discussion: """
                A file that is not there is made, for its owner alone, with a new master key in it. For a variable \
                that is not set a new master key is shown and nothing stored: set it and run the command again. \
                Nothing is ever overwritten.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            MemoryPrivacy.begin()
            let client = OperatorClient(common)
            guard let reference = try loaded(common).vault.masterKey else {
                throw CommandFailure(
                    """
                    Say first where the master key is to be. Such as, in \(common.config):
                    vault:
                      masterKey: file:secrets/master-key
                    """)
            }
            let status = try await client.perform(.credentials(.vaultStatus(current: nil)))
            guard status["dataKeys"]?.array?.isEmpty == true else {
                throw CommandFailure(
                    """
                    The vault is set up already, and nothing was changed. `ucaptcha vault rotate` gives it another \
                    master key.
                    """)
            }
            let place = MasterKeyPlace(reference: reference)
            let (masterKey, isNew): (Secret, Bool)
            switch try found(place) {
            case .shown(let key): return show(key, for: place, output)
            case .made(let key): (masterKey, isNew) = (key, true)
            case .there(let key): (masterKey, isNew) = (key, false)
            }
            _ = try await client.perform(.credentials(.initVault(masterKey: masterKey)))
            let answer: JSONValue = ["vault": "ready", "masterKey": .string("\(reference)"), "made": .bool(isNew)]
            output.show(answer) { _ in
                [
                    isNew ? "Made the master key \(reference)." : "Using the master key \(reference).",
                    "The vault is ready. Keep a copy of the master key away from the database: without it the keys in "
                        + "the vault are lost, and with both of them anybody has the keys.",
                ]
            }
        }
    }

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give the vault another master key, or another data key, or both.",
            discussion: """
                The keys of providers are not encrypted again. When the command is interrupted, the old master key \
                stays the right one.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Option(
            help: """
                Where the new master key is: env:NAME or file:PATH, relative to the configuration's folder. A file \
                that is not there is made.
                """)
        var to: String?
        @Flag(help: "Seal keys that are added from now on under a new data key.") var newDataKey = false

        func validate() throws {
            guard to != nil || newDataKey else { throw ValidationError("Name --to REFERENCE or --new-data-key.") }
        }

        func run() async throws {
            MemoryPrivacy.begin()
            var masterKey: Secret?
            if let to {
                let folder = Configuration.folder(of: common.config)
                guard let reference = SecretReference(to, relativeTo: folder) else {
                    throw CommandFailure("--to takes env:NAME or file:PATH, never a key itself.")
                }
                let place = MasterKeyPlace(reference: reference)
                switch try found(place) {
                case .shown(let key): return show(key, for: place, output)
                case .made(let key), .there(let key): masterKey = key
                }
            }
            let request = CredentialRequest.rotateVault(
                to: masterKey, current: try current(common), newDataKey: newDataKey)
            let answer = try await OperatorClient(common).perform(.credentials(request))
            output.show(answer) { answer in
                var lines = ["The vault has data keys up to version \(answer.shown("dataKeys"))."]
                if let to {
                    lines = [
                        "The vault has its new master key. Now, and before the host's next start, write in "
                            + "\(common.config):",
                        "vault:", "  masterKey: \(to)",
                        "Keep the old master key as long as you keep backups that were made before.",
                    ]
                }
                return lines
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the vault's data keys, and whether the master key fits.",
            discussion: "Exits with 1 when the vault holds something and the master key does not fit.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            MemoryPrivacy.begin()
            let current = try current(common)
            let status = try await OperatorClient(common).perform(.credentials(.vaultStatus(current: current)))
            let rows = status["dataKeys"]?.array ?? []
            let fits = status["fits"]?.bool == true
            output.show(status) { status in
                if rows.isEmpty { return ["There is no vault yet. `ucaptcha vault init` sets it up."] }
                let columns = ["version", "made", "wrapped", "keys"]
                let counts = "\(status.shown("keys")), \(status.shown("recycledKeys")) of them recycled"
                return [
                    fits
                        ? "The master key \(status.shown("masterKey")) fits."
                        : "The master key does not fit. \(status.shown("fit"))",
                    "Keys of providers: \(counts). Data keys:",
                ] + table(columns, rows.map { row in columns.map(row.shown) })
            }
            if !rows.isEmpty, !fits { throw ExitCode(1) }
        }
    }
}

private func loaded(_ common: CommonOptions) throws -> Configuration {
    do { return try Configuration(file: common.config) } catch { throw CommandFailure("\(error)") }
}

/// What is where the configuration says that the master key is; nil when it cannot be fetched here. The host may be
/// able to, such as from its own environment.
private func current(_ common: CommonOptions) throws -> Secret? {
    guard let reference = try loaded(common).vault.masterKey else { return nil }
    return (try? reference.resolve(environment: ProcessInfo.processInfo.environment)).map { Secret($0) }
}

private func found(_ place: MasterKeyPlace) throws -> MasterKeyPlace.Found {
    do { return try place.find() } catch { throw CommandFailure("\(error)") }
}

/// Shows a master key that the operator has to put into the environment: the one time that one is printed.
private func show(_ key: Secret, for place: MasterKeyPlace, _ output: OutputOptions) {
    let answer: JSONValue = [
        "vault": "unchanged", "variable": .string(place.variable), "masterKey": .string(key.text ?? ""),
    ]
    output.show(answer) { _ in
        [
            "\(place.variable) is not set. Nothing was stored. Here is a new master key, shown this once:",
            key.text ?? "",
            "Set \(place.variable) to it, for this command and for the host, and run the command again.",
        ]
    }
}
