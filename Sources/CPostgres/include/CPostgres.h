// PostgreSQL by its client library, libpq. It is opened at the first call and not linked, so that commands without a server start as fast as
// before, and a build needs no header of it. Names and numbers are those of libpq-fe.h, whose interface is stable.
#ifndef UNMASK_CPOSTGRES_H
#define UNMASK_CPOSTGRES_H

#include <stddef.h>
#include <stdint.h>

// A connection, owned by one thread at a time, and the result of a statement or of one row of it.
typedef struct postgres_connection postgres_connection;
typedef struct postgres_result postgres_result;

// Opens the library, if it is not open yet. Returns NULL, or why it could not be opened (a static string, never freed).
const char *postgres_library(void);

// Connects to the server that an address names (postgres://user@host/database, or the parameters of a connection string). Returns NULL only when
// memory has run out; otherwise postgres_is_open says whether it worked. Freed by postgres_close.
postgres_connection *postgres_open(const char *address);
// Not 0 while the server of an address is there but takes no connections, because it starts, recovers or ends.
int postgres_is_starting(const char *address);
// Frees the connection; the server ends an open transaction without keeping it.
void postgres_close(postgres_connection *connection);
// Not 0 while the connection works, as far as is known.
int postgres_is_open(postgres_connection *connection);
// The last error: a text of one or more lines that is valid until the next call.
const char *postgres_problem(postgres_connection *connection);

// Sends one statement with its parameters. `formats`: 0 for a text with a closing zero, 1 for `lengths` bytes; a value of NULL is no value.
// Returns 1, or 0 if it could not be sent. The rows come one by one from postgres_next until it returns NULL.
int postgres_send(
    postgres_connection *connection, const char *statement, int count, const char *const *values, const int *lengths, const int *formats);
// The next row, or the end of the rows with the number of changed rows or an error. Freed by postgres_free.
postgres_result *postgres_next(postgres_connection *connection);
void postgres_free(postgres_result *result);

// 9: one row; 1 and 2: the end; other numbers are errors.
int postgres_status(const postgres_result *result);
// The five characters of the error's class (SQLSTATE); NULL if there is none.
const char *postgres_error_class(const postgres_result *result);
// The error's first line, without the statement; NULL if there is none.
const char *postgres_error_text(const postgres_result *result);
// Rows that the statement changed, as digits; an empty text if it changes none.
const char *postgres_changes(postgres_result *result);

// Columns of the row, counted from 0. Types by their numbers in the server's table pg_type; all values are in the binary format.
int postgres_columns(const postgres_result *result);
unsigned postgres_type(const postgres_result *result, int column);
int postgres_is_null(const postgres_result *result, int column);
// Bytes of a value, valid until the result is freed.
const void *postgres_bytes(const postgres_result *result, int column, size_t *count);

#endif
