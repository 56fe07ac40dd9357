import CreateTaskAPI
import ProviderKit

extension AntiCaptchaFamilies {
    /// Tasks that a worker's browser does on the site itself, through the client's HTTP proxy.
    ///
    /// `AntiBotCookieTask` passes whatever protection it meets and brings the site's cookies; for Cloudflare and
    /// DataDome those are the solution. Nothing but the address and the proxy is asked for.
    static let browsers: [FamilyMapping] = [
        FamilyMapping(
            .cloudflareClearance, .proxied("AntiBotCookieTask"), requires: ["websiteURL"],
            fields: ["html", "cloudflareTaskType", "userAgent", "cookies"].map { .dropped($0) }, proxy: httpOnly,
            solution: SolutionShape([.init("cookies", .cookies), userAgent], needs: [["cookies"]])),
        FamilyMapping(
            .datadome, .proxied("AntiBotCookieTask"), requires: ["websiteURL"],
            fields: ["captchaUrl", "datadomeCookie", "datadomeVersion", "userAgent", "cookies"].map { .dropped($0) },
            proxy: httpOnly,
            solution: datadome),
        FamilyMapping(.antiBotCookie, .proxied("AntiBotCookieTask"), requires: ["websiteURL"], proxy: httpOnly),
        FamilyMapping(
            .antiGate, .one("AntiGateTask"), requires: ["websiteURL", "templateName"],
            fields: [.required("variables", .object), .optional("domainsOfInterest", .list)], proxy: httpOnly),
    ]

    private static let httpOnly = ProxyRules(form: .fourFields, addressesOnly: true)

    private static let userAgent = SolutionRule(
        "userAgent", from: ["userAgent", "fingerprint/self.navigator.userAgent"])

    private static let datadome: SolutionShape = {
        var shape = SolutionShape.cookieText("datadome")
        shape.rules.append(userAgent)
        return shape
    }()
}
