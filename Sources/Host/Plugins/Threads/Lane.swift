/// Work for a lane: one call of a function of a plug-in.
protocol LaneJob: AnyObject, Sendable {
    func run()
}

/// What a lane asks and tells the instance it belongs to. All but the returned closure is called under the lock.
protocol LaneSupervisor: AnyObject, Sendable {
    /// Whether the instance may have another thread.
    var mayHaveThread: Bool { get }
    /// The lane's thread did not return in time from this job and is written off. The closure is called without the
    /// lock.
    func threadBlocked(in lane: Lane, by job: (any LaneJob)?) -> () -> Void
    /// A thread that was written off has returned after all.
    func threadReturned()
}

/// A thread that runs jobs one after the other, and is replaced when a job does not return in time.
///
/// A thread that hangs in a plug-in's code cannot be ended. It is left behind and counted; when it comes back it finds
/// that its generation is over and ends. The lane's thread is made when there is work for the first time.
final class Lane: TimerEntry, @unchecked Sendable {
    let name: String
    /// The lock of the instance, which all its lanes share. It guards every variable below.
    private let monitor: Monitor
    private let work = Signal()
    private let patience: UInt64
    private unowned let supervisor: any LaneSupervisor

    private var queue = FIFO<any LaneJob>()
    private var generation = 0
    private var hasThread = false
    private var isIdle = false
    /// When the running job began; 0 while there is none.
    private var busySince: UInt64 = 0
    private var isWatched = false
    private var current: (any LaneJob)?

    init(name: String, monitor: Monitor, patienceMilliseconds: Int, supervisor: any LaneSupervisor) {
        self.name = name
        self.monitor = monitor
        patience = UInt64(max(patienceMilliseconds, 1)) * 1_000_000
        self.supervisor = supervisor
    }

    // MARK: Under the lock

    var waiting: Int { queue.count }

    /// Appends a job. Returns true when `wake` has to be called once the lock is released.
    func add(_ job: any LaneJob) -> Bool {
        queue.append(job)
        revive()
        return isIdle
    }

    /// Makes a thread when there is work and none to do it.
    func revive() {
        guard !hasThread, !queue.isEmpty, supervisor.mayHaveThread else { return }
        let generation = generation
        hasThread = OSThread.start(named: name) { [self] in serve(generation) }
    }

    /// Takes all jobs that wait.
    func drain() -> [any LaneJob] {
        queue.removeAll()
    }

    // MARK: Without the lock

    func wake() {
        work.wake()
    }

    private func serve(_ mine: Int) {
        monitor.lock()
        while mine == generation {
            guard let job = queue.popFirst() else {
                isIdle = true
                work.wait(monitor)
                isIdle = false
                continue
            }
            busySince = Clocks.monotonicNanoseconds
            current = job
            if !isWatched { watch(until: busySince + patience) }
            monitor.unlock()
            job.run()
            monitor.lock()
            if mine == generation {
                busySince = 0
                current = nil
            } else {
                supervisor.threadReturned()
            }
        }
        monitor.unlock()
    }

    private func watch(until time: UInt64) {
        isWatched = true
        TimerQueue.shared.schedule(self, at: time)
    }

    /// Looks whether the running job takes too long. One look is pending at most, however many jobs pass.
    override func due() {
        monitor.lock()
        isWatched = false
        guard busySince != 0 else { return monitor.unlock() }
        guard busySince + patience <= Clocks.monotonicNanoseconds else {
            watch(until: busySince + patience)
            return monitor.unlock()
        }
        generation += 1
        busySince = 0
        hasThread = false
        let consequences = supervisor.threadBlocked(in: self, by: current)
        current = nil
        revive()
        monitor.unlock()
        consequences()
    }
}
