/* Claims to need the Swift runtime of another compiler. Link it against something called libswiftCore.so. */
#include "plugin.h"

static void submit(instance *self, uint64_t call, ucaptcha_bytes request) {
    (void)request;
    complete(self, call, SOLVED);
}

__attribute__((used, section("ucaptcha_compiler"))) static const char mark[] = "Clang 1.0 of long ago";

#define PLUGIN_ID "foreign-toolchain"
#define PLUGIN_TOOLCHAIN mark
#include "entry.h"
