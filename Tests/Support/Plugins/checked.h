/*
 * An adapter that asks its vendor once for each call, as the ones that `adapter check` is tried on do. A plug-in
 * includes this file, defines `judge`, which ends the call by what came back, and then includes entry.h.
 */
#ifndef TEST_CHECKED_H
#define TEST_CHECKED_H

#include "plugin.h"

#pragma GCC visibility push(hidden)

typedef struct work {
    instance *self;
    uint64_t call;
} work;

#define TRANSPORT "{\"fault\":{\"kind\":\"transport\"}}"
#define NONSENSE "{\"fault\":{\"kind\":\"protocolError\"}}"

static void judge(work *work, ucaptcha_bytes reply);

static void done(void *user, ucaptcha_bytes reply) {
    judge(user, reply);
    free(user);
}

/* What a sound adapter makes of an answer that it does not understand. */
static inline void give_up(work *work, ucaptcha_bytes reply) {
    complete(work->self, work->call, has(reply, "\"failure\"") ? TRANSPORT : NONSENSE);
}

#ifndef CHECKED_URL
#define CHECKED_URL "https://api.checked.example/in"
#endif

static void ask(void *self, uint64_t call, ucaptcha_bytes request) {
    char text[600], *credential = member(request, "credential");
    snprintf(text, sizeof text,
             "{\"method\":\"POST\",\"url\":\"" CHECKED_URL "\",\"headers\":[[\"content-type\",\"application/json\"]],"
             "\"body\":\"{\\\"clientKey\\\":\\\"%.100s\\\"}\"}",
             credential);
    free(credential);
    work *work = malloc(sizeof *work);
    work->self = self, work->call = call;
    work->self->http->send(work->self->host->context, call, bytes_of(text), work, done);
}

static inline void submit(instance *self, uint64_t call, ucaptcha_bytes request) { ask(self, call, request); }

static const void *operations(const char *id) {
    static const ucaptcha_operation asks = {ask};
    if (strcmp(id, UCAPTCHA_OPERATION_VALIDATE) == 0 || strcmp(id, UCAPTCHA_OPERATION_BALANCE) == 0) return &asks;
    return NULL;
}

#pragma GCC visibility pop

#define PLUGIN_ID "checked"
#define PLUGIN_POLL ask
#define PLUGIN_MORE operations
#ifndef PLUGIN_MANIFEST
#define PLUGIN_MANIFEST                                                                                               \
    "{\"id\":\"checked\",\"displayName\":\"Checked\",\"version\":\"1\",\"key\":{\"description\":\"any text\","         \
    "\"prefixes\":[],\"shortest\":1,\"longest\":64,\"hexadecimal\":false},\"offers\":[{\"family\":\"altcha\","        \
    "\"listPrice\":\"0.001\"}],\"balanceUnit\":\"USD\",\"pollPlan\":{\"first\":1,\"interval\":1,\"most\":9},"          \
    "\"reportsCost\":false,\"chargesUnsolvable\":false,\"origins\":[\"https://api.checked.example\"],"                \
    "\"addressFields\":[],\"concurrentSubmits\":64,\"submitSeconds\":30}"
#endif

#endif
