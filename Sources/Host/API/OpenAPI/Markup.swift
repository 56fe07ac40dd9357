/// Text in HTML.
enum Markup {
    static func escaped(_ text: some StringProtocol) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    /// A link to another place of the page.
    static func link(to place: String, _ text: String) -> String {
        "<a href=\"#\(escaped(place))\">\(escaped(text))</a>"
    }

    /// What stands between back ticks is code.
    static func text(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        return parts.enumerated().map { index, part in
            index % 2 == 1 ? "<code>\(escaped(part))</code>" : escaped(part)
        }.joined()
    }

    /// A block of code or of an answer.
    static func block(_ text: String, _ kind: String = "answer") -> String {
        "<pre class=\"\(kind)\">\(escaped(text))</pre>"
    }
}
