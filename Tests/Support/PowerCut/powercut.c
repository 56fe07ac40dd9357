/*
 * A disk that forgets what was not synced, as a library to preload.
 *
 * For every file whose path begins with $POWERCUT_PREFIX it keeps, in $POWERCUT_LOG, what each write and truncation
 * since the file's last sync has replaced. A sync empties the file's log and touches no disk. After the process was
 * killed, playing the logs backwards leaves the files as a power cut would have: with what was synced, and nothing
 * else.
 *
 * A log is a run of records: offset, size of the file before, number of saved bytes (three 64-bit words), saved bytes.
 * A record is complete in the log before the write that it can undo begins, so that a kill in between does no harm.
 * The shared-memory file of SQLite's log is left out: it is never synced and is made anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { MOST_FILES = 4096 };
static int undo_of[MOST_FILES]; /* log's descriptor + 1 of each tracked descriptor */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int real_open(const char *path, int flags, mode_t mode) { return REAL(open64)(path, flags, mode); }

static int is_tracked(const char *path) {
    const char *prefix = getenv("POWERCUT_PREFIX");
    size_t length = strlen(path);
    if (!prefix || strncmp(path, prefix, strlen(prefix)) != 0) return 0;
    if (length > 4 && strcmp(path + length - 4, "-shm") == 0) return 0;
    return !(length > 5 && strcmp(path + length - 5, ".lock") == 0);
}

static void track(int fd, const char *path) {
    const char *directory = getenv("POWERCUT_LOG");
    char log[PATH_MAX];
    if (fd < 0 || fd >= MOST_FILES || !directory || !is_tracked(path)) return;
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    snprintf(log, sizeof log, "%s/%s.undo", directory, name);
    int undo = real_open(log, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (undo < 0) { perror("powercut"); abort(); }
    pthread_mutex_lock(&lock);
    undo_of[fd] = undo + 1;
    pthread_mutex_unlock(&lock);
}

static int undo_log(int fd) { return fd >= 0 && fd < MOST_FILES ? undo_of[fd] - 1 : -1; }

/* Saves what [offset, offset + count) and the size of the file are now. The lock is held. */
static void save(int fd, int undo, uint64_t offset, uint64_t count) {
    struct stat64 now;
    if (fstat64(fd, &now) != 0) abort();
    uint64_t size = (uint64_t)now.st_size;
    uint64_t saved = offset >= size ? 0 : (offset + count > size ? size - offset : count);
    uint8_t *record = malloc(24 + saved);
    if (!record) abort();
    memcpy(record, &offset, 8);
    memcpy(record + 8, &size, 8);
    memcpy(record + 16, &saved, 8);
    if (saved && REAL(pread64)(fd, record + 24, saved, (off64_t)offset) != (ssize_t)saved) abort();
    if (REAL(write)(undo, record, 24 + saved) != (ssize_t)(24 + saved)) abort();
    free(record);
}

static int synced(int fd, int (*real)(int)) {
    int undo = undo_log(fd);
    if (undo < 0) return real(fd);
    pthread_mutex_lock(&lock);
    int result = REAL(ftruncate64)(undo, 0);
    pthread_mutex_unlock(&lock);
    return result;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    int fd = real_open(path, flags, (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0);
    va_end(arguments);
    track(fd, path);
    return fd;
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    int fd = real_open(path, flags, (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0);
    va_end(arguments);
    track(fd, path);
    return fd;
}

int close(int fd) {
    int undo = undo_log(fd);
    if (undo >= 0) {
        undo_of[fd] = 0;
        REAL(close)(undo);
    }
    return REAL(close)(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    int undo = undo_log(fd);
    if (undo < 0) return REAL(pwrite64)(fd, bytes, count, offset);
    pthread_mutex_lock(&lock);
    save(fd, undo, (uint64_t)offset, count);
    ssize_t written = REAL(pwrite64)(fd, bytes, count, offset);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

ssize_t write(int fd, const void *bytes, size_t count) {
    int undo = undo_log(fd);
    if (undo < 0) return REAL(write)(fd, bytes, count);
    return pwrite64(fd, bytes, count, lseek64(fd, 0, SEEK_CUR)) == (ssize_t)count
               ? (lseek64(fd, (off64_t)count, SEEK_CUR), (ssize_t)count)
               : -1;
}

int ftruncate64(int fd, off64_t size) {
    int undo = undo_log(fd);
    if (undo < 0) return REAL(ftruncate64)(fd, size);
    pthread_mutex_lock(&lock);
    save(fd, undo, (uint64_t)size, INT64_MAX / 2);
    int result = REAL(ftruncate64)(fd, size);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }
