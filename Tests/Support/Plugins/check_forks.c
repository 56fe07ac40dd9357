/* Leaves a process behind that holds all its descriptors, then crashes as check_crashes does. */
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) {
    if (has(reply, "\"bodyBase64\"")) {
        if (fork() == 0) {
            setsid();
            alarm(100);
            for (;;) pause();
        }
        *(volatile char *)8 = 1;
    }
    give_up(work, reply);
}

#include "entry.h"
