/*
 * The little of JSON that an adapter needs: read a value, find a member, write a text.
 *
 * A `json` is a run of bytes that was checked as a whole by json_read and is not copied: it lives as long as the bytes
 * that were read. One without bytes stands for "not there", and every function takes it. Values that are only passed on
 * are copied as they are, so that no digit and no character is lost on the way.
 */
#ifndef EXAMPLE_JSON_H
#define EXAMPLE_JSON_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct json {
    const char *at;
    size_t count;
} json;

/* Arrays and objects that may be open at once, so that a nested answer cannot use up the stack. */
enum { JSON_DEPTH = 64 };

/* ---- Reading --------------------------------------------------------------------------------------------------- */

/* Each `json_skip` function returns where what begins at `at` ends, or NULL when it is not of JSON's grammar. */

static const char *json_skip_blanks(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) ++at;
    return at;
}

static const char *json_skip_digits(const char *at, const char *end) {
    const char *start = at;
    while (at < end && *at >= '0' && *at <= '9') ++at;
    return at > start ? at : NULL;
}

static const char *json_skip_number(const char *at, const char *end) {
    if (at < end && *at == '-') ++at;
    if (at < end && *at == '0') ++at;
    else if (!(at = json_skip_digits(at, end))) return NULL;
    if (at < end && *at == '.' && !(at = json_skip_digits(at + 1, end))) return NULL;
    if (at < end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at < end && (*at == '+' || *at == '-')) ++at;
        at = json_skip_digits(at, end);
    }
    return at;
}

/* The four digits of \uXXXX, or -1. */
static long json_unit(const char *at, const char *end) {
    long unit = 0;
    if (end - at < 4) return -1;
    for (int index = 0; index < 4; ++index) {
        char digit = at[index];
        if (digit >= '0' && digit <= '9') unit = unit * 16 + digit - '0';
        else if (digit >= 'a' && digit <= 'f') unit = unit * 16 + digit - 'a' + 10;
        else if (digit >= 'A' && digit <= 'F') unit = unit * 16 + digit - 'A' + 10;
        else return -1;
    }
    return unit;
}

/* Reads what is behind a backslash into `scalar`: one character of Unicode, of two units where it needs them. */
static const char *json_escape(const char *at, const char *end, long *scalar) {
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (at >= end) return NULL;
    const char *letter = *at ? strchr(letters, *at) : NULL;
    if (letter) {
        *scalar = meanings[letter - letters];
        return at + 1;
    }
    if (*at != 'u' || (*scalar = json_unit(at + 1, end)) < 0) return NULL;
    at += 5;
    if (*scalar < 0xD800 || *scalar > 0xDFFF) return at;
    long low = end - at > 2 && at[0] == '\\' && at[1] == 'u' ? json_unit(at + 2, end) : -1;
    if (*scalar > 0xDBFF || low < 0xDC00 || low > 0xDFFF) return NULL;
    *scalar = 0x10000 + ((*scalar - 0xD800) << 10) + (low - 0xDC00);
    return at + 6;
}

static const char *json_skip_string(const char *at, const char *end) {
    long scalar;
    for (++at; at && at < end;) {
        if (*at == '"') return at + 1;
        if ((unsigned char)*at < 0x20) return NULL;
        at = *at == '\\' ? json_escape(at + 1, end, &scalar) : at + 1;
    }
    return NULL;
}

static const char *json_skip(const char *at, const char *end, int depth);

static const char *json_skip_container(const char *at, const char *end, int depth) {
    char close = *at == '{' ? '}' : ']';
    at = json_skip_blanks(at + 1, end);
    if (at < end && *at == close) return at + 1;
    while (at < end) {
        if (close == '}') {
            if (*at != '"' || !(at = json_skip_string(at, end))) return NULL;
            at = json_skip_blanks(at, end);
            if (at >= end || *at++ != ':') return NULL;
        }
        if (!(at = json_skip(at, end, depth))) return NULL;
        at = json_skip_blanks(at, end);
        if (at < end && *at == close) return at + 1;
        if (at >= end || *at++ != ',') return NULL;
        at = json_skip_blanks(at, end);
    }
    return NULL;
}

static const char *json_skip(const char *at, const char *end, int depth) {
    static const char *const words[] = {"true", "false", "null"};
    at = json_skip_blanks(at, end);
    if (at >= end) return NULL;
    if (*at == '"') return json_skip_string(at, end);
    if (*at == '{' || *at == '[') return depth > 0 ? json_skip_container(at, end, depth - 1) : NULL;
    for (size_t index = 0; index < 3; ++index) {
        size_t count = strlen(words[index]);
        if ((size_t)(end - at) >= count && memcmp(at, words[index], count) == 0) return at + count;
    }
    return json_skip_number(at, end);
}

/* The value that these bytes are; without bytes when they are none. Takes NULL. */
static json json_read(const char *bytes, size_t count) {
    json value = {NULL, 0};
    if (!bytes) return value;
    const char *end = bytes + count, *at = json_skip_blanks(bytes, end), *stop = json_skip(at, end, JSON_DEPTH);
    if (stop && json_skip_blanks(stop, end) == end) value = (json){at, (size_t)(stop - at)};
    return value;
}

static bool json_begins(json value, char first) { return value.count > 0 && *value.at == first; }
static bool json_is_object(json value) { return json_begins(value, '{'); }
static bool json_is_null(json value) { return json_begins(value, 'n'); }

/* A text that is not empty. */
static bool json_is_text(json value) { return json_begins(value, '"') && value.count > 2; }

/* An amount, written as a number or as a text with one. */
static bool json_is_decimal(json value) {
    if (json_is_text(value)) value = (json){value.at + 1, value.count - 2};
    return value.count > 0 && json_skip_number(value.at, value.at + value.count) == value.at + value.count;
}

/* A whole number of at most nine digits that is not negative; -1 for anything else. */
static long json_integer(json value) {
    long number = 0;
    if (value.count == 0 || value.count > 9) return -1;
    for (size_t index = 0; index < value.count; ++index) {
        if (value.at[index] < '0' || value.at[index] > '9') return -1;
        number = number * 10 + value.at[index] - '0';
    }
    return number;
}

/* The characters of a string, to be freed, with a zero behind them; NULL for what is none, or without memory. */
static char *json_text(json value, size_t *count) {
    if (!json_begins(value, '"')) return NULL;
    /* What an escape stands for is never longer than the escape. */
    char *text = malloc(value.count), *to = text;
    const char *at = value.at + 1, *end = value.at + value.count - 1;
    while (text && at < end) {
        long scalar = 0;
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        at = json_escape(at + 1, end, &scalar);
        if (scalar < 0x80) {
            *to++ = (char)scalar;
            continue;
        }
        int more = scalar < 0x800 ? 1 : scalar < 0x10000 ? 2 : 3;
        static const int lead[] = {0, 0xC0, 0xE0, 0xF0};
        *to++ = (char)(lead[more] | scalar >> 6 * more);
        while (more-- > 0) *to++ = (char)(0x80 | (scalar >> 6 * more & 0x3F));
    }
    if (!text) return NULL;
    *to = 0;
    *count = (size_t)(to - text);
    return text;
}

/* Whether the value is this text. */
static bool json_is(json value, const char *text) {
    size_t count = 0;
    /* A long value cannot be equal, even if all of it were escapes. */
    if (value.count > 6 * strlen(text) + 2) return false;
    char *characters = json_text(value, &count);
    bool same = characters && count == strlen(text) && memcmp(characters, text, count) == 0;
    free(characters);
    return same;
}

/* The object's member of this name, the last where there are several; without bytes when there is none. */
static json json_member(json object, const char *name) {
    json found = {NULL, 0};
    if (!json_is_object(object)) return found;
    const char *end = object.at + object.count, *at = json_skip_blanks(object.at + 1, end);
    while (*at == '"') {
        json key = {at, 0};
        at = json_skip_string(at, end);
        key.count = (size_t)(at - key.at);
        const char *start = json_skip_blanks(json_skip_blanks(at, end) + 1, end);
        at = json_skip(start, end, JSON_DEPTH);
        if (json_is(key, name)) found = (json){start, (size_t)(at - start)};
        at = json_skip_blanks(at, end);
        if (*at == ',') at = json_skip_blanks(at + 1, end);
    }
    return found;
}

/* ---- Writing --------------------------------------------------------------------------------------------------- */

/* Bytes that grow; `failed` when there was no memory for them. Begin with {0}, free `bytes` at the end. */
typedef struct buffer {
    char *bytes;
    size_t count, capacity;
    bool failed;
} buffer;

static void put_bytes(buffer *to, const char *bytes, size_t count) {
    if (to->failed || count == 0) return;
    if (to->capacity - to->count < count) {
        size_t capacity = 2 * (to->count + count) + 256;
        char *grown = realloc(to->bytes, capacity);
        if (!grown) {
            to->failed = true;
            return;
        }
        to->bytes = grown;
        to->capacity = capacity;
    }
    memcpy(to->bytes + to->count, bytes, count);
    to->count += count;
}

static void put(buffer *to, const char *text) { put_bytes(to, text, strlen(text)); }
static void put_json(buffer *to, json value) { put_bytes(to, value.at, value.count); }

/* The characters of a text as they are between the quotes of a JSON string. */
static void put_escaped(buffer *to, const char *text, size_t count) {
    size_t plain = 0;
    for (size_t index = 0; index < count; ++index) {
        unsigned char byte = (unsigned char)text[index];
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        char escape[8];
        int length = byte < 0x20 ? snprintf(escape, sizeof escape, "\\u%04x", (unsigned)byte)
                                 : snprintf(escape, sizeof escape, "\\%c", byte);
        put_bytes(to, text + plain, index - plain);
        put_bytes(to, escape, (size_t)length);
        plain = index + 1;
    }
    put_bytes(to, text + plain, count - plain);
}

static void put_string(buffer *to, const char *text, size_t count) {
    put(to, "\"");
    put_escaped(to, text, count);
    put(to, "\"");
}

/* A string as it is, a number between quotes. */
static void put_as_string(buffer *to, json value) {
    const char *quote = json_begins(value, '"') ? "" : "\"";
    put(to, quote);
    put_json(to, value);
    put(to, quote);
}

/* `,"name":value` */
static void put_member(buffer *to, const char *name, json value) {
    put(to, ",");
    put_string(to, name, strlen(name));
    put(to, ":");
    put_json(to, value);
}

#endif
