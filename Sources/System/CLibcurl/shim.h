#pragma once
#include <curl/curl.h>
#include <sys/prctl.h>

/*
 * curl_easy_setopt and curl_easy_getinfo take variable arguments, which Swift cannot call. Each wrapper below takes the
 * one type that its options expect, so that a wrong pairing is visible where it is written.
 */

static inline CURLcode curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

/* libcurl copies the text. */
static inline CURLcode curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

/* What is pointed to stays the caller's and has to outlive the transfer, except for CURLOPT_COPYPOSTFIELDS. */
static inline CURLcode curl_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

typedef size_t (*curl_bytes_function)(char *bytes, size_t size, size_t count, void *context);
typedef curl_socket_t (*curl_opensocket_function)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*curl_prereq_function)(void *context, char *peer, char *local, int peer_port, int local_port);

static inline CURLcode curl_set_bytes_function(CURL *easy, CURLoption option, curl_bytes_function function) {
    return curl_easy_setopt(easy, option, function);
}

static inline CURLcode curl_set_opensocket_function(CURL *easy, curl_opensocket_function function) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, function);
}

static inline CURLcode curl_set_prereq_function(CURL *easy, curl_prereq_function function) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, function);
}

/* 0 when the value is not known. */
static inline long curl_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

static inline void *curl_get_private(CURL *easy) {
    char *value = NULL;
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

static inline CURLMcode curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/* The address's bytes; curl_sockaddr declares them shorter than an IPv6 address is, `addrlen` counts them. */
static inline const void *curl_address_bytes(const struct curl_sockaddr *address) {
    return &address->addr;
}

/* Names the thread that runs libcurl, for whoever looks at the process: 15 characters at most. */
static inline void curl_name_thread(const char *name) {
    prctl(PR_SET_NAME, name, 0, 0, 0);
}
