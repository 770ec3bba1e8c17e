// SQLite by the system's library, libsqlite3. It is opened at the first call and not linked, so that commands without a catalogue start
// as fast as before, and a build needs no header of it. Names and numbers are those of sqlite3.h, whose interface is stable.
#ifndef UNMASK_CSQLITE_H
#define UNMASK_CSQLITE_H

#include <stddef.h>
#include <stdint.h>

// A connection, owned by one thread at a time, and a prepared statement.
typedef struct sqlite_connection sqlite_connection;
typedef struct sqlite_statement sqlite_statement;

// Opens the library, if it is not open yet. Returns NULL, or why it could not be opened (a static string, never freed).
const char *sqlite_library(void);

// Opens the database at `path` for reading and writing; creates it if `creates` is not 0. `connection` is set even if it fails, unless memory
// has run out, and freed by sqlite_close. Returns 0 or a code of SQLite.
int sqlite_open(const char *path, int creates, sqlite_connection **connection);
void sqlite_close(sqlite_connection *connection);
// Waits up to this long for a lock.
void sqlite_wait(sqlite_connection *connection, int milliseconds);
// The last error: a text that is valid until the next call.
const char *sqlite_problem(sqlite_connection *connection);

// Compiles one statement. Returns 0 or a code.
int sqlite_prepare(sqlite_connection *connection, const char *text, sqlite_statement **statement);
void sqlite_finish(sqlite_statement *statement);
// 100: a row; 101: done; other codes are errors.
int sqlite_step(sqlite_statement *statement);
int sqlite_reset(sqlite_statement *statement);

// Parameters are counted from 1. Texts and blobs are copied.
int sqlite_bind_integer(sqlite_statement *statement, int place, int64_t value);
int sqlite_bind_bytes(sqlite_statement *statement, int place, const void *bytes, size_t count, int is_text);
int sqlite_bind_nothing(sqlite_statement *statement, int place);

// Columns are counted from 0. Types: 1 integer, 2 real, 3 text, 4 blob, 5 null.
int sqlite_columns(sqlite_statement *statement);
int sqlite_type(sqlite_statement *statement, int column);
int64_t sqlite_integer(sqlite_statement *statement, int column);
// Bytes of a text or blob, valid until the next step; NULL if there are none.
const void *sqlite_bytes(sqlite_statement *statement, int column, size_t *count);

// Rows changed by the last statement, and the key of the last row inserted.
int64_t sqlite_changes(sqlite_connection *connection);
int64_t sqlite_last_key(sqlite_connection *connection);

#endif
