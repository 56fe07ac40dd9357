import Domain
import NIOCore
import NIOHTTP1
import NIOPosix
import ProviderKit
import Synchronization

/// Simulated vendors behind real sockets on 127.0.0.1: one port for each, and one to control them.
public final class SimulatorServer: Sendable {
    /// Where each vendor listens.
    public let ports: [Vendor: Int]
    /// Where the control calls of `SimulatedWorld.control` are answered.
    public let controlPort: Int
    public let clock: SimulatorClock
    private let world: Mutex<SimulatedWorld>
    private let channels: [any Channel]

    /// Listens.
    ///
    /// - Parameter first: the first vendor's port, the others follow and the control port is last; 0 for free ports.
    /// - Throws: what the system says when a port is taken.
    public static func start(
        _ world: SimulatedWorld, clock: SimulatorClock = .wall(), portsFrom first: Int = 0
    ) async throws -> SimulatorServer {
        let box = ServerBox()
        var channels: [any Channel] = []
        var ports: [Vendor: Int] = [:]
        for (index, vendor) in Vendor.allCases.enumerated() {
            let channel = try await listen(on: first == 0 ? 0 : first + index) { box.answer($0, vendor) }
            channels.append(channel)
            ports[vendor] = channel.localAddress?.port
        }
        let control = try await listen(on: first == 0 ? 0 : first + Vendor.allCases.count) { box.control($0) }
        channels.append(control)
        let server = SimulatorServer(world, clock, ports, control.localAddress?.port ?? 0, channels)
        box.server.withLock { $0 = server }
        return server
    }

    private init(
        _ world: SimulatedWorld, _ clock: SimulatorClock, _ ports: [Vendor: Int], _ controlPort: Int,
        _ channels: [any Channel]
    ) {
        self.world = Mutex(world)
        self.clock = clock
        self.ports = ports
        self.controlPort = controlPort
        self.channels = channels
    }

    /// The base address of a vendor, without a slash at its end.
    public func address(of vendor: Vendor) -> String { "http://127.0.0.1:\(ports[vendor] ?? 0)" }

    /// Reads or changes the vendors, between two requests.
    public func with<Result>(_ body: (inout sending SimulatedWorld) throws -> sending Result) rethrows -> sending Result
    {
        try world.withLock(body)
    }

    /// Stops listening. Connections that are open stay.
    public func stop() async {
        for channel in channels { try? await channel.close() }
    }

    fileprivate func answer(_ request: SimulatedRequest, _ vendor: Vendor) -> SimulatedAnswer {
        world.withLock { $0.handle(request, to: vendor, at: clock.now) }
    }

    fileprivate func control(_ request: SimulatedRequest) -> SimulatedAnswer {
        world.withLock { $0.control(request, clock: clock) }
    }

    private static func listen(
        on port: Int, _ respond: @escaping @Sendable (SimulatedRequest) -> SimulatedAnswer
    ) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(AnswerHandler(respond))
                }
            }
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .bind(host: "127.0.0.1", port: port).get()
    }
}

/// What listeners reach the server through, as they are made before it.
private final class ServerBox: Sendable {
    let server = Mutex<SimulatorServer?>(nil)

    func answer(_ request: SimulatedRequest, _ vendor: Vendor) -> SimulatedAnswer {
        server.withLock { $0 }?.answer(request, vendor) ?? .text("", status: 503)
    }

    func control(_ request: SimulatedRequest) -> SimulatedAnswer {
        server.withLock { $0 }?.control(request) ?? .text("", status: 503)
    }
}
