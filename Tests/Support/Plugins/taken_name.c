/* Has the id of another plug-in. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

#define PLUGIN_ID "good"
#include "entry.h"
