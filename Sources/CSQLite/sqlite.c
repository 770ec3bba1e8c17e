#include "CSQLite.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static struct {
  int (*open)(const char *path, void **connection, int flags, const char *vfs);
  int (*close)(void *connection);
  int (*busy_timeout)(void *connection, int milliseconds);
  const char *(*errmsg)(void *connection);
  int (*prepare)(void *connection, const char *text, int bytes, void **statement, const char **rest);
  int (*finalize)(void *statement);
  int (*step)(void *statement);
  int (*reset)(void *statement);
  int (*bind_int64)(void *statement, int place, int64_t value);
  int (*bind_text)(void *statement, int place, const char *text, uint64_t bytes, void (*destructor)(void *), unsigned char encoding);
  int (*bind_blob)(void *statement, int place, const void *blob, uint64_t bytes, void (*destructor)(void *));
  int (*bind_null)(void *statement, int place);
  int (*column_count)(void *statement);
  int (*column_type)(void *statement, int column);
  int64_t (*column_int64)(void *statement, int column);
  const void *(*column_blob)(void *statement, int column);
  int (*column_bytes)(void *statement, int column);
  int (*changes)(void *connection);
  int64_t (*last_insert_rowid)(void *connection);
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;

// ISO C has no conversion from what dlsym gives to a function.
static void find(void *handle, const char *name, void *function) {
  void *found = dlsym(handle, name);
  if (!found) failure = "libsqlite3 lacks a function of SQLite 3.8.7 and later; install libsqlite3-0 (Debian, Ubuntu)";
  memcpy(function, &found, sizeof found);
}

static void open_library(void) {
  static const char *const names[] = {
#ifdef __APPLE__
      "/usr/lib/libsqlite3.dylib", "libsqlite3.dylib",
#else
      "libsqlite3.so.0", "libsqlite3.so",
#endif
  };
  void *handle = NULL;
  for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    failure = "SQLite was not found; install libsqlite3-0 (Debian, Ubuntu) or sqlite-libs (Fedora)";
    return;
  }
  find(handle, "sqlite3_open_v2", &library.open);
  find(handle, "sqlite3_close_v2", &library.close);
  find(handle, "sqlite3_busy_timeout", &library.busy_timeout);
  find(handle, "sqlite3_errmsg", &library.errmsg);
  find(handle, "sqlite3_prepare_v2", &library.prepare);
  find(handle, "sqlite3_finalize", &library.finalize);
  find(handle, "sqlite3_step", &library.step);
  find(handle, "sqlite3_reset", &library.reset);
  find(handle, "sqlite3_bind_int64", &library.bind_int64);
  find(handle, "sqlite3_bind_text64", &library.bind_text);
  find(handle, "sqlite3_bind_blob64", &library.bind_blob);
  find(handle, "sqlite3_bind_null", &library.bind_null);
  find(handle, "sqlite3_column_count", &library.column_count);
  find(handle, "sqlite3_column_type", &library.column_type);
  find(handle, "sqlite3_column_int64", &library.column_int64);
  find(handle, "sqlite3_column_blob", &library.column_blob);
  find(handle, "sqlite3_column_bytes", &library.column_bytes);
  find(handle, "sqlite3_changes", &library.changes);
  find(handle, "sqlite3_last_insert_rowid", &library.last_insert_rowid);
}

const char *sqlite_library(void) {
  pthread_once(&once, open_library);
  return failure;
}

// SQLITE_OPEN_READWRITE, SQLITE_OPEN_CREATE and SQLITE_OPEN_FULLMUTEX.
enum { read_write = 0x2, create = 0x4, full_mutex = 0x10000 };
// SQLITE_TRANSIENT: SQLite copies the bytes.
#define COPIED ((void (*)(void *))(intptr_t) - 1)
enum { utf8 = 1 };

int sqlite_open(const char *path, int creates, sqlite_connection **connection) {
  return library.open(path, (void **)connection, read_write | full_mutex | (creates ? create : 0), NULL);
}

void sqlite_close(sqlite_connection *connection) { library.close(connection); }
void sqlite_wait(sqlite_connection *connection, int milliseconds) { library.busy_timeout(connection, milliseconds); }
const char *sqlite_problem(sqlite_connection *connection) { return library.errmsg(connection); }

int sqlite_prepare(sqlite_connection *connection, const char *text, sqlite_statement **statement) {
  return library.prepare(connection, text, -1, (void **)statement, NULL);
}

void sqlite_finish(sqlite_statement *statement) { library.finalize(statement); }
int sqlite_step(sqlite_statement *statement) { return library.step(statement); }
int sqlite_reset(sqlite_statement *statement) { return library.reset(statement); }

int sqlite_bind_integer(sqlite_statement *statement, int place, int64_t value) {
  return library.bind_int64(statement, place, value);
}

int sqlite_bind_bytes(sqlite_statement *statement, int place, const void *bytes, size_t count, int is_text) {
  // No bytes are not nothing: NULL as their address would be.
  const void *address = bytes ? bytes : "";
  return is_text ? library.bind_text(statement, place, address, count, COPIED, utf8)
                 : library.bind_blob(statement, place, address, count, COPIED);
}

int sqlite_bind_nothing(sqlite_statement *statement, int place) { return library.bind_null(statement, place); }

int sqlite_columns(sqlite_statement *statement) { return library.column_count(statement); }
int sqlite_type(sqlite_statement *statement, int column) { return library.column_type(statement, column); }
int64_t sqlite_integer(sqlite_statement *statement, int column) { return library.column_int64(statement, column); }

const void *sqlite_bytes(sqlite_statement *statement, int column, size_t *count) {
  const void *bytes = library.column_blob(statement, column);
  *count = (size_t)library.column_bytes(statement, column);
  return bytes;
}

int64_t sqlite_changes(sqlite_connection *connection) { return library.changes(connection); }
int64_t sqlite_last_key(sqlite_connection *connection) { return library.last_insert_rowid(connection); }
