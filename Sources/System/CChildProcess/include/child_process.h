#ifndef UCAPTCHA_CHILD_PROCESS_H
#define UCAPTCHA_CHILD_PROCESS_H
/*
 * Processes that an adapter runs in: how they are started, confined and reaped. In C, because some of the calls are
 * variadic, and without the system's headers, so that their types stay those of the C library's own module.
 */
#include <stdint.h>

/*
 * Starts a program with `first` as its descriptor 3, `second` (if it is not negative) as 4, `words` as its standard
 * output and error, /dev/null as its standard input, and no other descriptor: the program could not close them itself,
 * as its runtime may have opened some of its own by then. It begins a process group, which has its number. No signal is
 * blocked or ignored in it. Returns 0 or an error number. The descriptors have to be above 9.
 */
int linux_spawn_child(int *pid, const char *path, char *const *arguments, char *const *environment, int first,
                      int second, int words);

/* A descriptor that can be read from once the process has ended; -1 where the kernel has none to give. */
int linux_process_descriptor(int pid);

/* A pipe that no other program inherits, and that nobody waits for. Returns 0 on success. */
int linux_pipe(int *ends);

/*
 * Confines the calling process before it runs code that nobody trusts: it ends with the thread that started it, leaves
 * no core and cannot be read, gains no privileges, may take so much memory and open so many files, leaves the processor
 * to others, and is the first to go when the machine has no memory left. Returns 0 on success.
 */
int linux_confine(uint64_t memory_bytes, uint64_t address_bytes, uint64_t open_files, int niceness);

/*
 * Has linux_await_processor_alarm, called by the same thread, return each time that this process has used so many
 * nanoseconds more of the processors. A process that does nothing is never woken. Returns 0 on success.
 */
int linux_set_processor_alarm(uint64_t nanoseconds);

/* Waits for the next alarm. Returns 0 on success. */
int linux_await_processor_alarm(void);

/* The number of the calling thread. */
int linux_thread(void);

/*
 * Makes every thread of this process but the `spared` one wait for those of others: so nice, and, where the kernel
 * knows that, in slices so long that whoever wakes with less to do comes first. New threads begin like the one that
 * starts them.
 */
void linux_step_back(int niceness, uint64_t slice_nanoseconds, int spared);

/* Nanoseconds of a processor that a process has used; 0 when it cannot be told. */
uint64_t linux_cpu_nanoseconds(int pid);

/* The most memory that the calling process has had, in KiB. */
long linux_peak_kilobytes(void);

/*
 * Waits for the end of a child. Returns 0 on success. `peak_kilobytes` is the most memory that it had, or its parent
 * when it was started, whichever is more: the kernel counts on from there.
 */
int linux_reap(int pid, int *status, long *peak_kilobytes);

#endif
