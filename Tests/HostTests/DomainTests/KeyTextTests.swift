import Domain
import ProviderKit
import Testing

@Suite("Providers' keys as text")
struct KeyTextTests {
    @Test(
        "At most four characters of each end are shown, and never more than a quarter of the key",
        arguments: [
            ("", "..."), ("abc", "..."), ("abcd", "a..."), ("abcdefgh", "a...h"), ("abcdefghijkl", "ab...l"),
            ("0123456789abcdef", "01...ef"), ("0123456789abcdef0123456789abcdef", "0123...cdef"),
            ("0123456789abcdef0123456789abcdef0123456789abcdef", "0123...cdef"), ("äöüßäöüß", "ä...ß"),
        ])
    func masked(key: String, shown: String) {
        #expect(KeyText.masked(Array(key.utf8)) == shown)
    }

    @Test("For every length, what is shown is at most a quarter")
    func quarter() {
        for count in 0...200 {
            let shown = KeyText.masked(Array(repeating: UInt8(ascii: "x"), count: count))
            #expect((shown.count - 3) * 4 <= count && shown.count <= 11)
        }
    }

    @Test(
        "What cannot be a key is refused without repeating it",
        arguments: [
            [], Array("secret1".utf8), Array(repeating: 0x41, count: 4097), Array("secret\nsecret".utf8),
            Array("secret\u{7F}secret".utf8), Array(" secretsecret".utf8), Array("secretsecret ".utf8),
            [0xFF, 0xFE, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41],
        ] as [[UInt8]])
    func refused(key: [UInt8]) {
        let refusal = KeyText.refusal(of: Secret(key), format: nil)
        #expect(refusal != nil)
        #expect(refusal?.contains("secret") != true)
    }

    private static let hexadecimal = Manifest.KeyFormat(
        description: "32 hexadecimal digits", length: 32...32, hexadecimal: true)
    private static let prefixed = Manifest.KeyFormat(
        description: "CAP- and 32 hexadecimal digits", prefixes: ["CAP-", "CAI-"], length: 36...36, hexadecimal: true)
    private static let loose = Manifest.KeyFormat(description: "20 to 40 characters", length: 20...40)

    @Test(
        "A key has to be of its provider's form",
        arguments: [
            (hexadecimal, "0123456789abcdefABCDEF0123456789", true), (hexadecimal, "0123456789abcdef", false),
            (hexadecimal, "0123456789abcdefg123456789abcdef", false),
            (prefixed, "CAP-0123456789abcdef0123456789abcdef", true),
            (prefixed, "CAI-0123456789ABCDEF0123456789ABCDEF", true),
            (prefixed, "CAX-0123456789abcdef0123456789abcdef", false),
            (prefixed, "0123456789abcdef0123456789abcdef0123", false), (loose, "any text of some length", true),
            (loose, "too short", false),
        ])
    func formats(format: Manifest.KeyFormat, key: String, fits: Bool) {
        let refusal = KeyText.refusal(of: Secret(key), format: format)
        #expect((refusal == nil) == fits)
        #expect(refusal?.contains(key) != true)
        #expect(fits || refusal?.contains(format.description) == true)
    }
}
