#pragma once
#include <sqlite3.h>

/*
 * Has SQLite count nothing of its memory, which takes a lock at each allocation, several dozens for each task. Once a
 * database was opened it is too late, and nothing changes. sqlite3_config takes variable arguments, which Swift cannot
 * call.
 */
static inline void sqlite_count_no_memory(void) { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
