/// A vendor that the simulator plays, by the ID of its adapter.
public enum Vendor: String, Sendable, Hashable, CaseIterable {
    case twoCaptcha = "2captcha"
    case capSolver = "capsolver"
    case antiCaptcha = "anticaptcha"
    case capMonster = "capmonster"
    case multibot = "multibot"
}

extension Vendor {
    /// A key that looks like the vendor's, for demonstrations.
    public var demoKey: String {
        switch self {
        case .twoCaptcha: "2ca97c4a2ca97c4a2ca97c4a2ca97c4a"
        case .capSolver: "CAP-0123456789ABCDEF0123456789ABCDEF"
        case .antiCaptcha: "ac000000000000000000000000000001"
        case .capMonster: "c0ffee00c0ffee00c0ffee00c0ffee00"
        case .multibot: "MbDemoKey0123456789abcdefghijkl"
        }
    }
}
