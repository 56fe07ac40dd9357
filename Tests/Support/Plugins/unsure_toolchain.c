/* Its table names another compiler than the mark in its file. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

__attribute__((used, section("ucaptcha_compiler"))) static const char mark[] = "Clang 1.0 of long ago";

#define PLUGIN_ID "unsure-toolchain"
#define PLUGIN_TOOLCHAIN "Clang 2.0 of yesterday"
#include "entry.h"
