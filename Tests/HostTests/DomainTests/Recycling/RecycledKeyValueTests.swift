import Domain
import TestSupport
import Testing

@Suite("Recycled keys' names, pools and costs")
struct RecycledKeyValueTests {
    @Test("The credential of a recycled key is read as its number, and nothing else is")
    func credential() throws {
        for number in [1, 7, 10, .max] as [Int64] {
            let id = try #require(ProviderKeyID(number))
            #expect(id.recycledCredential == "recycled-\(number)")
            #expect(ProviderKeyID(recycledCredential: id.recycledCredential) == id)
        }
        let others = [
            "", "recycled", "recycled-", "recycled-0", "recycled--1", "recycled-+1", "recycled-01", "recycled-1 ",
            " recycled-1", "recycled- 1", "Recycled-1", "recycled-1a", "recycled-٣", "recycled-9223372036854775808",
            "vault-1", "config-1", "1", "recycled-1-1",
        ]
        for text in others { #expect(ProviderKeyID(recycledCredential: text) == nil, "\(text)") }
    }

    @Test("No credential of the vault is one of a recycled key")
    func apart() throws {
        for number in 1...200 as ClosedRange<Int64> {
            let id = try #require(ProviderKeyID(number))
            #expect(ProviderKeyID(recycledCredential: id.credential) == nil)
        }
    }

    @Test("A key pool is found by its name in any case")
    func pools() {
        for (text, pool) in [
            ("all", .all), ("ALL", .all), ("platformOnly", .platformOnly), ("platformonly", .platformOnly),
            ("PLATFORMONLY", .platformOnly), ("", nil), ("own", nil), ("platform-only", nil), ("all ", nil),
        ] as [(String, KeyPoolMode?)] {
            #expect(KeyPoolMode(anyCase: text) == pool, "\(text)")
        }
        #expect(KeyPoolMode.allCases.map(\.rawValue) == ["all", "platformOnly"])
    }

    @Test("An end counts as having cost what was said, or what was snapshotted where that cannot be")
    func costs() {
        let snapshot = nanos(70)
        func cost(_ reported: Int64?) -> Int64 {
            AttemptEnd(.solved, reportedCost: reported.map(nanos)).cost(snapshot: snapshot).nanos
        }
        #expect(cost(nil) == 70)
        #expect(cost(0) == 0)
        #expect(cost(1) == 1)
        #expect(cost(Limits.reportedCostNanos) == Limits.reportedCostNanos)
        #expect(cost(Limits.reportedCostNanos + 1) == 70)
        #expect(cost(Money.bound) == 70)
        #expect(cost(-1) == 70)
    }

    @Test("The owner of a key is credited for what was solved or lost, and for nothing else")
    func credits() {
        for state in Attempt.State.allCases {
            for reported in [nil, nanos(5)] {
                let credit = AttemptEnd(state, reportedCost: reported).credit(snapshot: nanos(70))
                #expect(credit == (state == .solved || state == .lost ? reported ?? nanos(70) : .zero))
            }
        }
    }

    private func nanos(_ nanos: Int64) -> Money { Money(nanos: nanos) ?? .zero }
}
