import CLibcrypto
import Domain

/// AES-256 in Galois/counter mode (NIST SP 800-38D), with nonces of 96 bits and tags of 128.
enum AESGCM {
    static let keyBytes = 32
    static let nonceBytes = 12
    static let tagBytes = 16

    /// Encrypts `text` and authenticates it together with `binding`.
    ///
    /// - Parameters:
    ///   - nonce: 12 bytes that were never used with this key before.
    ///   - binding: what is not stored and has to be the same when it is opened.
    /// - Returns: the ciphertext, as long as the text, and the tag.
    static func seal(
        _ text: UnsafeRawBufferPointer, key: SecretBytes, nonce: some Collection<UInt8>, binding: [UInt8]
    ) throws(VaultError) -> [UInt8] {
        let context = try Context(key, Array(nonce), encrypting: true)
        try context.bind(binding)
        var sealed = [UInt8](repeating: 0, count: text.count + tagBytes)
        let done = sealed.withUnsafeMutableBytes { output in
            context.update(text, into: output) && context.finish()
                && context.control(EVP_CTRL_AEAD_GET_TAG, tagBytes, output.baseAddress?.advanced(by: text.count))
        }
        guard done else { throw Context.broken }
        return sealed
    }

    /// Decrypts what `seal` returned. Nothing of the text is given out unless all of it is authentic.
    ///
    /// - Returns: nil when the key, the nonce, the binding or a bit of `sealed` is another one.
    static func open(
        _ sealed: some Collection<UInt8>, key: SecretBytes, nonce: some Collection<UInt8>, binding: [UInt8],
        isLasting: Bool = false
    ) throws(VaultError) -> SecretBytes? {
        guard sealed.count >= tagBytes, nonce.count == nonceBytes else { return nil }
        let context = try Context(key, Array(nonce), encrypting: false)
        try context.bind(binding)
        let ciphertext = Array(sealed.dropLast(tagBytes))
        var tag = Array(sealed.suffix(tagBytes))
        var isAuthentic = false
        let text = SecretBytes(count: ciphertext.count, isLasting: isLasting) { output in
            isAuthentic = ciphertext.withUnsafeBytes { input in
                tag.withUnsafeMutableBytes { tag in
                    context.update(input, into: output)
                        && context.control(EVP_CTRL_AEAD_SET_TAG, tagBytes, tag.baseAddress) && context.finish()
                }
            }
        }
        return isAuthentic ? text : nil
    }

    /// One use of the cipher. libcrypto overwrites the expanded key when the context is freed.
    private struct Context: ~Copyable {
        private let context: OpaquePointer

        static var broken: VaultError {
            VaultError(.other, "libcrypto could not encrypt. Check that it offers AES-256-GCM.")
        }

        /// Fetched once: libcrypto would otherwise look it up by name each time. Never changed after that.
        private nonisolated(unsafe) static let cipher: OpaquePointer? =
            EVP_CIPHER_fetch(nil, "AES-256-GCM", nil) ?? EVP_aes_256_gcm()

        init(_ key: SecretBytes, _ nonce: [UInt8], encrypting: Bool) throws(VaultError) {
            guard key.count == AESGCM.keyBytes, nonce.count == AESGCM.nonceBytes, let context = EVP_CIPHER_CTX_new()
            else { throw Context.broken }
            let made = key.withBytes { key in
                EVP_CipherInit_ex(
                    context, Context.cipher, nil, key.assumingMemoryBound(to: UInt8.self).baseAddress, nonce,
                    encrypting ? 1 : 0)
            }
            guard made == 1 else {
                EVP_CIPHER_CTX_free(context)
                throw Context.broken
            }
            self.context = context
        }

        deinit {
            EVP_CIPHER_CTX_free(context)
        }

        /// Feeds the associated data.
        func bind(_ binding: [UInt8]) throws(VaultError) {
            var count: Int32 = 0
            guard EVP_CipherUpdate(context, nil, &count, binding, Int32(clamping: binding.count)) == 1 else {
                throw Context.broken
            }
        }

        func update(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
            if input.isEmpty { return true }
            var count: Int32 = 0
            let done = EVP_CipherUpdate(
                context, output.assumingMemoryBound(to: UInt8.self).baseAddress, &count,
                input.assumingMemoryBound(to: UInt8.self).baseAddress, Int32(clamping: input.count))
            return done == 1 && Int(count) == input.count
        }

        /// Ends the text. When decrypting, false means that something is not authentic.
        func finish() -> Bool {
            var rest = [UInt8](repeating: 0, count: 16)
            var count: Int32 = 0
            return EVP_CipherFinal_ex(context, &rest, &count) == 1
        }

        func control(_ command: Int32, _ count: Int, _ address: UnsafeMutableRawPointer?) -> Bool {
            EVP_CIPHER_CTX_ctrl(context, command, Int32(count), address) == 1
        }
    }
}
