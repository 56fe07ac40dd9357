public import ProviderKit

extension SolutionShape {
    /// Where the parts are at most vendors. Families that only one vendor sells are passed on as they come.
    public static func usual(_ family: TaskFamily) -> SolutionShape {
        switch family {
        case .recaptchaV2, .recaptchaV2Enterprise, .recaptchaV3, .recaptchaV3Enterprise, .hcaptcha: recaptcha
        case .geetestV3: geetestV3
        case .geetestV4: geetestV4
        case .amazonWaf: amazonWaf
        case .datadome: cookieText("datadome")
        case .cloudflareClearance: clearance
        case .imperva, .tspd: cookies
        case .imageToText, .textQuestion: SolutionShape([SolutionRule("text", .text)])
        case .audio: SolutionShape([SolutionRule("text", from: ["text", "token", "answer"], .text)])
        case .lemin: SolutionShape([SolutionRule("answer"), SolutionRule("challenge_id")])
        case .capy:
            SolutionShape(
                ["captchakey", "challengekey", "answer", "respKey"].map { SolutionRule($0) },
                needs: [["challengekey", "answer"]])
        case .tencent:
            SolutionShape(
                ["appid", "ret", "ticket", "randstr"].map { SolutionRule($0, from: [$0, "data/\($0)"]) },
                needs: [["ticket", "randstr"]])
        case .altcha:
            SolutionShape(
                [token, SolutionRule("number", from: ["number", "data/number"], .number)], needs: [["token"]])
        case .vkImage: SolutionShape([SolutionRule("best_step", .number)])
        case .temu, .coordinates:
            SolutionShape([SolutionRule("coordinates", from: ["coordinates", "answer"], .points)])
        case .grid: SolutionShape([SolutionRule("click", from: ["click", "answer"], .cells)])
        case .rotate: SolutionShape([SolutionRule("rotate", from: ["rotate", "answer"], .number)])
        case .boundingBox:
            SolutionShape([SolutionRule("bounding_boxes", from: ["bounding_boxes", "coordinates"], .boxes)])
        case .drawAround: SolutionShape([SolutionRule("canvas")])
        case .visionEngine, .awsWafClassification, .antiGate, .antiBotCookie, .complexImage: asItIs
        default: SolutionShape([token])
        }
    }

    /// A solution that is one token.
    static let token = SolutionRule("token", from: ["token", "data/token", "data", "answer"], .plainText)

    private static let recaptcha = SolutionShape([
        SolutionRule("gRecaptchaResponse", from: ["gRecaptchaResponse", "token", "data/token"], .plainText)
    ])

    /// The third part is by GeeTest's own convention the second with a word behind it, and some vendors leave it out.
    private static let geetestV3 = SolutionShape(
        ["challenge", "validate", "seccode"].map { SolutionRule($0, from: [$0, "geetest_\($0)"], .plainText) }
    ) { solution in
        if solution.said("seccode") == nil, let validate = solution.said("validate")?.string {
            solution["seccode"] = .string(validate + "|jordan")
        }
    }

    private static let geetestV4 = SolutionShape(
        ["captcha_id", "lot_number", "pass_token", "gen_time", "captcha_output"].map { SolutionRule($0, .text) },
        needs: [["lot_number", "pass_token", "captcha_output"], ["lot_number", "pass_token", "encryptedData"]])

    private static let amazonWaf = SolutionShape(
        [
            SolutionRule("captcha_voucher"), SolutionRule("existing_token"),
            SolutionRule("cookie", from: ["cookie", "cookies/aws-waf-token", "token"], .plainText),
        ], needs: [["captcha_voucher"], ["cookie"]])

    private static let clearance = SolutionShape(
        [SolutionRule("cookies", from: ["cookies", "domains/*/cookies", "Domains/*/Cookies"], .cookies)]
    ) { solution in
        guard let bare = solution.said("cf_clearance") else { return }
        solution.put(bare, at: ["cookies", "cf_clearance"])
    }

    private static let cookies = SolutionShape([
        SolutionRule("cookies", from: ["cookies", "domains/*/cookies", "Domains/*/Cookies", "token"], .cookies)
    ])

    /// A solution that is one cookie, as `name=value` with what the vendor has behind it.
    public static func cookieText(_ name: String) -> SolutionShape {
        let named = SolutionForm { value in
            guard let text = value.string else { return nil }
            return .string(text.contains("=") && text.hasPrefix(name) ? text : "\(name)=\(text)")
        }
        let places = ["cookies/\(name)", "domains/*/cookies/\(name)", "Domains/*/Cookies/\(name)"]
        return SolutionShape([SolutionRule("cookie", from: ["cookie"] + places, named)])
    }
}
