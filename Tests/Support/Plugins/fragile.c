/* Does what its task says anywhere in its text: `segv`, `abort`, `exit`, `hang` (does not return), `leak` (takes
 * memory until it gets no more, as fast as it can), `forget` (takes 64 MiB that it never gives back), `stop` (its
 * process stands still), `keep` (never completes), `spin` (completes and keeps a processor busy), `hoard` (the same
 * with 96 MiB of memory), `tell` (what it sees of its process), `print` (to standard error), `chat` (logs many lines).
 * A task without such a word is left pending and solved at the first poll. `fork` leaves a process of its own behind,
 * which has all that was open, and does what `segv` does; `apart` leaves one that has gone out of its group. */
#include "plugin.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

extern char **environ;

static void *leak(void *nothing) {
    (void)nothing;
    for (;;) {
        size_t count = 8 << 20;
        char *block = malloc(count);
        if (!block) abort();
        memset(block, 1, count);
    }
    return NULL;
}

static void *spin(void *nothing) {
    for (volatile int round = 0;; ++round) {}
    return nothing;
}

static void *hoard(void *nothing) {
    memset(malloc(96 << 20), 1, 96 << 20);
    return spin(nothing);
}

static void begin(void *(*body)(void *)) {
    pthread_t thread;
    pthread_create(&thread, NULL, body, NULL);
    pthread_detach(thread);
}

/* The process as it sees itself: its number, its variables, its open descriptors, those of them that a program which it
 * starts gets too, and its limits. */
static void tell(instance *self, uint64_t call) {
    char text[8000], inherited[1000] = "";
    int length = snprintf(text, sizeof text, "{\"ok\":{\"solved\":{\"solution\":{\"pid\":%d,\"variables\":[", getpid());
    for (char **variable = environ; *variable; ++variable)
        length += snprintf(text + length, sizeof text - (size_t)length, "%s\"%.*s\"", variable == environ ? "" : ",",
                           (int)strcspn(*variable, "="), *variable);
    length += snprintf(text + length, sizeof text - (size_t)length, "],\"descriptors\":[");
    DIR *folder = opendir("/proc/self/fd");
    const char *comma = "";
    for (struct dirent *entry; (entry = readdir(folder));) {
        int number = atoi(entry->d_name);
        if (*entry->d_name == '.' || number == dirfd(folder)) continue;
        length += snprintf(text + length, sizeof text - (size_t)length, "%s%d", comma, number);
        size_t have = strlen(inherited);
        if (!(fcntl(number, F_GETFD) & FD_CLOEXEC))
            snprintf(inherited + have, sizeof inherited - have, "%s%d", have ? "," : "", number);
        comma = ",";
    }
    closedir(folder);
    struct rlimit core;
    getrlimit(RLIMIT_CORE, &core);
    snprintf(text + length, sizeof text - (size_t)length, "],\"inherited\":[%s],\"core\":%d}}}}", inherited,
             (int)core.rlim_cur);
    complete(self, call, text);
}

static void leave_behind(int apart) {
    if (fork() > 0) return;
    if (apart) setsid();
    alarm(300);
    for (;;) pause();
}

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    if (has(request, "fork") || has(request, "apart")) leave_behind(has(request, "apart"));
    if (has(request, "segv") || has(request, "fork") || has(request, "apart")) *(volatile int *)8 = 1;
    if (has(request, "abort")) abort();
    if (has(request, "exit")) exit(3);
    if (has(request, "hang"))
        for (;;) pause();
    if (has(request, "stop")) raise(SIGSTOP);
    if (has(request, "leak")) return begin(leak);
    if (has(request, "forget")) memset(malloc(64 << 20), 1, 64 << 20);
    if (has(request, "keep")) return;
    if (has(request, "spin")) begin(spin);
    if (has(request, "hoard")) begin(hoard);
    if (has(request, "tell")) return tell(self, call);
    if (has(request, "print")) fprintf(stderr, "first line\nsecond line\n");
    if (has(request, "chat"))
        for (int line = 0; line < 30; ++line) say(self, "a line");
    complete(self, call, PENDING);
}

static void poll(void *self, uint64_t call, ucaptcha_bytes request) {
    if (has(request, "segv")) *(volatile int *)8 = 1;
    complete(self, call, SOLVED);
}

#define PLUGIN_ID "fragile"
#define PLUGIN_POLL poll
#define PLUGIN_MANIFEST                                                                                               \
    "{\"id\":\"fragile\",\"displayName\":\"Fragile\",\"version\":\"1\",\"offers\":[{\"family\":\"altcha\"}],"         \
    "\"balanceUnit\":\"USD\",\"pollPlan\":{\"first\":0.05,\"interval\":0.05,\"most\":100000},\"reportsCost\":false,"  \
    "\"chargesUnsolvable\":false,\"origins\":[],\"addressFields\":[],\"concurrentSubmits\":64,\"submitSeconds\":30}"
#include "entry.h"
