#ifndef UCAPTCHA_CHILD_PROCESS_H
#define UCAPTCHA_CHILD_PROCESS_H
/*
 * Processes that an adapter runs in: how they are started, confined and reaped. In C, because some of the calls are
 * variadic, and without the system's headers, so that their types stay those of the C library's own module.
 */
#include <stdint.h>

/*
 * Starts a program with `first` as its descriptor 3, `second` (if it is not negative) as 4, `words` as its standard
 * output and error, and /dev/null as its standard input. No signal is blocked or ignored in it. Returns 0 or an error
 * number. The descriptors have to be above 9.
 */
int linux_spawn_child(int *pid, const char *path, char *const *arguments, char *const *environment, int first,
                      int second, int words);

/* A pipe that no other program inherits, and that nobody waits for. Returns 0 on success. */
int linux_pipe(int *ends);

/* Closes every descriptor of the process from `first` on. Returns 0 on success. */
int linux_close_from(unsigned int first);

/*
 * Confines the calling process before it runs code that nobody trusts: it ends with the thread that started it, leaves
 * no core and cannot be read, gains no privileges, may take so much memory and open so many files, and leaves the
 * processor to others. Returns 0 on success.
 */
int linux_confine(uint64_t memory_bytes, uint64_t address_bytes, uint64_t open_files, int niceness);

/* Nanoseconds of a processor that a process has used; 0 when it cannot be told. */
uint64_t linux_cpu_nanoseconds(int pid);

/* Waits for the end of a child. Returns 0 on success; `peak_kilobytes` is the most memory that it had. */
int linux_reap(int pid, int *status, long *peak_kilobytes);

#endif
