/* Does not return from `done` when the vendor is overloaded. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) {
    while (has(reply, "\"status\":503")) pause();
    give_up(work, reply);
}

#include "entry.h"
