/* Sends the key to a place that its manifest does not name. */
#define CHECKED_URL "https://elsewhere.example/in"
#include "checked.h"

static void judge(work *work, ucaptcha_bytes reply) { give_up(work, reply); }

#include "entry.h"
