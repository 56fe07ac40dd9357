/* Writes the task's field `text` to the log, `lines` times, and solves. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    char *text = member(request, "text"), *lines = member(request, "lines");
    for (int line = atoi(lines); line > 0; --line) say(self, text);
    free(text);
    free(lines);
    complete(self, call, SOLVED);
}

#define PLUGIN_ID "logs"
#include "entry.h"
