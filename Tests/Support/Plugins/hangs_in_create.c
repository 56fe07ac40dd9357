/* Never finishes an instance. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

#define PLUGIN_ID "hangs-in-create"
#define PLUGIN_CREATE for (;;) pause()
#include "entry.h"
