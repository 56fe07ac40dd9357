/* Does not like its settings. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

#define PLUGIN_ID "refuses-settings"
#define PLUGIN_REFUSES "The endpoint has to be on this planet."
#include "entry.h"
