import ProviderKit

/// The words by which a vendor of this style says that something went wrong, and what each means here.
struct VendorWords: Sendable {
    private let kinds: [String: Fault.Kind]

    /// - Parameter rows: a word and its meaning. Of two rows for one word the first holds.
    init(_ rows: [(word: String, kind: Fault.Kind)]) {
        kinds = Dictionary(rows.map { (VendorWords.normal($0.word), $0.kind) }) { first, _ in first }
    }

    /// What a word means, in any case and with blanks around it; nil for one that is not in the table.
    func kind(of word: String) -> Fault.Kind? { kinds[VendorWords.normal(word)] }

    /// Whether a word says that the task is still being worked on. One vendor's misspelling has become everyone's.
    static func isPending(_ word: String) -> Bool {
        ["CAPCHA_NOT_READY", "CAPTCHA_NOT_READY"].contains(normal(word))
    }

    /// Whether a text looks like one of these words: such may be repeated to people, a page or a picture may not.
    static func isWord(_ text: String) -> Bool {
        (1...80).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "_-:. ".utf8.contains(byte)
                }
            }
    }

    private static func normal(_ word: String) -> String {
        VendorReply.trimmed(word).uppercased()
    }
}
