/* `submit` does not return. A poll for the ID `release` lets one blocked submit return, without completing its call. */
#include "plugin.h"

#include <semaphore.h>

static sem_t released;

__attribute__((constructor)) static void prepare(void) { sem_init(&released, 0, 0); }

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    if (has(request, "\"mode\":\"solve\"")) return complete(self, call, SOLVED);
    while (sem_wait(&released) != 0) {}
}

static void poll(void *self, uint64_t call, ucaptcha_bytes request) {
    if (has(request, "\"id\":\"release\"")) sem_post(&released);
    complete(self, call, "{\"ok\":{\"pending\":{}}}");
}

#define PLUGIN_ID "blocks-for-ever"
#define PLUGIN_POLL poll
#include "entry.h"
