import Domain
import Testing
import TestSupport

@testable import Vault

@Suite("Secret numbers of tasks")
struct SecretNumberTests {
    private let cipher: AESTaskIDCipher

    init() throws {
        cipher = try AESTaskIDCipher(key: Array(0...15))
    }

    @Test("lead back to their tasks, those at the ends of the range included")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 5)
        let numbers =
            [1, 2, 3, TaskID.upperBound - 1]
            + (0..<2_000).map { _ in Int64.random(in: 1..<TaskID.upperBound, using: &random) }
        for number in numbers {
            let id = try #require(TaskID(number))
            let secret = cipher.secretNumber(of: id)
            #expect((1..<TaskID.upperBound).contains(secret))
            #expect(cipher.id(ofSecretNumber: secret) == id)
            let other = try #require(cipher.id(ofSecretNumber: number))
            #expect(cipher.secretNumber(of: other) == number)
        }
    }

    @Test("differ for each task, tell nothing of their order, and depend on the key")
    func secret() throws {
        let ids = try (1...2_000).map { try #require(TaskID(Int64($0))) }
        let secrets = ids.map(cipher.secretNumber)
        #expect(Set(secrets).count == ids.count)
        // Neighbours rise as often as they fall, and half of the numbers lie in the upper half.
        let rising = zip(secrets, secrets.dropFirst()).count { $0 < $1 }
        #expect((900...1_100).contains(rising))
        #expect((900...1_100).contains(secrets.count { $0 >= TaskID.upperBound / 2 }))
        // Guesses that are numbers of tasks by chance: at most a handful of 2^53.
        #expect(secrets.allSatisfy { $0 > 2_000_000_000 })
        let other = try AESTaskIDCipher(key: Array(repeating: 9, count: 16))
        #expect(zip(secrets, ids.map(other.secretNumber)).allSatisfy { $0 != $1 })
    }

    @Test(
        "stay what they are: clients may hold them across versions of this program",
        arguments: [
            (1, 5_842_229_091_151_592), (2, 3_185_797_199_118_816), (1_000_000, 4_241_105_253_263_833),
        ] as [(Int64, Int64)])
    func stable(number: Int64, secret: Int64) throws {
        #expect(cipher.secretNumber(of: try #require(TaskID(number))) == secret)
    }

    @Test("Numbers outside the range are none's", arguments: [0, -1, TaskID.upperBound, .max, .min])
    func outside(number: Int64) {
        #expect(cipher.id(ofSecretNumber: number) == nil)
    }
}
