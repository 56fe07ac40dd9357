import Domain
import ProviderKit
import TestSupport
import Testing

@Suite("The documentation of tasks")
struct TaskDocumentationTests {
    @Test("The committed list of tasks is what the forms make of it")
    func listIsUpToDate() throws {
        let problem = try TidyDocument("docs/tasks.md").difference(from: TaskDocument.rendered)
        #expect(problem == nil, "\(problem ?? "")")
    }
}

/// docs/tasks.md, made from the forms.
private enum TaskDocument {
    static var rendered: String {
        ([introduction, contents] + TaskForm.all.map(section) + [aliases]).joined(separator: "\n")
    }

    private static let introduction = """
        # Tasks

        <!-- Made from the source by `make docs`. -->

        What can be in the `task` of a createTask, and what comes back as `solution`. What may stand beside the task
        is in [create-task.md](create-task.md). A task has a `type`; every
        name that 2Captcha, Anti-Captcha, CapSolver, CapMonster or the hosted product have for a kind of task is
        understood, in any case of letters. Prices, statistics and manifests go by the family.

        - The fields are listed by their canonical names with the others by which they are understood; the case of
          letters doesn't matter. An empty text or null counts as missing. Numbers and booleans may come as text,
          booleans as 0 and 1. Fields that are not listed are handed on untouched to vendors whose API takes JSON.
        - A field that is missing or cannot be used is refused with `ERROR_BAD_PARAMETERS` and its name. Pictures
          and recordings are base64, with or without `data:...;base64,` before it: at least
          \(Limits.pictureBytesLeast) bytes (`ERROR_ZERO_CAPTCHA_FILESIZE`), at most \(Limits.pictureBytes) for a
          picture and \(Limits.soundBytes) for a recording (`ERROR_TOO_BIG_CAPTCHA_FILESIZE`).
        - A proxy comes as `proxyType` (`http`, `https`, `socks4`, `socks5`; `http` when it is missing),
          `proxyAddress`, `proxyPort`, `proxyLogin` and `proxyPassword`, or as one `proxy`:
          `type://user:password@host:port`, `type:host:port:user:password`, each also without type or user, or an
          object. What cannot be read is refused with `ERROR_PROXY_FORMAT`, what cannot be a proxy with
          `ERROR_BAD_PROXY`. A type whose name ends in `Proxyless` has none, whatever is sent with it; any other may
          come without one where the family allows it.
        - `isEnterprise` with a reCAPTCHA type means the Enterprise family. `languagePool` may stand beside the
          task, too.

        """

    private static var contents: String {
        let rows = TaskForm.all.map { form in
            "| [\(form.title)](#\(anchor(form))) | `\(form.family)` | \(names(form)) |"
        }
        return """
            ## Types

            `[Proxyless]` is with or without. Every `...Task[Proxyless]` may also be written `...Token[Proxyless]`.

            | Task | Family | Types |
            | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            """
    }

    private static func anchor(_ form: TaskForm) -> String {
        String(
            form.title.lowercased().compactMap { character in
                character == " " ? "-" : character.isLetter || character.isNumber || character == "-" ? character : nil
            })
    }

    private static func names(_ form: TaskForm) -> String {
        let names = form.names.map { name in
            switch name {
            case .stem(let stem): "`\(stem)Task\(form.proxy == .needed ? "" : "[Proxyless]")`"
            case .exactly(let name): "`\(name)`"
            case .custom(let name): "`CustomTask` with class `\(name)`"
            }
        }
        let more: String? =
            switch form.family {
            case .cloudflareToken: "`TurnstileTask[Proxyless]` with `chlPageData` or `cloudflareTaskType` `token`"
            case .cloudflareClearance: "`TurnstileTask` with `cloudflareTaskType` `cf_clearance` or `wait_room`"
            case .geetestV4: "with `version` 4, `captchaId` or `initParameters.captcha_id`"
            case .boundingBox: "`ImageToCoordinatesTask` with `mode` `rectangles`"
            default: nil
            }
        if form.family == .geetestV4, let more { return "\(names.joined(separator: ", ")) \(more)" }
        return (names + [more].compactMap(\.self)).joined(separator: ", ")
    }

    private static func section(_ form: TaskForm) -> String {
        let rows = form.fields.map { field in
            let others = (field.synonyms + field.encodedSynonyms.map { "\($0)` (base64) `" }).map { "`\($0)`" }
            let needed = field.isRequired ? "yes" : ""
            return "| `\(field.name)` | \(field.kind) | \(needed) | "
                + others.joined(separator: ", ").replacing(" ``", with: "") + " |"
        }
        let proxy =
            switch form.proxy {
            case .never: "No proxy."
            case .possible: "With a proxy or without."
            case .needed: "A proxy is required."
            }
        let solution = form.solution.map { "`\($0)`" }.joined(separator: ", ")
        let answer = solution.isEmpty ? "the vendor's own fields." : "\(solution)."
        let note = form.family == .altcha ? " One of `challengeJSON` and `challengeURL` is required." : ""
        return """
            ## \(form.title)

            | Field | Holds | Required | Also understood |
            | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            \(proxy)\(note) Solution: \(answer)

            """
    }

    private static var aliases: String {
        let rows = SolutionShape.aliases.map { alias in
            "| `\(alias.field)` | `\(alias.name)` | \(alias.difference) |"
        }
        return """
            ## Solutions

            A solution has its family's fields, as far as the provider gave them, and each of them again by the other
            names under which clients look for it, unless the solution has such a field already.

            | Field | Is also given as | Which is |
            | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            GeeTest's `challenge` is also given as `geetest_challenge`.

            """
    }
}
