import Foundation

@testable import Config

/// The committed example of a configuration file, made from the list of keys.
///
/// A line that begins with `#` and no blank behind it is a setting that is commented out; the other comments are prose.
enum ExampleFile {
    static var rendered: String {
        var lines = [
            "# An example of a configuration file: every key there is, with its default where it has one. Made from",
            "# the source by `make docs`; docs/configuration.md has the same as a table.",
            "#",
            "# Copy it and change what you need; a key that is left out has its default. Relative paths start from the",
            "# folder of the file. Lines such as `#plugin: native` are settings that are commented out.",
        ]
        for section in ConfigurationKey.children(of: []) {
            lines += ["", "\(section):"]
            let keys = ConfigurationKey.all.filter { $0.components(nil).first == section }
            if section == "adapters" {
                lines += adapters(keys)
            } else {
                lines += settings(keys)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The keys of a section, those of a mapping within it under its name.
    private static func settings(_ keys: [ConfigurationKey]) -> [String] {
        var (lines, group) = ([String](), "")
        for key in keys {
            let parts = key.components(nil)
            if parts.count == 3, parts[1] != group {
                group = parts[1]
                lines.append("  \(group):")
            }
            lines += setting(
                key, indentation: String(repeating: "  ", count: parts.count - 1),
                commentedOut: key.fallback != key.example)
        }
        return lines
    }

    /// The text with the settings that are commented out put into force.
    static func withoutCommenting(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let indentation = line.prefix { $0 == " " }
            let rest = line.dropFirst(indentation.count)
            guard rest.first == "#",
                rest.dropFirst().first?.isLetter == true || rest.dropFirst().first?.isNumber == true
            else { return String(line) }
            return String(indentation + rest.dropFirst())
        }.joined(separator: "\n")
    }

    private static func adapters(_ keys: [ConfigurationKey]) -> [String] {
        var lines = wrapped(
            """
            Adapters by name: 1 to 32 lower-case letters, digits and hyphens. The names of this project's own are \
            \(Configuration.knownAdapters.joined(separator: ", ")).
            """, indentation: "  ")
        lines += ["  native:", "    enabled: true", "", "  2captcha:"]
        for key in keys { lines += setting(key, indentation: "    ", commentedOut: key.fallback != key.example) }
        return lines
    }

    private static func setting(_ key: ConfigurationKey, indentation: String, commentedOut: Bool) -> [String] {
        let name = key.components(nil).last ?? ""
        let value = name == "plugin" ? "2captcha" : key.example
        return wrapped(key.sentence, indentation: indentation)
            + wrapped("Value: \(key.type).", indentation: indentation)
            + ["\(indentation)\(commentedOut ? "#" : "")\(name): \(value)"]
    }

    private static func wrapped(_ text: String, indentation: String) -> [String] {
        var lines = [indentation + "#"]
        for word in text.split(separator: " ") {
            let last = lines.count - 1
            if lines[last].count + 1 + word.count > 110 {
                lines.append(indentation + "# " + word)
            } else {
                lines[last] += " " + word
            }
        }
        return lines
    }
}

/// The table of all keys for docs/configuration.md.
enum ConfigurationTable {
    static var rendered: String {
        let rows = ConfigurationKey.all.map { key in
            let fallback = key.fallback == key.example ? "`\(key.fallback)`" : key.fallback
            return "| `\(key.path)` | \(cell(key.type)) | \(fallback) | \(cell(key.sentence)) |"
        }
        return (["", "| Key | Value | Default | What it does |", "| --- | --- | --- | --- |"] + rows + ["", ""])
            .joined(separator: "\n")
    }

    /// Angle brackets would be taken for markup.
    private static func cell(_ text: String) -> String {
        text.replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: "|", with: "\\|")
    }
}
