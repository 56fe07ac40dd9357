import ProviderKit

/// What the client says about the text in an image.
struct TextRules: Sendable {
    /// 2Captcha's `numeric`.
    enum Characters: Int64, Sendable {
        case any, digits, letters, digitsOrLetters, digitsAndLetters
    }

    var characters = Characters.any
    /// Characters of the text, blanks apart.
    var least = 0
    var most = Int.max
    /// Whether the text has two or more words.
    var isPhrase = false

    /// Reads the fields of a task.
    ///
    /// - Throws: `badTask` with the field; `unsupportedTask` where a person is asked for more than the text.
    init(_ fields: JSONObject) throws(Fault) {
        if try TextRules.flag("math", fields) {
            throw Fault(.unsupportedTask, "Sums in images are not worked out here.")
        }
        for name in ["comment", "imgInstructions"] {
            guard let value = fields[name], !value.isNull, value != "" else { continue }
            throw Fault(.unsupportedTask, "Instructions (\(name)) are for people; here an image is only read.")
        }
        if let module = fields["module"]?.string, !module.isEmpty, module != "common" {
            throw Fault(.unsupportedTask, "There is no module here but common.")
        }
        if let pool = fields["languagePool"]?.string, !pool.isEmpty, pool.lowercased() != "en" {
            throw Fault(.unsupportedTask, "Text is read in Latin letters only.")
        }
        isPhrase = try TextRules.flag("phrase", fields)
        // The text comes as it was read, in both cases.
        _ = try TextRules.flag("case", fields)
        let numeric = try TextRules.whole("numeric", 0...4, fields) ?? 0
        characters = Characters(rawValue: numeric) ?? .any
        let limit = Int64(NativeLimits.textCharacters)
        least = Int(try TextRules.whole("minLength", 0...limit, fields) ?? 0)
        // 0 means that there is no bound.
        let most = try TextRules.whole("maxLength", 0...limit, fields) ?? 0
        if most > 0 { self.most = Int(most) }
        guard least <= self.most else {
            throw Fault(.badTask(field: "maxLength"), "maxLength is below minLength.")
        }
    }

    /// The characters that may be read, a blank among them; nil for all. Wide gaps read as blanks, and without them no
    /// reading is certain.
    var alphabet: String? {
        switch characters {
        case .digits: TextRules.digits + " "
        case .letters: TextRules.letters + " "
        // Marks are rare outside sentences, and specks are easily taken for them.
        case .any where isPhrase: nil
        case .any, .digitsOrLetters, .digitsAndLetters: TextRules.digits + TextRules.letters + " "
        }
    }

    /// A text as it was read, with single blanks between its words, or none where it is one word.
    func tidied(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: isPhrase ? " " : "")
    }

    /// Whether a tidied text can be the answer.
    func allow(_ text: String) -> Bool {
        let plain = text.filter { $0 != " " }
        guard !plain.isEmpty, (least...most).contains(plain.count) else { return false }
        if isPhrase, plain.count == text.count { return false }
        let digits = plain.count { TextRules.digits.contains($0) }
        let letters = plain.count { TextRules.letters.contains($0) }
        switch characters {
        case .any: return true
        case .digits: return digits == plain.count
        case .letters: return letters == plain.count
        case .digitsOrLetters: return digits == plain.count || letters == plain.count
        case .digitsAndLetters: return digits > 0 && letters > 0 && digits + letters == plain.count
        }
    }

    private static let digits = "0123456789"
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    /// Some clients send numbers for flags, and texts for numbers.
    private static func flag(_ name: String, _ fields: JSONObject) throws(Fault) -> Bool {
        guard let value = fields[name], !value.isNull else { return false }
        if let flag = value.bool { return flag }
        switch value.integer ?? value.string.flatMap({ Int64($0) }) {
        case 0: return false
        case 1: return true
        default: throw Fault(.badTask(field: name), "\(name) has to be true or false.")
        }
    }

    private static func whole(
        _ name: String, _ range: ClosedRange<Int64>, _ fields: JSONObject
    ) throws(Fault) -> Int64? {
        guard let value = fields[name], !value.isNull, value != "" else { return nil }
        guard let number = value.integer ?? value.string.flatMap({ Int64($0) }), range.contains(number) else {
            throw Fault(
                .badTask(field: name),
                "\(name) has to be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
