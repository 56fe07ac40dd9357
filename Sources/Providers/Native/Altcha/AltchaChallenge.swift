import ProviderKit

/// A challenge of either version that has been read and found worth working on.
struct AltchaChallenge {
    var work: Work
    /// When the site stops accepting a solution, in seconds since 1970; nil when it doesn't say.
    var expiresUnixSeconds: Double?

    enum Work {
        case number(NumberSearch, NumberAnswer)
        case key(KeySearch, KeyAnswer)
    }

    /// - Parameter counterMode: for version 2, whose challenges do not tell it.
    init(_ reader: ChallengeReader, counterMode: KeySearch.CounterMode) throws(Fault) {
        let object = reader.object
        if let code = object["codeChallenge"], !code.isNull {
            throw Fault(.unsupportedTask, "The challenge also asks for the code of an image.")
        }
        if object["parameters"] != nil {
            self = try AltchaChallenge(version2: reader, counterMode)
        } else if object["challenge"] != nil {
            self = try AltchaChallenge(version1: reader)
        } else if object["his"] != nil {
            throw Fault(.unsupportedTask, "The site asks for signs of human interaction before it gives a challenge.")
        } else {
            throw reader.refusal("The challenge has neither a member challenge nor a member parameters.")
        }
    }
}
