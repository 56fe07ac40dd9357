/* Reads a body that is there only when it is text. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) {
    if (has(reply, "\"bodyBase64\"")) *(volatile char *)8 = 1;
    give_up(work, reply);
}

#include "entry.h"
