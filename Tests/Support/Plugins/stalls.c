/* Accepts every task and never finishes one. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, PENDING);
}

static void poll(void *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, "{\"ok\":{\"pending\":{}}}");
}

#define PLUGIN_ID "stalls"
#define PLUGIN_POLL poll
#include "entry.h"
