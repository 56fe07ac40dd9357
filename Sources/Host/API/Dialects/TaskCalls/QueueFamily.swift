import ProviderKit

/// The families behind the numbers that Anti-Captcha gives its queues.
enum QueueFamily {
    /// The numbers of what is offered here.
    static let numbers = (Int64(1)...99).filter { family($0) != nil }

    /// Nil for a number of nothing that is offered here.
    static func family(_ queue: Int64) -> TaskFamily? {
        switch queue {
        case 1, 2: .imageToText
        case 5, 6: .recaptchaV2
        case 7, 10: .funcaptcha
        case 12, 13: .geetestV3
        case 18, 19, 20: .recaptchaV3
        case 21, 22, 29: .hcaptcha
        case 23, 24: .recaptchaV2Enterprise
        case 25: .antiGate
        case 26, 27: .turnstile
        case 28: .coordinates
        default: nil
        }
    }
}
