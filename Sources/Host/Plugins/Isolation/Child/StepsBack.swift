internal import CChildProcess
import Domain
import Glibc

/// Has the process of an adapter that takes much memory leave the processors to the host and to other adapters.
///
/// A leak is also a thread, or many, that fill memory as fast as they can until the host looks and ends the process.
/// Each gets a share of the processors as everybody else does, and tasks of other adapters wait behind them. So a
/// thread is woken whenever the process has used a little of a processor, never when it is idle, and looks at the
/// memory.
enum StepsBack {
    /// Begins to watch this process, which is modest with so many bytes more than it has now. Without the thread, or
    /// the system's help, it goes on as it is. The calling thread, which answers the host when it asks for a sign of
    /// life, is spared: on a busy machine the process would seem dead otherwise.
    static func begin(above modestBytes: Int) {
        let spared = linux_thread()
        let most = ProcessMemory.bytes(of: getpid()) + modestBytes
        _ = OSThread.start(named: "steps back") {
            guard linux_set_processor_alarm(Limits.isolatedAlarmNanoseconds) == 0 else { return }
            while linux_await_processor_alarm() == 0 {
                if ProcessMemory.bytes(of: getpid()) > most {
                    linux_step_back(
                        Int32(Limits.isolatedGreedyNiceness), Limits.isolatedGreedySliceNanoseconds, spared)
                }
            }
        }
    }
}
