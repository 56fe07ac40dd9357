/// A kind of CAPTCHA by its canonical name, such as `altcha`: what providers sell, prices are quoted for and statistics
/// are kept by. Clients and vendors have many names for each; the host and the adapters translate.
///
/// The families that the host knows are constants, each with the fields that its tasks have and those of its solution.
/// Of the fields before the first semicolon every task has all; the others are optional. An adapter is given no other
/// spelling of a field than this, and answers in the solution's fields as they are named here.
///
/// "The page's fields" are `userAgent`, `cookies` (text, `a=b; c=d`) and a proxy: `proxyType` (`http`, `https`,
/// `socks4`, `socks5`), `proxyAddress`, `proxyPort` (a whole number), `proxyLogin` and `proxyPassword`. A task has a
/// proxy exactly when it has `proxyAddress`, and then it has a type and a port as well.
///
/// A name is a lower-case letter and then letters and digits, 40 characters at most.
public struct TaskFamily: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    public let rawValue: String

    /// Fails on a name that is not of the form above.
    public init?(rawValue: String) {
        let utf8 = rawValue.utf8
        guard let first = utf8.first, (0x61...0x7A).contains(first), utf8.count <= 40,
            utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }

    init(known rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }

    public static func < (left: TaskFamily, right: TaskFamily) -> Bool { left.rawValue < right.rawValue }

    /// Every family that has a constant, in the order of the documentation.
    public static let all: [TaskFamily] = [
        .recaptchaV2, .recaptchaV2Enterprise, .recaptchaV3, .recaptchaV3Enterprise, .hcaptcha, .turnstile,
        .cloudflareToken, .cloudflareClearance, .geetestV3, .geetestV4, .funcaptcha, .amazonWaf, .datadome,
        .mtcaptcha, .lemin, .cutcaptcha, .keycaptcha, .cyberSiara, .tencent, .capy, .altcha, .yandex,
        .friendlyCaptcha, .prosopo, .captchaFox, .atbCaptcha, .authkong, .yidun, .binance, .basilisk, .alibaba,
        .vkCaptcha, .imperva, .tspd, .hunt, .antiBotCookie, .antiGate, .imageToText, .textQuestion, .audio, .vkImage,
        .temu, .coordinates, .grid, .rotate, .boundingBox, .drawAround, .visionEngine, .awsWafClassification,
        .complexImage,
    ]
}
