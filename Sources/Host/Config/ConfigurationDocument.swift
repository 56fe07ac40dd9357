import Domain
import Yams

/// The tree of a YAML text, with the place of everything in it.
struct ConfigurationDocument {
    let file: String
    /// Nil for a text without any content.
    let root: Node?

    /// - Throws: `ConfigurationError` with the first place where the text is no YAML; behind it nothing can be told.
    init(_ text: String, file: String) throws(ConfigurationError) {
        self.file = file
        guard !ConfigurationDocument.isNestedTooDeep(text) else {
            throw ConfigurationError(
                file: file, "Lists and mappings are nested too deeply. Write it as the example does.")
        }
        do {
            // Without rules of YAML for what is a number or a truth value: every setting reads its own text.
            root = try compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw ConfigurationError(file: file, problems: [ConfigurationDocument.problem(of: error, in: text)])
        } catch {
            throw ConfigurationError(file: file, "The file cannot be read as YAML.")
        }
    }

    /// What stands at a path; nil when nothing does.
    func node(at path: [String]) -> Node? {
        var node = root
        for name in path { node = node?.mapping?.first { $0.key.scalar?.string == name }?.value }
        return node
    }

    /// The YAML reader calls itself for every level, so that what could nest too deeply for its stack never gets there.
    /// Brackets and dashes are counted wherever they stand, in comments too, hence the generous bound.
    private static func isNestedTooDeep(_ text: String) -> Bool {
        var open = 0
        var dashes = 0
        var indentation = 0
        var onlyDashes = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): open = max(0, open - 1)
            case UInt8(ascii: "\n"): (dashes, indentation, onlyDashes) = (0, 0, true)
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): if onlyDashes { dashes += 1 }
            case UInt8(ascii: " "), UInt8(ascii: "\t"): if onlyDashes { indentation += 1 }
            default: onlyDashes = false
            }
            if open > Limits.configurationDepth || max(dashes, indentation) > Limits.configurationIndentation {
                return true
            }
        }
        return false
    }

    /// What the YAML reader has to say, without the text around it, which its own description would quote.
    private static func problem(of error: YamlError, in text: String) -> ConfigurationError.Problem {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            if hasTabInIndentation(text, line: mark.line) {
                return .init(line: mark.line, column: mark.column, "A tab cannot indent YAML. Use spaces.")
            }
            let story = [context?.text, problem].compactMap(\.self).joined(separator: ", ")
            return .init(
                line: mark.line, column: mark.column,
                "This is no valid YAML (\(story)). Check the indentation, the quotes and the colons here and above.")
        case .duplicatedKeysInMapping(let duplicates, let context):
            // A name that is not of the schema is not repeated: it could be a key that stands in the wrong place.
            let known = Set(ConfigurationKey.all.flatMap { $0.components(nil) } + Configuration.knownAdapters)
            let names = duplicates.filter(known.contains).map { "`\($0)`" }.joined(separator: ", ")
            let subject = names.isEmpty ? "A key of this mapping" : names
            return .init(
                line: context.mark.line, column: context.mark.column,
                "\(subject) is given more than once in the same mapping. Keep one of them.")
        case .reader(_, let offset, _, let yaml):
            let line = offset.map { yaml.prefix($0).utf8.count { $0 == UInt8(ascii: "\n") } + 1 }
            return .init(line: line, "A character here has no place in YAML. Remove it.")
        default:
            return .init("The file cannot be read as YAML. Write it as the example does.")
        }
    }

    private static func hasTabInIndentation(_ text: String, line: Int) -> Bool {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return false }
        return lines[line - 1].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.contains(
            UInt8(ascii: "\t"))
    }
}
