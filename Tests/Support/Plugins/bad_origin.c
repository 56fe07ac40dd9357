/* Declares an origin that is none. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

#define PLUGIN_ID "bad-origin"
#define PLUGIN_ORIGINS "[\"https://user@api.example/path\"]"
#include "entry.h"
