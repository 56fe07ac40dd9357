import Certificates
import Domain
import Foundation
import NIOSSL
import TestSupport
import Testing

@Suite("A private certificate authority")
struct CertificateAuthorityTests {
    private func names(_ texts: String...) throws -> [CertificateName] {
        try texts.map { try #require(CertificateName($0)) }
    }

    private func read(_ text: [UInt8]) throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: text, format: .pem)
    }

    @Test("Its certificates are for the names given, fit their keys, and lead to it by the rules that clients go by")
    func issue() throws {
        let authority = try CertificateAuthority(days: 3650)
        let own = try authority.made()
        let made = try authority.issue(
            for: names("api.example.com", "*.Example.org", "192.0.2.7", "2001:db8::7"), days: 820)
        let folder = try TemporaryFolder()
        try Data(own.certificate).write(to: folder.url.appending(path: "ca.pem"))
        try Data(made.certificate).write(to: folder.url.appending(path: "server.pem"))
        // The strictest reader at hand: what RFC 5280 asks for beyond the chain and the name.
        for name in ["api.example.com", "any.example.org", "192.0.2.7", "2001:db8::7"] {
            let flag = name.contains("example") ? "-verify_hostname" : "-verify_ip"
            let verified = try run(
                URL(filePath: "/usr/bin/openssl"),
                [
                    "verify", "-x509_strict", "-purpose", "sslserver", flag, name, "-CAfile",
                    folder.url.appending(path: "ca.pem").path, folder.url.appending(path: "server.pem").path,
                ])
            #expect(verified.status == 0, "\(name): \(verified.output)\(verified.errors)")
        }
        let other = try run(
            URL(filePath: "/usr/bin/openssl"),
            [
                "verify", "-verify_hostname", "other.example.com", "-CAfile",
                folder.url.appending(path: "ca.pem").path, folder.url.appending(path: "server.pem").path,
            ])
        #expect(other.status != 0)
        let certificate = try read(made.certificate)
        let days = (certificate.notValidAfter - time(nil)) / 86_400
        #expect((818...820).contains(days) && certificate.notValidBefore < time(nil))
        _ = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)],
                privateKey: .privateKey(NIOSSLPrivateKey(bytes: made.key, format: .pem))))
    }

    @Test("An authority that was kept goes on; no two certificates have the same number, no two authorities a name")
    func kept() throws {
        let first = try CertificateAuthority(days: 10)
        let kept = try first.made()
        let again = try CertificateAuthority(kept)
        #expect(try again.made().certificate == kept.certificate)
        let certificates = try (0..<5).map { _ in try read(again.issue(for: names("a.example"), days: 1).certificate) }
        #expect(Set(certificates.map(\.serialNumber)).count == 5)
        let second = try CertificateAuthority(days: 10)
        let (one, two) = (try read(kept.certificate), try read(second.made().certificate))
        #expect(one.description != two.description && one.serialNumber != two.serialNumber)
    }

    @Test("A certificate for a key that was kept fits it, and is another one")
    func keptKey() throws {
        let authority = try CertificateAuthority(days: 10)
        let first = try authority.issue(for: names("a.example"), days: 1)
        let second = try authority.issue(for: names("b_c.example"), days: 1, key: first.key)
        #expect(second.key == first.key && second.certificate != first.certificate)
        _ = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(read(second.certificate))],
                privateKey: .privateKey(NIOSSLPrivateKey(bytes: first.key, format: .pem))))
        let failure = #expect(throws: CertificateFailure.self) {
            try authority.issue(for: names("a.example"), days: 1, key: first.certificate)
        }
        #expect(failure?.description == "This is no private key in PEM without a password.")
    }

    @Test("What is no authority is refused")
    func refused() throws {
        let authority = try CertificateAuthority(days: 10)
        let (own, other) = (try authority.made(), try CertificateAuthority(days: 10).made())
        let server = try authority.issue(for: names("a.example"), days: 1)
        let nothing = Array("nothing".utf8)
        for (certificate, key, words) in [
            (own.certificate, other.key, "do not belong together"), (server.certificate, server.key, "not that of an"),
            (nothing, own.key, "no certificate"), (own.certificate, nothing, "no private key"),
            (own.certificate, own.certificate, "no private key"), ([], own.key, "no certificate"),
        ] {
            let failure = #expect(throws: CertificateFailure.self) {
                try CertificateAuthority(CertificateAuthority.Made(certificate: certificate, key: key))
            }
            #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
        }
        #expect(throws: CertificateFailure.self) { try authority.issue(for: [], days: 1) }
    }

    @Test(
        "A name is one of the DNS or an address",
        arguments: [
            ("API.Example.com", "api.example.com"), ("localhost", "localhost"), ("*.example.com", "*.example.com"),
            ("::FFFF:192.0.2.1", "192.0.2.1"), ("2001:DB8::1", "2001:db8::1"), ("xn--bcher-kva.example", nil),
            ("*.com", ""), ("a.*.example", ""), ("*", ""), ("1.2.3", ""), ("1.2.3.4.5", ""), ("", ""), (".", ""),
            ("a..b", ""), ("-a.example", ""), ("a-.example", ""), ("a_b.example", nil), ("bücher.example", ""),
            ("My_Host_1.", "my_host_1"),
            ("a.example.", "a.example"), ("a.example..", ""), ("192.0.2.1.", ""), ("*.example.com.", "*.example.com"),
            ("a.example,DNS:b.example", ""), ("a.example\n", ""), ("https://a.example", ""), ("a.example:443", ""),
            (String(repeating: "a", count: 64) + ".example", ""),
            (Array(repeating: "abcdefgh", count: 29).joined(separator: "."), ""),
        ] as [(String, String?)])
    func names(text: String, expected: String?) {
        let name = CertificateName(text)?.description
        #expect(name == (expected == "" ? nil : expected ?? text))
    }
}
