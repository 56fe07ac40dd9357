import Domain
import ProviderKit
import Routing
import Storage
import Tasks
import TestSupport
import Testing
import Vault

/// An adapter that nobody calls.
private struct NoCaller: ProviderCalling {
    func call(
        _ request: OperationRequest, deadlineSeconds: Double, completion: @escaping @Sendable (CallAnswer) -> Void
    ) -> UInt64 { 0 }

    func cancel(_ call: UInt64) {}
}

/// The use cases of operators in front of providers of which something is known.
private struct Desk {
    static let start = Timestamp(milliseconds: 1_700_000_000_000)

    let threads: StoreThreads
    let service: OperatorService

    /// - Parameter board: nil: no host runs.
    init(_ board: RouteBoard?) throws {
        threads = try StoreThreads(MemoryStore()) { Desk.start }
        let source = MasterKeySource(reference: nil) { () throws(OperatorError) in throw OperatorError("none") }
        let names = Set(board.map { $0.offers.families.flatMap($0.offers.offers).map(\.provider) } ?? [])
        let providers = names.map { name in
            Provider(
                name: name,
                manifest: Manifest(id: name, displayName: "The \(name)", version: "1", key: nil, offers: []),
                credentials: [:], caller: NoCaller())
        }
        let keys = [
            CredentialDesk.ConfiguredKey(provider: "limited", credential: "config-1", reference: "env:LIMITED")
        ]
        service = OperatorService(
            store: threads,
            plugins: OperatorService.PluginDesk(
                list: { () throws(OperatorError) in .null }, release: { _ throws(OperatorError) in "" }),
            credentials: CredentialService(
                store: threads, keeper: VaultKeeper(store: threads, opener: KeyVaultOpener(), masterKey: source),
                desk: CredentialDesk(adapters: [], configured: keys)),
            routes: board.map { board in
                RouteDesk(market: Market(providers: providers, board: board)) { Desk.start }
            }, randomBytes: SecureRandom.bytes, hash: { SHA256.hash($0) }, changed: {})
    }

    func perform(_ request: RouteRequest) async throws(OperatorError) -> JSONValue {
        // As it comes over the control socket.
        guard let travelled = OperatorRequest(json: request.json) else { throw OperatorError("It did not travel.") }
        return try await service.perform(travelled)
    }

    func explain(
        _ type: String, _ weight: Int = 50, reliable: Bool = false, provider: String? = nil,
        policy: RoutingAlgorithm? = nil, account: Int64? = nil, keyPool: KeyPoolMode = .all
    ) async throws -> JSONValue {
        let preference = try #require(RoutingPreference(speedWeight: weight, reliableFirst: reliable))
        return try await perform(
            .explain(
                RouteQuestion(
                    type: type, preference: preference, provider: provider, policy: policy,
                    account: account.map(AccountID.init), keyPool: keyPool)))
    }
}

@Suite("What operators ask about routes")
struct RouteServiceTests {
    private static let start = Desk.start

    private static func offer(_ provider: String, _ price: Int64, _ keys: [String] = []) throws -> ProviderOffer {
        let price = try #require(Money(nanos: price))
        return ProviderOffer(
            provider: provider, family: .turnstile, price: price, cost: price, credentials: keys, tasksPerKey: 2)
    }

    /// Has some tasks tried at a provider.
    private static func observe(
        _ board: inout RouteBoard, _ offer: ProviderOffer, _ kind: AttemptVerdict.Kind, seconds: Double
    ) {
        let candidate = offer.candidate(with: offer.credentials.first)
        guard case .granted(let slot) = board.admit(candidate, offer.family, at: start) else { return }
        board.ended(slot, AttemptVerdict(kind, seconds: seconds), at: start)
    }

    /// A board on which six providers have shown something, at random.
    private static func board(seed: UInt64, needsKeys: Bool = false) throws -> RouteBoard {
        var random = SeededGenerator(seed: seed)
        let offers = try ["a", "b", "c", "d", "e", "f"].map {
            try offer($0, Int64.random(in: 1...30, using: &random) * 100_000, needsKeys ? ["config-1"] : [])
        }
        var board = RouteBoard(offers: OfferTable(offers), algorithm: .published)
        for offer in offers {
            let seconds = Double.random(in: 2...60, using: &random)
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                let isSolved = Int.random(in: 0..<10, using: &random) < 8
                let kind: AttemptVerdict.Kind =
                    isSolved ? .solved(cost: offer.price, polled: nil) : .fault(Fault(.unsolvable(charged: nil)))
                observe(&board, offer, kind, seconds: seconds * Double.random(in: 0.5...1.5, using: &random))
            }
        }
        // One of them is shut.
        for _ in 0..<3 { observe(&board, offers[5], .fault(Fault(.transport)), seconds: 1) }
        return board
    }

    @Test("The published choice can be recomputed from what the explanation shows")
    func recomputed() async throws {
        var (dominated, chosen) = (0, Set<String>())
        for seed in 0..<40 as Range<UInt64> {
            let desk = try Desk(try RouteServiceTests.board(seed: seed))
            for (weight, reliable) in [(0, false), (20, false), (50, false), (50, true), (90, false), (100, false)] {
                let json = try await desk.explain("TurnstileTaskProxyless", weight, reliable: reliable)
                let expected = PublishedChoice(json)
                #expect(json["chosen"]?.string == expected.chosen, "\(seed) \(weight) \(json.text)")
                let candidates = try #require(json["candidates"]?.array)
                #expect(candidates.count == 6)
                for candidate in candidates {
                    let name = candidate.shownProvider
                    if candidate["filtered"]?.isNull == true {
                        let score = try #require(candidate["score"]?.double)
                        #expect(abs(score - (expected.scores[name] ?? -1)) < 1e-9, "\(seed) \(weight) \(name)")
                    } else {
                        #expect(candidate["score"]?.isNull == true && expected.scores[name] == nil)
                    }
                }
                #expect(candidates.last?.shownProvider == "f")
                #expect(candidates.last?["filtered"]?.string?.contains("one task after the other") == true)
                dominated += expected.dominated.count
                chosen.insert(expected.chosen ?? "")
            }
            desk.threads.stop()
        }
        #expect(dominated > 100 && chosen.count > 3, "the boards are different from each other")
    }

    @Test("A question names type or family, policy and provider; the answer says by what it was found")
    func question() async throws {
        let desk = try Desk(try RouteServiceTests.board(seed: 1))
        defer { desk.threads.stop() }
        let json = try await desk.explain("turnstile", 30, policy: .adaptive)
        #expect(json["family"] == "turnstile" && json["policy"] == "adaptive")
        #expect(json["configuredPolicy"] == "published" && json["speedWeight"]?.integer == 30)
        #expect(json["forcedProvider"] == .null && json["at"] == "2023-11-14T22:13:20.000Z")
        #expect(json["candidates"]?.array?.allSatisfy { $0["failedSeconds"] != nil } == true)
        let forced = try await desk.explain("AntiTurnstileTask", provider: "The B")
        #expect(forced["forcedProvider"] == "b" && forced["chosen"] == "b")
        #expect(forced["candidates"]?.array?.count == 1)
        let nobody = try await desk.explain("altcha")
        #expect(nobody["candidates"] == [] && nobody["chosen"] == .null)
    }

    @Test("What cannot be explained is refused in words")
    func refusals() async throws {
        let desk = try Desk(try RouteServiceTests.board(seed: 1))
        defer { desk.threads.stop() }
        for (type, provider, words) in [
            ("Turnstyle", nil, "no task type or family"), ("CustomTask", nil, "Name the family"),
            ("turnstile", "nobody", "no provider of this name"),
        ] as [(String, String?, String)] {
            let refusal = await #expect(throws: OperatorError.self) {
                try await desk.explain(type, provider: provider)
            }
            #expect(refusal?.description.contains(words) == true, "\(type): \(refusal?.description ?? "")")
        }
        let file = try Desk(nil)
        defer { file.threads.stop() }
        for request in [.status, .explain(RouteQuestion(type: "turnstile", preference: .balanced))] as [RouteRequest] {
            let refusal = await #expect(throws: OperatorError.self) { try await file.perform(request) }
            #expect(refusal == RouteService.noHost)
            #expect(refusal?.description.contains("no host runs") == true)
        }
    }

    @Test("The status shows what was seen of providers, and each key with its tasks, its rest and the reason")
    func status() async throws {
        let limited = try RouteServiceTests.offer("limited", 100_000, ["config-1", "vault-7"])
        let broken = try RouteServiceTests.offer("broken", 200_000)
        let fresh = try RouteServiceTests.offer("fresh", 300_000)
        var board = RouteBoard(offers: OfferTable([limited, broken, fresh]), algorithm: .adaptive)
        RouteServiceTests.observe(&board, limited, .fault(Fault(.noFunds)), seconds: 1)
        for _ in 0..<2 {
            guard case .granted = board.admit(limited.candidate(with: "vault-7"), .turnstile, at: Desk.start) else {
                Issue.record("no place")
                return
            }
        }
        for _ in 0..<3 { RouteServiceTests.observe(&board, broken, .fault(Fault(.overloaded)), seconds: 1) }
        let desk = try Desk(board)
        defer { desk.threads.stop() }
        let json = try await desk.perform(.status)
        #expect(json["policy"] == "adaptive")
        let providers = try #require(json["providers"]?.array)
        #expect(providers.map(\.shownProvider) == ["broken"], "of the others nothing is known")
        #expect(providers[0]["breaker"] == "open" && providers[0]["until"] == "2023-11-14T22:13:22Z")
        #expect(providers[0]["cost"] == .null && providers[0]["tries"]?.numberText == "3")
        #expect(try #require(providers[0]["successRate"]?.double) < 95)
        #expect(
            json["keys"]?.text
                == #"[{"provider":"limited","key":"config-1","from":"env:LIMITED","openTasks":0,"tasksPerKey":2,"#
                + #""state":"resting","until":"2023-11-14T22:18:20Z","reason":"noFunds"},{"provider":"limited","#
                + #""key":"vault-7","from":"the vault","openTasks":2,"tasksPerKey":2,"state":"full","until":null,"#
                + #""reason":null}]"#)
    }

    @Test("Own recycled keys count in the explanation for their owner, from which the choice can be recomputed")
    func ownKeys() async throws {
        for seed in 0..<20 as Range<UInt64> {
            var board = try RouteServiceTests.board(seed: seed, needsKeys: true)
            for (number, (provider, balance)) in [("b", "0.02"), ("d", "3"), ("e", "0.005")].enumerated() {
                board.pool(
                    PooledKey(
                        credential: "recycled-\(number)1", owner: AccountID(7), balance: Money(decimal: balance)),
                    at: provider)
            }
            let desk = try Desk(board)
            defer { desk.threads.stop() }
            for account in [7, 8] as [Int64] {
                let json = try await desk.explain("turnstile", account: account)
                let expected = PublishedChoice(json)
                #expect(json["chosen"]?.string == expected.chosen, "\(seed) \(json.text)")
                let own = json["candidates"]?.array?.filter { $0["ownTasks"] != nil }.map(\.shownProvider).sorted()
                #expect(own == (account == 7 ? ["b", "d", "e"] : []))
                for candidate in json["candidates"]?.array ?? [] {
                    guard let score = expected.scores[candidate.shownProvider] else { continue }
                    #expect(abs(try #require(candidate["score"]?.double) - score) < 1e-9)
                }
            }
        }
    }

    @Test("The status counts the recycled keys of each provider, and does not name them")
    func recycledKeys() async throws {
        var board = try RouteServiceTests.board(seed: 1, needsKeys: true)
        board.pool(PooledKey(credential: "recycled-4", owner: AccountID(7), balance: nil), at: "b")
        let desk = try Desk(board)
        defer { desk.threads.stop() }
        let json = try await desk.perform(.status)
        #expect(
            json["recycledKeys"]?.text
                == #"[{"provider":"b","keys":1,"resting":0,"full":0,"openTasks":0}]"#)
        #expect(!json.text.contains("recycled-4"))
    }

    @Test("Every request travels as JSON and arrives as it was; what is none does not")
    func travels() throws {
        let reliable = try #require(RoutingPreference(speedWeight: 7, reliableFirst: true))
        for request in [
            .status, .explain(RouteQuestion(type: "ü", preference: .balanced)),
            .explain(RouteQuestion(type: "x", preference: reliable, provider: "p", policy: .adaptive)),
            .explain(
                RouteQuestion(type: "x", preference: reliable, account: AccountID(3), keyPool: .platformOnly)),
        ] as [RouteRequest] {
            #expect(OperatorRequest(json: request.json) == .routes(request))
            #expect(OperatorRequest(json: OperatorRequest.routes(request).json) == .routes(request))
        }
        for text in [
            #"{"do":"explainRoute","type":"x","speedWeight":101,"reliableFirst":false}"#,
            #"{"do":"explainRoute","speedWeight":1,"reliableFirst":false}"#,
            #"{"do":"explainRoute","type":"x","speedWeight":1,"reliableFirst":false,"policy":"best"}"#,
            #"{"do":"explainRoute","type":"x","speedWeight":1,"reliableFirst":false,"account":"1"}"#,
            #"{"do":"explainRoute","type":"x","speedWeight":1,"reliableFirst":false,"keyPool":"mine"}"#,
        ] {
            #expect(RouteRequest(json: try JSONValue(parsing: text)) == nil, "\(text)")
        }
    }
}

extension JSONValue {
    fileprivate var shownProvider: String { self["provider"]?.string ?? "" }
}
