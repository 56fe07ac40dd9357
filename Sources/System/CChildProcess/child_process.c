#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "child_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int linux_spawn_child(int *pid, const char *path, char *const *arguments, char *const *environment, int first,
                      int second, int words) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int failure = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (!failure) failure = posix_spawn_file_actions_adddup2(&actions, words, 1);
    if (!failure) failure = posix_spawn_file_actions_adddup2(&actions, words, 2);
    if (!failure) failure = posix_spawn_file_actions_adddup2(&actions, first, 3);
    if (!failure && second >= 0) failure = posix_spawn_file_actions_adddup2(&actions, second, 4);
    if (!failure) failure = posix_spawn_file_actions_addclosefrom_np(&actions, second >= 0 ? 5 : 4);
    if (!failure) failure = posix_spawnattr_setsigmask(&attributes, &none);
    if (!failure) failure = posix_spawnattr_setsigdefault(&attributes, &all);
    if (!failure) failure = posix_spawnattr_setpgroup(&attributes, 0);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
    if (!failure) failure = posix_spawnattr_setflags(&attributes, flags);
    if (!failure) failure = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

int linux_process_descriptor(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int linux_pipe(int *ends) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC | O_NONBLOCK); }

static int linux_limit(int resource, uint64_t most) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return -1;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < most) most = limit.rlim_max;
    limit.rlim_cur = limit.rlim_max = most;
    return setrlimit(resource, &limit);
}

/* Without it, the kernel could choose the host when the machine runs out of memory. */
static void linux_go_first(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    if (write(file, "1000", 4) != 4) errno = 0;
    close(file);
}

int linux_confine(uint64_t memory_bytes, uint64_t address_bytes, uint64_t open_files, int niceness) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return -1;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    linux_go_first();
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return -1;
    if (linux_limit(RLIMIT_CORE, 0) != 0 || linux_limit(RLIMIT_NOFILE, open_files) != 0) return -1;
    if (linux_limit(RLIMIT_DATA, memory_bytes) != 0 || linux_limit(RLIMIT_AS, address_bytes) != 0) return -1;
    return setpriority(PRIO_PROCESS, 0, niceness);
}

#define PROCESSOR_ALARM (SIGRTMAX - 1)

int linux_set_processor_alarm(uint64_t nanoseconds) {
    sigset_t alarms;
    sigemptyset(&alarms);
    sigaddset(&alarms, PROCESSOR_ALARM);
    if (pthread_sigmask(SIG_BLOCK, &alarms, NULL) != 0) return -1;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = PROCESSOR_ALARM};
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    timer_t timer;
    if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) != 0) return -1;
    struct timespec interval = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
    struct itimerspec times = {interval, interval};
    return timer_settime(timer, 0, &times, NULL);
}

int linux_await_processor_alarm(void) {
    sigset_t alarms;
    sigemptyset(&alarms);
    sigaddset(&alarms, PROCESSOR_ALARM);
    siginfo_t what;
    while (sigwaitinfo(&alarms, &what) < 0) {
        if (errno != EINTR) return -1;
    }
    return 0;
}

/* As the kernel declares it; not every C library does. */
struct attributes_of_thread {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

int linux_thread(void) { return (int)syscall(SYS_gettid); }

void linux_step_back(int niceness, uint64_t slice_nanoseconds, int spared) {
    DIR *threads = opendir("/proc/self/task");
    if (!threads) return;
    for (struct dirent *entry; (entry = readdir(threads));) {
        int thread = atoi(entry->d_name);
        if (thread <= 0 || thread == spared) continue;
        struct attributes_of_thread wanted = {
            .size = sizeof wanted, .policy = SCHED_OTHER, .nice = niceness, .runtime = slice_nanoseconds};
        if (syscall(SYS_sched_setattr, thread, &wanted, 0) != 0) setpriority(PRIO_PROCESS, (id_t)thread, niceness);
    }
    closedir(threads);
}

uint64_t linux_cpu_nanoseconds(int pid) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

long linux_peak_kilobytes(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0;
}

int linux_reap(int pid, int *status, long *peak_kilobytes) {
    struct rusage usage;
    while (wait4(pid, status, 0, &usage) < 0) {
        if (errno != EINTR) return -1;
    }
    *peak_kilobytes = usage.ru_maxrss;
    return 0;
}
