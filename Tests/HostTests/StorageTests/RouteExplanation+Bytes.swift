import Domain

extension RouteExplanation {
    convenience init(_ bytes: [UInt8]) {
        self.init(at: Timestamp(milliseconds: 0)) { bytes }
    }
}
