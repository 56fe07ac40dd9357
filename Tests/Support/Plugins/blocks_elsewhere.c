/* Blocks for ever where the host calls back. The task's field `mode`: `cancel`, `done` or `fire`; else it solves. */
#include "plugin.h"

static void block(void *user) {
    (void)user;
    for (;;) pause();
}

static void done(void *user, ucaptcha_bytes reply) {
    (void)reply;
    block(user);
}

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    if (has(request, "\"mode\":\"cancel\"")) return;
    void *host = self->host->context;
    if (has(request, "\"mode\":\"done\"")) return self->http->send(host, call, bytes_of("?"), NULL, done);
    if (has(request, "\"mode\":\"fire\"")) return self->time->after(host, call, 0, NULL, block);
    complete(self, call, SOLVED);
}

static void cancel(void *self, uint64_t call) {
    (void)call;
    block(self);
}

#define PLUGIN_ID "blocks-elsewhere"
#define PLUGIN_CANCEL cancel
#include "entry.h"
