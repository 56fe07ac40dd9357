public import Logging
public import ServiceLifecycle
import Domain
import NIOConcurrencyHelpers
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// A certificate with its key, as the texts of PEM files.
public struct CertificateText: Sendable, Hashable {
    /// The certificate, and those that lead from it to its authority.
    public let certificate: [UInt8]
    /// Its private key.
    public let key: [UInt8]

    public init(certificate: [UInt8], key: [UInt8]) {
        self.certificate = certificate
        self.key = key
    }
}

/// Why a certificate cannot be used: a sentence that holds nothing of the key.
public struct CertificateProblem: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

/// The certificate that a server shows. While it runs as a service it looks every few seconds whether another one is
/// there; connections that come then get that one, and those that are open stay as they are.
public final class ServerCertificate: Service {
    /// Fetches the texts, on a thread that may block.
    public typealias Source = @Sendable () throws(CertificateProblem) -> CertificateText

    private let source: Source
    private let logger: Logger
    private let state: NIOLockedValueBox<State>

    private struct State {
        var usable: Usable
        /// What it was made of.
        var inUse: CertificateText
        /// When it is told next that it ends soon, in seconds since 1970.
        var nextReminder = 0
        /// What could not be used at the last look, and whether that was told.
        var refused: (text: CertificateText?, problem: CertificateProblem, isTold: Bool)?
    }

    /// What connections use, and when its certificate ends, in seconds since 1970.
    private struct Usable {
        let context: NIOSSLContext
        let end: Int
    }

    /// - Throws: `CertificateProblem` when what is there now cannot be used.
    public init(source: @escaping Source, logger: Logger) throws(CertificateProblem) {
        self.source = source
        self.logger = logger
        let text = try source()
        state = NIOLockedValueBox(State(usable: try ServerCertificate.usable(text), inUse: text))
        remind(at: time(nil))
    }

    /// What connections that come now are to use.
    var context: NIOSSLContext { state.withLockedValue(\.usable.context) }

    /// Looks after the files until the service group shuts down.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown { [self] in
            while true {
                try await Task.sleep(for: .seconds(Limits.certificateLookSeconds))
                // Files may be slow to read.
                try? await NIOThreadPool.singleton.runIfActive { self.look(at: time(nil)) }
            }
        }
    }

    /// Takes what is there now, if it is something else than before and can be used. A certificate that has ended does
    /// not take the place of one that is still valid: clients would refuse it.
    ///
    /// What cannot be used is told at the second look that finds it so: the two files are replaced one after the other.
    ///
    /// - Parameter now: seconds since 1970.
    func look(at now: Int) {
        defer { remind(at: now) }
        let found = Result { () throws(CertificateProblem) in try source() }
        let text = try? found.get()
        guard text != state.withLockedValue(\.inUse) else { return state.withLockedValue { $0.refused = nil } }
        do throws(CertificateProblem) {
            let text = try found.get()
            let usable = try ServerCertificate.usable(text)
            if usable.end <= now, state.withLockedValue({ $0.usable.end > now }) {
                throw CertificateProblem(
                    "server.tls.certificate has ended already. Put one in its place that is still valid.")
            }
            state.withLockedValue { $0 = State(usable: usable, inUse: text) }
            logger.info("New connections are shown the certificate that was put in the place of the former one.")
        } catch {
            let problem = error
            let isNews = state.withLockedValue { state in
                let isKnown = state.refused.map { $0.text == text && $0.problem == problem } ?? false
                let wasTold = isKnown && state.refused?.isTold ?? false
                state.refused = (text, problem, isKnown)
                return isKnown && !wasTold
            }
            if isNews { logger.error("The former certificate stays in use: \(problem)") }
        }
    }

    /// Tells once a day that the certificate ends soon, or has ended.
    func remind(at now: Int) {
        let left = state.withLockedValue { state -> Int? in
            let left = state.usable.end - now
            guard left < Limits.certificateReminderDays * 86_400, now >= state.nextReminder else { return nil }
            state.nextReminder = now + 86_400
            return left
        }
        guard let left else { return }
        logger.warning(
            left > 0
                ? "The certificate of server.tls ends in \(left / 86_400) days. Put another one in its place."
                : "The certificate of server.tls has ended: clients refuse it. Put another one in its place.")
    }

    private static func usable(_ text: CertificateText) throws(CertificateProblem) -> Usable {
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(text.certificate), !chain.isEmpty else {
            throw CertificateProblem(
                "server.tls.certificate is no certificate in PEM. It begins with -----BEGIN CERTIFICATE-----.")
        }
        guard let key = try? NIOSSLPrivateKey(bytes: text.key, format: .pem) else {
            throw CertificateProblem("server.tls.key is no private key in PEM without a password.")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            return Usable(
                context: try NIOSSLContext(configuration: configuration), end: Int(chain[0].notValidAfter))
        } catch {
            throw CertificateProblem(
                "server.tls.key is not the key of the first certificate of server.tls.certificate, or of a kind that "
                    + "cannot be used. Take the files of one and the same certificate; if `ucaptcha tls init` has made "
                    + "them, `ucaptcha tls init --force NAMES...` makes another certificate for this key.")
        }
    }
}
