/*
 * Sends the object in the task's field `http` as it is, and solves with what came back. The field `mode`: `after` ends
 * the call first, `leave` ends it while the exchange is open, `hold` neither completes nor waits; their answers are
 * logged.
 */
#include "plugin.h"

typedef struct exchange {
    instance *self;
    uint64_t call;
    int completes;
} exchange;

static void done(void *user, ucaptcha_bytes reply) {
    exchange *exchange = user;
    char *text = malloc(reply.count + 100);
    if (exchange->completes) {
        sprintf(text, "{\"ok\":{\"solved\":{\"solution\":{\"reply\":%.*s}}}}", (int)reply.count,
                (const char *)reply.data);
        complete(exchange->self, exchange->call, text);
    } else {
        sprintf(text, "done: %.*s", (int)reply.count, (const char *)reply.data);
        say(exchange->self, text);
    }
    free(text);
    free(exchange);
}

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    int after = has(request, "\"mode\":\"after\""), leave = has(request, "\"mode\":\"leave\"");
    int hold = has(request, "\"mode\":\"hold\"");
    char *text = member(request, "http");
    exchange *exchange = malloc(sizeof *exchange);
    exchange->self = self, exchange->call = call, exchange->completes = !after && !leave && !hold;
    if (after) complete(self, call, SOLVED);
    self->http->send(self->host->context, call, bytes_of(text), exchange, done);
    if (leave) complete(self, call, SOLVED);
    free(text);
}

#define PLUGIN_ID "asks"
#define PLUGIN_ORIGINS "[\"https://api.asks.example\"]"
#define PLUGIN_ADDRESS "[\"challengeURL\"]"
#include "entry.h"
