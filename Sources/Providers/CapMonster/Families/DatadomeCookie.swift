import CreateTaskAPI
import ProviderKit

/// Finds the `datadome` cookie that CapMonster wants beside the address of the puzzle.
enum DatadomeCookie {
    /// The cookie is one of the client's, or it stands in the address itself, as `cid`.
    @Sendable static func prepare(_ fields: inout JSONObject) throws(Fault) {
        // Without an address the rules refuse the task.
        guard fields.said("captchaUrl") != nil else { return }
        let own = fields["metadata"]?["datadomeCookie"]?.string ?? fields.said("datadomeCookie")?.string
        let cookie = own ?? fields.said("cookies")?.string.flatMap(inCookies) ?? inAddress(fields)
        guard let cookie, !cookie.isEmpty else {
            throw Fault(
                .badTask(field: "cookies"),
                "CapMonster Cloud needs the datadome cookie: in cookies, or as cid in captchaUrl.")
        }
        fields["datadomeCookie"] = .string(cookie.hasPrefix("datadome=") ? cookie : "datadome=\(cookie)")
    }

    private static func inCookies(_ text: String) -> String? {
        CookieText.pairs(text).first { $0.name == "datadome" }?.value
    }

    private static func inAddress(_ fields: JSONObject) -> String? {
        guard let address = fields.said("captchaUrl")?.string, let mark = address.firstIndex(of: "?") else {
            return nil
        }
        let query = address[address.index(after: mark)...].prefix { $0 != "#" }
        return query.split(separator: "&").first { $0.hasPrefix("cid=") }.map { String($0.dropFirst(4)) }
    }
}
