import Domain

extension Money {
    /// As a number to compare and weigh by, never to charge.
    var dollars: Double { Double(nanos) / 1e9 }
}
