/* Completes a call again when the vendor has answered nothing. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) {
    give_up(work, reply);
    if (!has(reply, "\"body")) give_up(work, reply);
}

#include "entry.h"
