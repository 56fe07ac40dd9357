/* A well-behaved adapter with all operations. The task's field `mode` chooses: `pending`, `fault`, else solved. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    if (has(request, "\"mode\":\"pending\"")) return complete(self, call, PENDING);
    if (has(request, "\"mode\":\"fault\""))
        return complete(self, call, "{\"fault\":{\"kind\":\"rateLimited\",\"scope\":\"key\",\"retryAfterSeconds\":2,"
                                    "\"message\":\"slow\\ndown\"}}");
    complete(self, call, "{\"ok\":{\"solved\":{\"solution\":{\"token\":\"good\"},\"cost\":\"0.001\"}}}");
}

static void poll(void *self, uint64_t call, ucaptcha_bytes request) {
    complete(self, call, has(request, "\"id\":\"p-1\"") ? SOLVED : "{\"fault\":{\"kind\":\"taskNotFound\"}}");
}

static void validate(void *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, "{\"ok\":{}}");
}

static void balance(void *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, "{\"ok\":{\"balance\":{\"amount\":\"12.5\",\"otherMeans\":false}}}");
}

static void report(void *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, "{\"ok\":{}}");
}

static const void *more(const char *id) {
    static const ucaptcha_operation validates = {validate}, balances = {balance}, reports = {report};
    if (strcmp(id, UCAPTCHA_OPERATION_VALIDATE) == 0) return &validates;
    if (strcmp(id, UCAPTCHA_OPERATION_BALANCE) == 0) return &balances;
    return strcmp(id, UCAPTCHA_OPERATION_REPORT) == 0 ? &reports : NULL;
}

#define PLUGIN_ID "good"
#define PLUGIN_POLL poll
#define PLUGIN_MORE more
#include "entry.h"
