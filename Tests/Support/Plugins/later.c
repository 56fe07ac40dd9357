/*
 * Accepts a task and has it solved at the second poll, a few milliseconds later; every fourth task is solved at once.
 * What it knows of a task is in the ID, so that a task which a dead host has submitted is found again.
 */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    static unsigned long count;
    char reply[200];
    (void)request;
    if (++count % 4 == 0) return complete(self, call, SOLVED);
    snprintf(reply, sizeof reply, "{\"ok\":{\"pending\":{\"id\":\"later-%lu-%d\"}}}", count, getpid());
    complete(self, call, reply);
}

static void poll(void *self, uint64_t call, ucaptcha_bytes request) {
    static unsigned long polls;
    (void)request;
    complete(self, call, ++polls % 2 ? "{\"ok\":{\"pending\":{}}}" : SOLVED);
}

#define PLUGIN_ID "later"
#define PLUGIN_POLL poll
#define PLUGIN_MANIFEST                                                                                               \
    "{\"id\":\"later\",\"displayName\":\"Later\",\"version\":\"1\",\"offers\":[{\"family\":\"altcha\"}],"             \
    "\"balanceUnit\":\"USD\",\"pollPlan\":{\"first\":0.05,\"interval\":0.05,\"most\":100000},\"reportsCost\":false,"  \
    "\"chargesUnsolvable\":false,\"origins\":[],\"addressFields\":[],\"concurrentSubmits\":64,\"submitSeconds\":30}"
#include "entry.h"
