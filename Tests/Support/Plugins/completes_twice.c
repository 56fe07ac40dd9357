/* Completes every call twice, and some calls that never were. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call + 1000000000, PENDING);
    complete(self, call, SOLVED);
    complete(self, call, PENDING);
}

#define PLUGIN_ID "completes-twice"
#include "entry.h"
