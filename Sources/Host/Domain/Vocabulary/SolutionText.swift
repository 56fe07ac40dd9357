public import ProviderKit

/// A solution as services tell it that have one text, or one object, for each: what a client of theirs expects of a
/// family.
public enum SolutionText {
    /// How points and cells are written.
    public enum Style: Sendable {
        /// `coordinate:x=39,y=59;x=252,y=72`, `click:3/8/9`, as 2Captcha does.
        case named
        /// `[[39,59],[252,72]]`, `[3,8,9]`, as Death By Captcha does.
        case lists
    }

    /// The families whose answer is an object, with its members.
    public static let objects: [TaskFamily: [String]] = [
        .geetestV3: ["challenge", "validate", "seccode", "geetest_challenge", "geetest_validate", "geetest_seccode"],
        .geetestV4: ["captcha_id", "lot_number", "pass_token", "gen_time", "captcha_output"],
        .capy: ["captchakey", "challengekey", "answer", "respKey"],
        .lemin: ["answer", "challenge_id"],
        .amazonWaf: ["captcha_voucher", "existing_token"],
        .tencent: ["appid", "ret", "ticket", "randstr"],
        .vkImage: ["best_step", "preview", "answer"],
    ]

    /// - Returns: text, or an object for the families in `objects`; the whole solution where it holds nothing that is
    ///   known.
    public static func value(of solution: [UInt8], _ family: TaskFamily, _ style: Style) -> JSONValue {
        let parsed = (try? JSONValue(parsing: SolutionShape.presented(solution)))?.object ?? [:]
        if let names = objects[family] {
            var members = JSONObject(names.compactMap { name in parsed[name].map { .init(name, $0) } })
            if !members.members.isEmpty {
                // Where the provider gave the cookie alone: clients look for both.
                if family == .amazonWaf, members["captcha_voucher"] == nil { members["captcha_voucher"] = "" }
                return .object(members)
            }
        }
        if let text = picture(parsed, family, style) { return .string(text) }
        for name in ["gRecaptchaResponse", "token", "text", "cookie", "captcha_voucher", "cf_clearance", "ticket"] {
            if let text = parsed[name]?.string { return .string(text) }
        }
        return .string(String(decoding: solution, as: UTF8.self))
    }

    /// The same as one text, for callbacks: what `/res.php` answers, an object written as JSON.
    public static func text(of solution: [UInt8], _ family: TaskFamily) -> String {
        let value = value(of: solution, family, .named)
        return value.string ?? value.text
    }

    /// What is told of a place on a picture.
    private static func picture(_ solution: JSONObject, _ family: TaskFamily, _ style: Style) -> String? {
        switch family {
        case .coordinates, .temu: points(solution["coordinates"], style)
        case .grid: cells(solution["click"], style)
        case .rotate: solution["rotate"].flatMap { $0.numberText ?? $0.string }
        case .boundingBox: solution["bounding_boxes"].map(\.text)
        case .drawAround: canvas(solution["canvas"], style)
        default: nil
        }
    }

    private static func points(_ value: JSONValue?, _ style: Style) -> String? {
        guard let points = value?.array?.compactMap(point), !points.isEmpty else { return nil }
        return switch style {
        case .named: "coordinate:" + points.map { "x=\($0.x),y=\($0.y)" }.joined(separator: ";")
        case .lists: "[" + points.map { "[\($0.x),\($0.y)]" }.joined(separator: ",") + "]"
        }
    }

    private static func point(_ value: JSONValue) -> (x: String, y: String)? {
        let pair = value.array ?? [value["x"], value["y"]].compactMap(\.self)
        let texts = pair.compactMap { $0.numberText ?? $0.string }
        return texts.count == 2 ? (texts[0], texts[1]) : nil
    }

    private static func cells(_ value: JSONValue?, _ style: Style) -> String? {
        guard let cells = value?.array?.compactMap({ $0.numberText ?? $0.string }) else { return nil }
        switch style {
        case .named: return cells.isEmpty ? "No_matching_images" : "click:" + cells.joined(separator: "/")
        case .lists: return "[" + cells.joined(separator: ",") + "]"
        }
    }

    /// One line after the other, each ended by a semicolon.
    private static func canvas(_ value: JSONValue?, _ style: Style) -> String? {
        guard let lines = value?.array, !lines.isEmpty else { return nil }
        guard style == .named else { return value?.text }
        let texts = lines.map { line in
            (line.array ?? []).compactMap(point).map { "\($0.x),\($0.y)" }.joined(separator: ",") + ";"
        }
        return "canvas:" + texts.joined()
    }
}
