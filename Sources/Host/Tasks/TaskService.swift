public import Domain
public import ProviderKit
import Routing

/// The use cases of clients, over the engine and the store.
public final class TaskService: ClientService {
    private let engine: TaskEngine
    private let keys: KeyRing
    private let names: ProviderNames
    private let deadlineSeconds: @Sendable (TaskFamily) -> Double
    private let resultSeconds: Double
    private let hash: @Sendable ([UInt8]) -> [UInt8]
    private let callbacks: CallbackRules
    private let draws = Draws()

    /// - Parameters:
    ///   - deadlineSeconds: from a task's acceptance to its failure.
    ///   - resultSeconds: for which a result can be fetched after its task has ended.
    ///   - hash: SHA-256.
    ///   - callbacks: where clients may be told of the ends of their tasks.
    public init(
        engine: TaskEngine, deadlineSeconds: @escaping @Sendable (TaskFamily) -> Double,
        resultSeconds: Double = Double(Limits.resultSeconds),
        hash: @escaping @Sendable ([UInt8]) -> [UInt8], callbacks: CallbackRules = .disabled
    ) {
        self.callbacks = callbacks
        self.engine = engine
        self.deadlineSeconds = deadlineSeconds
        self.resultSeconds = resultSeconds
        self.hash = hash
        keys = KeyRing(store: engine.store, hash: hash, now: engine.now)
        names = ProviderNames(engine.market.providers.values)
    }

    /// Has the next request of every key ask the store again.
    public func forgetKeys() {
        keys.forget()
    }

    public func authenticate(
        _ key: String, for scope: APIKey.Scope, from address: IPAddress? = nil
    ) async throws(ClientError) -> KeyHolder {
        guard let text = APIKeyText(key) else { throw ClientError(.keyDoesNotExist) }
        let holder: KeyHolder?
        do {
            holder = try await keys.holder(of: text)
        } catch {
            throw ClientError(error)
        }
        guard let holder, !holder.key.revoked else { throw ClientError(.keyDoesNotExist) }
        guard holder.key.access.allows(address) else { throw ClientError(.ipNotAllowed) }
        guard !holder.accountSuspended else { throw ClientError(.accountSuspended) }
        guard holder.key.scopes.contains(scope) else { throw ClientError(.keyNotPermitted) }
        return holder
    }

    public func createTask(_ request: CreateRequest, by holder: KeyHolder) async throws(ClientError) -> TaskID {
        let target = try request.callback.map(callbacks.target)
        let idempotency = try request.idempotencyKey.map { text throws(ClientError) in
            try requestKey(
                text,
                IdempotencyKey.request(
                    task: request.task, provider: request.provider, selectionMode: request.selectionMode,
                    keyPoolMode: request.keyPoolMode, callback: request.callback))
        }
        let understood = try TaskVocabulary.understand(request.task)
        let forced = try request.provider.map(adapter)
        let preference = request.selectionMode?.preference ?? holder.key.settings.preference
        // Whatever was asked for: nobody else's key is to see what opens something of the client's.
        let keyPool =
            understood.carriesCredentials ? .platformOnly : request.keyPoolMode ?? holder.key.settings.keyPool
        let choice = CandidateChoice(
            family: understood.family, ceiling: .most, preference: preference, forcedProvider: forced,
            account: holder.key.account, keyPool: keyPool)
        let ranking = Result { () throws(ClientError) in try self.ranking(choice) }
        // A task that was accepted before is found whatever may be accepted now.
        if idempotency == nil, case .failure(let error) = ranking { throw error }
        let (isStopping, openTasks) = engine.occupancy
        guard !isStopping else { throw ClientError(.stopping) }
        guard openTasks < Limits.openTasks else { throw ClientError(.overloaded) }
        let ranked = try? ranking.get()
        let new = NewTask(
            account: holder.key.account, key: holder.key.id, family: understood.family,
            payload: JSONValue.object(understood.fields).bytes, candidates: ranked?.candidates ?? [],
            forcedProvider: forced, preference: preference, keyPool: keyPool, idempotencyKey: idempotency,
            explanation: ranked?.explanation, dialect: request.dialect, callback: target,
            deadline: engine.now().adding(seconds: deadlineSeconds(understood.family)))
        let reply: StoreReply
        do throws(StoreError) {
            reply = try await engine.store.perform(.accept(new))
        } catch {
            if error == .refused(.insufficientBalance), case .failure(let reason) = ranking { throw reason }
            throw ClientError(error)
        }
        switch reply {
        case .repeated(let earlier): return earlier
        case .accepted(let accepted):
            begin(accepted, new, understood.fields)
            return accepted.id
        default: throw ClientError(.internalError)
        }
    }

    /// - Parameter request: what the request asks for, to be told from others by its hash.
    private func requestKey(_ text: String, _ request: [UInt8]) throws(ClientError) -> IdempotencyKey {
        guard (1...Limits.idempotencyKeyBytes).contains(text.utf8.count) else {
            throw ClientError(
                .badParameters, field: "Idempotency-Key",
                "It has to have 1 to \(Limits.idempotencyKeyBytes) bytes, such as a UUID.")
        }
        return IdempotencyKey(text: text, request: hash(request))
    }

    private func begin(_ accepted: AcceptedTask, _ new: NewTask, _ fields: JSONObject) {
        engine.begin(
            TaskMachine(
                accepted: accepted, account: new.account, family: new.family, preference: new.preference,
                forcedProvider: new.forcedProvider, keyPool: new.keyPool, deadline: new.deadline,
                engine.surroundings()),
            fields: fields, dialect: new.dialect)
    }

    /// The adapter that a client's `provider` names.
    private func adapter(_ provider: String) throws(ClientError) -> String {
        guard let name = names.adapter(provider) else {
            throw ClientError(
                .badParameters, field: "provider",
                "There is no provider of this name here. Leave it out to have one chosen.")
        }
        return name
    }

    /// Where a task may go, best first.
    private func ranking(_ choice: CandidateChoice) throws(ClientError) -> Ranking {
        let (draw, now) = (draws.next(), engine.now())
        let ranking = engine.market.withBoard { $0.ranking(choice, draw: draw, at: now) }
        guard ranking.candidates.isEmpty else { return ranking }
        guard let forced = choice.forcedProvider else { throw ClientError(.noProviders) }
        let anywhere = CandidateChoice(
            family: choice.family, ceiling: choice.ceiling, preference: choice.preference, account: choice.account,
            keyPool: choice.keyPool)
        let others = engine.market.withBoard { $0.explain(anywhere, at: now) }.candidates.map(\.figures.provider)
            .sorted()
        let isSold = engine.market.offers.offer(of: choice.family, at: forced) != nil
        throw ClientError(
            .badParameters, field: "provider",
            (isSold
                ? "\(forced) has no key here now that the task may go through."
                : "\(forced) does not take \(choice.family) tasks here.")
                + (others.isEmpty ? " Nor does another." : " These do: \(others.joined(separator: ", "))."))
    }

    public func task(_ id: TaskID, for holder: KeyHolder?) async throws(ClientError) -> ClientTask {
        if let (open, account) = engine.openTask(id) {
            guard holder == nil || account == holder?.key.account else { throw ClientError(.wrongTaskID) }
            if let open { return open }
        }
        let record: TaskRecord?
        do {
            record = try await engine.store.read { store throws(StoreFailure) in try store.task(id) }
        } catch {
            throw ClientError(error)
        }
        guard let record, holder == nil || record.account == holder?.key.account else {
            throw ClientError(.wrongTaskID)
        }
        guard isKept(record) else { throw ClientError(.wrongTaskID) }
        return ClientTask(record)
    }

    /// Whether the task's result can still be had. Whether it is erased already or only will be: it is gone for
    /// everybody at the same moment.
    private func isKept(_ record: TaskRecord) -> Bool {
        guard let end = record.end else { return true }
        if case .solved(let solution, _, _) = end.outcome, solution.isEmpty { return false }
        return engine.now().seconds(since: end.at) < resultSeconds
    }

    public func task(
        _ id: TaskID, for holder: KeyHolder, waiting seconds: Double
    ) async throws(ClientError) -> ClientTask {
        let task = try await task(id, for: holder)
        guard task.endedAt == nil, seconds > 0 else { return task }
        await engine.wait(for: id, seconds: seconds)
        return try await self.task(id, for: holder)
    }

    public func queue(of family: TaskFamily) -> QueueFigures? {
        guard let price = engine.market.offers.offers(of: family).first?.price else { return nil }
        let now = engine.now()
        let seconds = engine.market.withBoard { $0.fastestSeconds(of: family, at: now) }
        let open = engine.openTasks
        return QueueFigures(
            free: max(Limits.openTasks - open, 0), most: Limits.openTasks, price: price,
            seconds: seconds ?? Limits.unknownSolveSeconds)
    }

    public func openTasks(of holder: KeyHolder) -> (open: Int, most: Int) {
        (engine.openTasks(of: holder.key.account), Limits.openTasks)
    }

    public func route(of id: TaskID, for holder: KeyHolder) async throws(ClientError) -> TaskRoute {
        let route: TaskRoute?
        do {
            route = try await engine.store.read { store throws(StoreFailure) in try store.route(of: id) }
        } catch {
            throw ClientError(error)
        }
        guard let route, route.task.account == holder.key.account else { throw ClientError(.wrongTaskID) }
        return route
    }

    public func balance(of holder: KeyHolder) async throws(ClientError) -> Money {
        let id = holder.key.account
        do {
            guard let account = try await engine.store.read({ store throws(StoreFailure) in try store.account(id) })
            else {
                throw ClientError(.internalError)
            }
            return account.available
        } catch let failure as StoreFailure {
            throw ClientError(failure)
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError(.internalError)
        }
    }
}

extension ClientError {
    init(_ failure: StoreFailure) {
        switch failure.kind {
        case .overloaded: self.init(.overloaded)
        case .stopped: self.init(.stopping)
        default: self.init(.storage)
        }
    }

    init(_ error: StoreError) {
        switch error {
        case .failed(let failure): self.init(failure)
        case .refused(.insufficientBalance): self.init(.zeroBalance)
        case .refused(.accountSuspended): self.init(.accountSuspended)
        case .refused(.idempotencyKeyReused): self.init(.idempotencyKeyReused)
        case .refused(.keyTaskLimit): self.init(.keyTaskLimit)
        case .refused(.keySpendLimit): self.init(.keySpendLimit)
        case .refused: self.init(.internalError)
        }
    }
}
