/*
 * A name whose address changes, as a library to preload: `moving.example` leads to 127.0.0.1 when it is looked up for
 * the first time, and to 127.0.0.2 from then on. Everything else is looked up as usual.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>
#include <string.h>

typedef int lookup(const char *, const char *, const struct addrinfo *, struct addrinfo **);

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    static atomic_int asked;
    lookup *next = (lookup *)dlsym(RTLD_NEXT, "getaddrinfo");
    if (name && strcmp(name, "moving.example") == 0) name = atomic_fetch_add(&asked, 1) ? "127.0.0.2" : "127.0.0.1";
    return next(name, service, hints, found);
}
