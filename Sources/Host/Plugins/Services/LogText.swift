import Glibc

/// Texts from outside made fit for one line of a log.
enum LogText {
    /// At most `limit` bytes of the text, without control characters.
    static func plain(_ text: String, limit: Int) -> String {
        plain(Array(text.utf8.prefix(limit + 4)), limit: limit)
    }

    /// At most `limit` bytes as text, without control characters; a cut is marked.
    static func plain(_ bytes: some Collection<UInt8>, limit: Int) -> String {
        let text = String(decoding: bytes.prefix(limit), as: UTF8.self)
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            // Format characters can turn the direction of what follows.
            case .control, .format, .lineSeparator, .paragraphSeparator: scalars.append(" ")
            default: scalars.append(scalar)
            }
        }
        return String(scalars) + (bytes.count > limit ? "…" : "")
    }

    /// A point in time as `2026-01-31T12:00:00Z`.
    static func utc(_ unixMilliseconds: Int64) -> String {
        var seconds = time_t(unixMilliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
