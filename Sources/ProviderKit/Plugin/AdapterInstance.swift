import CProviderABI

/// The plug-in's side of the contract for one instance: every call becomes a `Task` on the plug-in's own threads, and
/// every one of them ends in one completion.
final class AdapterInstance: Sendable {
    private let adapter: any ProviderAdapter
    private let services: HostServices
    private let running = RunningCalls()

    init(_ adapter: any ProviderAdapter, services: HostServices) {
        self.adapter = adapter
        self.services = services
    }

    static func from(_ pointer: UnsafeMutableRawPointer?) -> AdapterInstance? {
        pointer.map { Unmanaged<AdapterInstance>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Whether an adapter of this type has the operation.
    static func serves(_ operation: Operation, _ type: any ProviderAdapter.Type) -> Bool {
        switch operation {
        case .validate: type is any KeyValidating.Type
        case .balance: type is any BalanceReading.Type
        case .submit, .poll: type is any TaskSolving.Type
        case .report: type is any FeedbackReporting.Type
        }
    }

    func start(_ operation: Operation, _ id: UInt64, _ bytes: ucaptcha_bytes) {
        guard running.begin(id) else { return services.complete(id, .fault(AdapterInstance.cancelled)) }
        let request: OperationRequest
        do {
            request = try OperationRequest(operation, parsing: bytes.buffer)
        } catch {
            return finish(id, .fault(Fault(.protocolError, "the host's request: \(error)")))
        }
        let task = Task(executorPreference: PluginExecutor.shared) { [self] in
            finish(id, await answer(to: request, call: HostCall(id: id, services: services)))
        }
        running.attach(task, to: id)
    }

    func cancel(_ id: UInt64) {
        running.cancel(id)
    }

    private func finish(_ id: UInt64, _ reply: OperationReply) {
        running.end(id)
        services.complete(id, reply)
    }

    private static let cancelled = Fault(.transport, "The call was cancelled.")

    private func answer(to request: OperationRequest, call: HostCall) async -> OperationReply {
        do {
            return try await perform(request, call)
        } catch let fault as Fault {
            return .fault(fault)
        } catch let failure as HTTPFailure {
            return .fault(Fault(.transport, failure.message))
        } catch is CancellationError {
            return .fault(AdapterInstance.cancelled)
        } catch {
            return .fault(Fault(.protocolError, "\(error)"))
        }
    }

    private func perform(_ request: OperationRequest, _ call: HostCall) async throws -> OperationReply {
        switch request {
        case .validate(let credential):
            if let adapter = adapter as? any KeyValidating {
                return .valid(try await adapter.validate(credential, call: call))
            }
        case .balance(let credential):
            if let adapter = adapter as? any BalanceReading {
                return .balance(try await adapter.balance(of: credential, call: call))
            }
        case .submit(let task):
            if let adapter = adapter as? any TaskSolving {
                return .submitted(try await adapter.submit(task, call: call))
            }
        case .poll(let ticket):
            if let adapter = adapter as? any TaskSolving { return .polled(try await adapter.poll(ticket, call: call)) }
        case .report(let ticket, let accepted):
            if let adapter = adapter as? any FeedbackReporting {
                try await adapter.report(ticket, accepted: accepted, call: call)
                return .reported
            }
        }
        return .fault(Fault(.protocolError, "The adapter has no operation \(request.operation.rawValue)."))
    }
}
