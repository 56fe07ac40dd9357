import CLibcrypto
import Domain

/// How something sealed is stored: the version of the format (1), the nonce, the ciphertext, the tag.
///
/// The nonce is 96 random bits. A counter would be shorter, but a database that is restored from a backup would count
/// the same numbers again, and a nonce that comes twice under one key gives away what it protects. At random the chance
/// of that stays below 2^-32 for 2^32 things sealed under one key (SP 800-38D, 8.3); a vault holds some thousands.
enum SealedBox {
    static let format: UInt8 = 1
    /// Bytes beyond those of the text.
    static let overhead = 1 + AESGCM.nonceBytes + AESGCM.tagBytes

    static func seal(
        _ text: UnsafeRawBufferPointer, key: SecretBytes, as binding: Binding
    ) throws(VaultError) -> [UInt8] {
        let nonce: [UInt8]
        do { nonce = try SecureRandom.bytes(count: AESGCM.nonceBytes) } catch {
            throw VaultError(.other, error.description)
        }
        return try [format] + nonce + AESGCM.seal(text, key: key, nonce: nonce, binding: binding.bytes(format))
    }

    /// - Returns: nil when it is not what was sealed under this key for this place.
    /// - Throws: `VaultError` for a format that this version does not know.
    static func open(
        _ box: [UInt8], key: SecretBytes, as binding: Binding, isLasting: Bool = false
    ) throws(VaultError) -> SecretBytes? {
        guard box.count >= overhead, let format = box.first else { return nil }
        guard format == SealedBox.format else {
            throw VaultError(
                .damaged, "It was sealed in format \(format), which this version does not know, or it was altered.")
        }
        let rest = box.dropFirst()
        return try AESGCM.open(
            rest.dropFirst(AESGCM.nonceBytes), key: key, nonce: rest.prefix(AESGCM.nonceBytes),
            binding: binding.bytes(format), isLasting: isLasting)
    }
}

/// The associated data of something sealed: what it is and where it belongs, in bytes that can be read in one way only.
struct Binding {
    private var fields: [[UInt8]]

    private init(_ what: String) {
        fields = [Array("ucaptcha vault".utf8), Array(what.utf8)]
    }

    /// A provider's key in the row `id` of the table `provider_keys`, or, with an owner, of `recycled_keys`.
    static func providerKey(id: Int64, provider: String, owner: Int64?, dataKey: Int) -> Binding {
        var binding = Binding(owner == nil ? "provider_keys" : "recycled_keys")
        if let owner { binding.add(owner) }
        binding.add(id)
        binding.fields.append(Array(provider.utf8))
        binding.add(Int64(dataKey))
        return binding
    }

    /// A data key in the row `version` of the table `data_keys`.
    static func dataKey(version: Int) -> Binding {
        var binding = Binding("data_keys")
        binding.add(Int64(version))
        return binding
    }

    private mutating func add(_ number: Int64) {
        fields.append((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })
    }

    /// The format's version, and each field behind its length.
    func bytes(_ format: UInt8) -> [UInt8] {
        fields.reduce(into: [format]) { bytes, field in
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: field.count >> (24 - 8 * $0)) }
            bytes += field
        }
    }
}
