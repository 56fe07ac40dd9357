import CLibcrypto

/// A certificate of libcrypto's.
final class X509Certificate {
    let pointer: OpaquePointer

    /// An unsigned one, valid from an hour ago, since clocks differ.
    init(serial: [UInt8], days: Int, key: PrivateKey) throws(CertificateFailure) {
        guard let made = X509_new() else { throw CertificateFailure(step: "X509_new") }
        pointer = made
        try check(X509_set_version(made, 2), "X509_set_version")
        guard let number = BN_bin2bn(serial, Int32(serial.count), nil) else {
            throw CertificateFailure(step: "BN_bin2bn")
        }
        defer { BN_free(number) }
        guard BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made)) != nil,
            X509_time_adj_ex(X509_getm_notBefore(made), 0, -3600, nil) != nil,
            X509_time_adj_ex(X509_getm_notAfter(made), Int32(days), 0, nil) != nil
        else { throw CertificateFailure(step: "X509_time_adj_ex") }
        try check(X509_set_pubkey(made, key.pointer), "X509_set_pubkey")
    }

    /// - Throws: `CertificateFailure` for what is no certificate.
    init(pem text: [UInt8]) throws(CertificateFailure) {
        let memory = try MemoryText(text)
        guard let read = PEM_read_bio_X509(memory.pointer, nil, nil, nil) else {
            throw CertificateFailure("This is no certificate in PEM.")
        }
        pointer = read
    }

    deinit {
        X509_free(pointer)
    }

    /// 16 random bytes that make a positive number.
    static func randomSerial() throws(CertificateFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard RAND_bytes(&bytes, Int32(bytes.count)) == 1 else { throw CertificateFailure(step: "RAND_bytes") }
        bytes[0] = bytes[0] & 0x7F | 0x40
        return bytes
    }

    func setSubject(_ name: String) throws(CertificateFailure) {
        let bytes = Array(name.utf8)
        try check(
            X509_NAME_add_entry_by_NID(
                X509_get_subject_name(pointer), NID_commonName, MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0),
            "X509_NAME_add_entry_by_NID")
    }

    func setIssuer(_ issuer: X509Certificate) throws(CertificateFailure) {
        try check(X509_set_issuer_name(pointer, X509_get_subject_name(issuer.pointer)), "X509_set_issuer_name")
    }

    /// Adds an extension, its value in libcrypto's own words.
    func add(_ kind: Int32, _ value: String, issuer: X509Certificate) throws(CertificateFailure) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.pointer, pointer, nil, nil, 0)
        guard let made = X509V3_EXT_conf_nid(nil, &context, kind, value) else {
            throw CertificateFailure(step: "X509V3_EXT_conf_nid")
        }
        defer { X509_EXTENSION_free(made) }
        try check(X509_add_ext(pointer, made, -1), "X509_add_ext")
    }

    func sign(with key: PrivateKey) throws(CertificateFailure) {
        // Unlike the other functions it returns a length.
        guard X509_sign(pointer, key.pointer, EVP_sha256()) > 0 else { throw CertificateFailure(step: "X509_sign") }
    }

    func pem() throws(CertificateFailure) -> [UInt8] {
        let memory = try MemoryText()
        try check(PEM_write_bio_X509(memory.pointer, pointer), "PEM_write_bio_X509")
        return memory.bytes
    }
}

/// A private key of libcrypto's.
final class PrivateKey {
    let pointer: OpaquePointer

    /// A new one, on the curve P-256.
    init() throws(CertificateFailure) {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else {
            throw CertificateFailure(step: "EVP_PKEY_CTX_new_from_name")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_generate(context, &made) == 1, let made
        else { throw CertificateFailure(step: "EVP_PKEY_generate") }
        pointer = made
    }

    /// - Throws: `CertificateFailure` for what is no key, or one with a password.
    init(pem text: [UInt8]) throws(CertificateFailure) {
        let memory = try MemoryText(text)
        // Without this libcrypto would ask for a password on the terminal.
        guard let read = PEM_read_bio_PrivateKey(memory.pointer, nil, { _, _, _, _ in -1 }, nil) else {
            throw CertificateFailure("This is no private key in PEM without a password.")
        }
        pointer = read
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    func pem() throws(CertificateFailure) -> [UInt8] {
        let memory = try MemoryText()
        try check(
            PEM_write_bio_PKCS8PrivateKey(memory.pointer, pointer, nil, nil, 0, nil, nil),
            "PEM_write_bio_PKCS8PrivateKey")
        return memory.bytes
    }
}

/// A text in memory that libcrypto reads or writes.
private final class MemoryText {
    let pointer: OpaquePointer

    init(_ text: [UInt8] = []) throws(CertificateFailure) {
        guard let made = BIO_new(BIO_s_mem()) else { throw CertificateFailure(step: "BIO_new") }
        pointer = made
        if !text.isEmpty, BIO_write(made, text, Int32(clamping: text.count)) != text.count {
            throw CertificateFailure(step: "BIO_write")
        }
    }

    deinit {
        BIO_free(pointer)
    }

    /// What was written, taken out.
    var bytes: [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = BIO_read(pointer, &chunk, Int32(chunk.count)), count > 0 {
            all += chunk.prefix(Int(count))
        }
        return all
    }
}

/// - Throws: `CertificateFailure` when a function of libcrypto did not succeed.
private func check(_ result: Int32, _ step: String) throws(CertificateFailure) {
    guard result == 1 else { throw CertificateFailure(step: step) }
}
