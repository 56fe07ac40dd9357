/// How much of what was observed still counts after a while.
enum Decay {
    /// 2 to the power of `-seconds / halfLife`, as exact as a double allows to about 1e-15; 1 when no time has passed,
    /// 0 after a thousand half-lives.
    ///
    /// It is computed here because the domain does without the system's library of functions, and so comes out the same
    /// on every machine.
    static func factor(seconds: Double, halfLife: Double) -> Double {
        let halvings = seconds / halfLife
        guard halvings > 0 else { return 1 }
        guard halvings < 1000 else { return 0 }
        let whole = halvings.rounded(.down)
        // The series of exp(-x) with x below ln 2, from its last term.
        let exponent = (halvings - whole) * 0.693_147_180_559_945_3
        var sum = 1.0
        for term in stride(from: 16.0, to: 0, by: -1) { sum = 1 - exponent / term * sum }
        return Double(sign: .plus, exponent: -Int(whole), significand: sum)
    }
}
