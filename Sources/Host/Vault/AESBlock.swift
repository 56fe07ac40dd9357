import CLibcrypto
import Synchronization

/// AES-128 of single blocks in one direction: libcrypto's context, made once, since fetching the cipher and expanding
/// the key cost far more than a block does.
final class AESBlock: Sendable {
    enum Direction: Int32 {
        case decrypting = 0
        case encrypting = 1
    }

    typealias Block = SIMD16<UInt8>

    /// libcrypto's contexts may be used by one thread at a time.
    private let context: Mutex<OpaquePointer>

    /// - Parameter key: 16 bytes.
    init(key: [UInt8], _ direction: Direction) throws(VaultFailure) {
        guard key.count == 16 else { throw VaultFailure("An AES-128 key has 16 bytes, not \(key.count).") }
        let broken = VaultFailure("libcrypto could not set up AES-128. Check that it offers AES-128-ECB.")
        guard let context = EVP_CIPHER_CTX_new() else { throw broken }
        guard EVP_CipherInit_ex(context, EVP_aes_128_ecb(), nil, key, nil, direction.rawValue) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1
        else {
            EVP_CIPHER_CTX_free(context)
            throw broken
        }
        self.context = Mutex(context)
    }

    deinit {
        context.withLock { EVP_CIPHER_CTX_free($0) }
    }

    func callAsFunction(_ input: Block) -> Block {
        context.withLock { context in
            var output = Block()
            var count: Int32 = 0
            let done = withUnsafeBytes(of: input) { input in
                withUnsafeMutableBytes(of: &output) { output in
                    EVP_CipherUpdate(
                        context, output.assumingMemoryBound(to: UInt8.self).baseAddress, &count,
                        input.assumingMemoryBound(to: UInt8.self).baseAddress, 16)
                }
            }
            // Without padding a block gives a block; a wrong one would hand out another client's task.
            precondition(done == 1 && count == 16, "libcrypto could not encrypt a block; its installation is broken")
            return output
        }
    }
}
