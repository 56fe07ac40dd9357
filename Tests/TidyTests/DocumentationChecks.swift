/// How many public declarations have a comment.
enum DocumentationChecks {
    struct Count: Equatable {
        var documented = 0
        /// `PATH:LINE` of each that is not.
        var bare: [String] = []

        var percentage: Int {
            let all = documented + bare.count
            return all == 0 ? 100 : documented * 100 / all
        }
    }

    /// The public declarations of a file: lines that begin with `public` or `open`. The requirements of a public
    /// protocol have no such word and are not seen. Not counted is what says itself: operators, `description`, `hash`,
    /// extensions and initialisers.
    static func count(_ file: SourceFile) -> Count {
        var count = Count()
        guard file.isSwift else { return count }
        let lines = file.lines.map { $0.drop { $0 == " " } }
        for (index, line) in lines.enumerated() {
            let words = line.split(separator: " ")
            guard words.first == "public" || words.first == "open", words.count > 1 else { continue }
            if ["import", "extension"].contains(words[1]) || saysItself(line) { continue }
            let above = lines[..<index].last { !$0.hasPrefix("@") && !$0.hasPrefix("#") }
            if above?.hasPrefix("///") == true || above?.hasSuffix("*/") == true {
                count.documented += 1
            } else {
                count.bare.append("\(file.path):\(index + 1)")
            }
        }
        return count
    }

    private static func saysItself(_ line: Substring) -> Bool {
        if ["public var description", "public func hash(", "public init("].contains(where: line.hasPrefix) {
            return true
        }
        guard line.hasPrefix("public static func ") else { return false }
        return line.dropFirst("public static func ".count).first.map { !$0.isLetter && $0 != "_" } ?? false
    }
}
