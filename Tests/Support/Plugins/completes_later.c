/*
 * Completes its calls elsewhere than in `start`. The task's field `mode`: `thread` completes on another thread, `hold`
 * when the call is cancelled, `wrong` with bytes that are no reply, `huge` with too many of them. What it reads of a
 * request it reads as late as the contract allows.
 */
#include "plugin.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct work {
    instance *self;
    uint64_t call;
    ucaptcha_bytes request;
} work;

static void *answer(void *argument) {
    work *work = argument;
    char *token = member(work->request, "echo"), reply[300];
    snprintf(reply, sizeof reply, "{\"ok\":{\"solved\":{\"solution\":{\"token\":\"%.200s\"}}}}", token);
    free(token);
    complete(work->self, work->call, reply);
    free(work);
    return NULL;
}

/* Calls that are held, and calls that were cancelled before they were: by ID, which no two calls share. */
static _Atomic uint64_t slots[65536];
static const uint64_t cancelled = 1ull << 63;

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    if (has(request, "\"mode\":\"thread\"")) {
        pthread_t thread;
        work *work = malloc(sizeof *work);
        work->self = self, work->call = call, work->request = request;
        pthread_create(&thread, NULL, answer, work);
        pthread_detach(thread);
    } else if (has(request, "\"mode\":\"wrong\"")) {
        complete(self, call, "{\"ok\":{\"solved\":[");
    } else if (has(request, "\"mode\":\"huge\"")) {
        size_t count = 9 * 1024 * 1024;
        ucaptcha_bytes reply = {calloc(count, 1), count};
        self->host->complete(self->host->context, call, reply);
        free((void *)reply.data);
    } else if (has(request, "\"mode\":\"hold\"")) {
        if (atomic_exchange(&slots[call % 65536], call) == (call | cancelled)) return complete(self, call, SOLVED);
        say(self, "holding");
    } else {
        say(self, "waiting");
    }
}

static void cancel(void *self, uint64_t call) {
    if (atomic_exchange(&slots[call % 65536], call | cancelled) == call) complete(self, call, SOLVED);
    say(self, "cancelled");
}

#define PLUGIN_ID "completes-later"
#define PLUGIN_CANCEL cancel
#include "entry.h"
