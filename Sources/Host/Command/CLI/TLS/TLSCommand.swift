import ArgumentParser
import Certificates
import Config
import Domain
import ProviderKit

/// `ucaptcha tls ...`
struct TLSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tls", abstract: "Certificates for clients that insist on TLS.", subcommands: [Init.self])

    struct Init: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "init",
            abstract: "Make a private certificate authority, and a certificate of it for these names.",
            discussion: """
                It is for clients of your own: each has to be told to trust the authority, which the guide docs/tls.md \
                shows. An authority that is there already makes the certificate, so that what trusts it goes on doing \
                so; it is never overwritten.
                """)
        @OptionGroup var common: CommonOptions
        @OptionGroup var output: OutputOptions
        @Argument(
            help: "Names and addresses that clients reach the host by, such as api.example.com or 192.0.2.7.",
            transform: Init.name) var names: [CertificateName]
        @Option(help: "Where the files are, relative to the folder of the configuration file.", completion: .directory)
        var directory = "tls"
        @Option(help: "Days for which the certificate is valid. Some clients refuse more than 825.")
        var days = Limits.certificateDays
        @Flag(
            help: "Replace a certificate that is there; its key stays. A running host takes the new one within seconds."
        )
        var force = false

        private static func name(_ text: String) throws -> CertificateName {
            guard let name = CertificateName(text) else {
                throw ValidationError(
                    "It is a name of letters, digits, hyphens, underscores and dots, such as api.example.com or "
                        + "*.example.com, or an address. Write other letters as they are in the DNS (xn--...).")
            }
            return name
        }

        func validate() throws {
            guard !names.isEmpty else { throw ValidationError("Name what the certificate is for.") }
            guard (1...Limits.authorityDays).contains(days) else {
                throw ValidationError("--days is a whole number from 1 to \(Limits.authorityDays).")
            }
        }

        func run() async throws {
            do {
                let folder = Configuration.folder(of: common.config)
                let files = TLSFiles(folder: directory.hasPrefix("/") ? directory : "\(folder)/\(directory)")
                let isNew = try files.make(for: names, days: days, replacing: force)
                output.show([
                    "names": .array(names.map { .string($0.description) }), "certificate": .string(files.certificate),
                    "key": .string(files.key), "authority": .string(files.authority), "newAuthority": .bool(isNew),
                ]) { _ in text(files, isNew) }
            } catch {
                throw CommandFailure("\(error)")
            }
        }

        private func text(_ files: TLSFiles, _ isNew: Bool) -> [String] {
            [
                "Made \(files.certificate) for \(names.map(\.description).joined(separator: ", ")),"
                    + " valid for \(days) days.",
                isNew
                    ? "Made the authority \(files.authority). Its key, \(files.authorityKey), can vouch for any name:"
                        + " keep it away from others, best off this machine."
                    : "The authority \(files.authority) is the one that was there.",
                "",
                "In \(common.config):",
                "  server:",
                "    tls:",
                "      certificate: \(directory)/\(TLSFiles.certificateName)",
                "      key: \(directory)/\(TLSFiles.keyName)",
                "",
                "Then have each client trust \(files.authority), which is no secret:",
                "REQUESTS_CA_BUNDLE=FILE for Python, NODE_EXTRA_CA_CERTS=FILE for Node, curl --cacert FILE.",
                "docs/tls.md has the rest, names included.",
            ]
        }
    }
}
