/// The parameters of a call, in their order, as a form's body or a URL's query writes them.
struct FormFields: Sendable, Hashable {
    private(set) var fields: [Field] = []

    struct Field: Sendable, Hashable {
        let name: String
        let value: String
    }

    init(_ fields: KeyValuePairs<String, String> = [:]) {
        for (name, value) in fields { append(name, value) }
    }

    mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    mutating func append(contentsOf other: FormFields) {
        fields += other.fields
    }

    /// `name=value&name=value`, with all but RFC 3986's unreserved characters percent-encoded. A credential's
    /// placeholder has none of those, so that the host still finds it.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        for field in fields {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            FormFields.encode(field.name, into: &bytes)
            bytes.append(UInt8(ascii: "="))
            FormFields.encode(field.value, into: &bytes)
        }
        return bytes
    }

    private static func encode(_ text: String, into bytes: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        bytes.reserveCapacity(bytes.count + text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
