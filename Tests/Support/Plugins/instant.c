/* Solves every task inside `start`: what a call costs when the adapter costs nothing. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

#define PLUGIN_ID "instant"
#include "entry.h"
