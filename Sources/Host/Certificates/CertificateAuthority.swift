import CLibcrypto
import Domain

/// A certificate authority of one's own, which makes certificates for the names that its users map to the host.
///
/// Keys are on the curve P-256, signatures use SHA-256. The text of a key is a secret.
public struct CertificateAuthority {
    private let certificate: X509Certificate
    private let key: PrivateKey

    private init(_ certificate: X509Certificate, _ key: PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// The texts of a certificate and its key, in PEM.
    public struct Made: Sendable, Hashable {
        public let certificate: [UInt8]
        public let key: [UInt8]

        public init(certificate: [UInt8], key: [UInt8]) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// A new authority.
    ///
    /// - Parameter days: for how many its certificate is valid from now on.
    /// - Throws: `CertificateFailure`.
    public init(days: Int) throws(CertificateFailure) {
        let key = try PrivateKey()
        let serial = try X509Certificate.randomSerial()
        let mark = serial.prefix(3).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let certificate = try X509Certificate(serial: serial, days: days, key: key)
        // A name of its own: two authorities of one name are confused in lists of trust.
        try certificate.setSubject("ucaptcha private CA \(mark)")
        try certificate.setIssuer(certificate)
        try certificate.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: certificate)
        try certificate.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: certificate)
        try certificate.add(NID_subject_key_identifier, "hash", issuer: certificate)
        try certificate.sign(with: key)
        self.init(certificate, key)
    }

    /// An authority that was made before.
    ///
    /// - Throws: `CertificateFailure` when the texts are no certificate and its key.
    public init(_ made: Made) throws(CertificateFailure) {
        let (certificate, key) = (try X509Certificate(pem: made.certificate), try PrivateKey(pem: made.key))
        guard X509_check_private_key(certificate.pointer, key.pointer) == 1 else {
            throw CertificateFailure("The authority's certificate and key do not belong together.")
        }
        guard X509_check_ca(certificate.pointer) == 1 else {
            throw CertificateFailure("The authority's certificate is not that of an authority.")
        }
        self.init(certificate, key)
    }

    /// The authority's own certificate and key.
    ///
    /// - Throws: `CertificateFailure`.
    public func made() throws(CertificateFailure) -> Made {
        Made(certificate: try certificate.pem(), key: try key.pem())
    }

    /// A new certificate for servers of these names, at least one.
    ///
    /// - Parameters:
    ///   - days: for how many it is valid from now on.
    ///   - former: the key that it is for, in PEM; nil: a new one.
    /// - Throws: `CertificateFailure`.
    public func issue(
        for names: [CertificateName], days: Int, key former: [UInt8]? = nil
    ) throws(CertificateFailure) -> Made {
        guard let first = names.first else { throw CertificateFailure("A certificate needs a name.") }
        let key = if let former { try PrivateKey(pem: former) } else { try PrivateKey() }
        let made = try X509Certificate(serial: try X509Certificate.randomSerial(), days: days, key: key)
        try made.setSubject(String(first.description.prefix(64)))
        try made.setIssuer(certificate)
        try made.add(NID_basic_constraints, "critical,CA:FALSE", issuer: certificate)
        try made.add(NID_key_usage, "critical,digitalSignature", issuer: certificate)
        try made.add(NID_ext_key_usage, "serverAuth", issuer: certificate)
        let list = names.map(\.alternativeName).joined(separator: ",")
        try made.add(NID_subject_alt_name, list, issuer: certificate)
        try made.add(NID_subject_key_identifier, "hash", issuer: certificate)
        try made.add(NID_authority_key_identifier, "keyid:always", issuer: certificate)
        try made.sign(with: self.key)
        return Made(certificate: try made.pem(), key: try key.pem())
    }
}

/// Why no certificate was made: a sentence that holds nothing of a key.
public struct CertificateFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// - Parameter step: the function of libcrypto that failed.
    init(step: String) {
        self.init("The certificate could not be made: libcrypto's \(step) failed.")
    }
}
