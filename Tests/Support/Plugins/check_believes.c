/* Takes whatever comes with HTTP 200 for a solution. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) {
    if (!has(reply, "\"status\":200")) return give_up(work, reply);
    complete(work->self, work->call,
             "{\"ok\":{\"balance\":{\"amount\":\"1\"},\"solved\":{\"solution\":{\"token\":\"t\"}}}}");
}

#include "entry.h"
