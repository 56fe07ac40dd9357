#pragma once
/* Calls of Linux that Swift cannot make itself, because they are variadic or hidden behind feature macros. */
#include <sys/prctl.h>
#include <sys/resource.h>

/* Names the calling thread, at most 15 characters, for `ps` and debuggers. */
static inline void linux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

/* Keeps the process's memory out of core dumps and of other processes' reach. Returns 0 on success. */
static inline int linux_forbid_dump(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/* Whether the process's memory may be dumped or read by others: 1 when it may. */
static inline int linux_may_be_dumped(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

/* Has the system write no core file of the process, nor of those that it starts. Returns 0 on success. */
static inline int linux_forbid_core(void) {
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none);
}

/* Lets the process have as many open files as the system allows it, instead of the lower default. */
static inline int linux_raise_open_files(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit);
}
