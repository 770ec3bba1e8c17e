#include "CPostgres.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static struct {
  void *(*connect)(const char *address);
  void (*finish)(void *connection);
  int (*ping)(const char *address);
  int (*status)(const void *connection);
  char *(*error_message)(const void *connection);
  int (*send)(
      void *connection, const char *statement, int count, const unsigned *types, const char *const *values, const int *lengths,
      const int *formats, int result_format);
  int (*single_rows)(void *connection);
  void *(*result)(void *connection);
  void (*clear)(void *result);
  int (*result_status)(const void *result);
  char *(*error_field)(const void *result, int field);
  char *(*changes)(void *result);
  int (*columns)(const void *result);
  unsigned (*type)(const void *result, int column);
  int (*is_null)(const void *result, int row, int column);
  char *(*value)(const void *result, int row, int column);
  int (*length)(const void *result, int row, int column);
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;

// ISO C has no conversion from what dlsym gives to a function.
static void find(void *handle, const char *name, void *function) {
  void *found = dlsym(handle, name);
  if (!found) failure = "libpq lacks a function of PostgreSQL 9.2 and later; install libpq5 (Debian, Ubuntu)";
  memcpy(function, &found, sizeof found);
}

static void open_library(void) {
  static const char *const names[] = {
#ifdef __APPLE__
      "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "/usr/local/opt/libpq/lib/libpq.5.dylib", "libpq.5.dylib",
#else
      "libpq.so.5", "libpq.so",
#endif
  };
  void *handle = NULL;
  for (size_t i = 0; !handle && i < sizeof names / sizeof *names; i++) handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    failure = "PostgreSQL's client library was not found; install libpq5 (Debian, Ubuntu) or libpq (Fedora)";
    return;
  }
  find(handle, "PQconnectdb", &library.connect);
  find(handle, "PQfinish", &library.finish);
  find(handle, "PQping", &library.ping);
  find(handle, "PQstatus", &library.status);
  find(handle, "PQerrorMessage", &library.error_message);
  find(handle, "PQsendQueryParams", &library.send);
  find(handle, "PQsetSingleRowMode", &library.single_rows);
  find(handle, "PQgetResult", &library.result);
  find(handle, "PQclear", &library.clear);
  find(handle, "PQresultStatus", &library.result_status);
  find(handle, "PQresultErrorField", &library.error_field);
  find(handle, "PQcmdTuples", &library.changes);
  find(handle, "PQnfields", &library.columns);
  find(handle, "PQftype", &library.type);
  find(handle, "PQgetisnull", &library.is_null);
  find(handle, "PQgetvalue", &library.value);
  find(handle, "PQgetlength", &library.length);
}

const char *postgres_library(void) {
  pthread_once(&once, open_library);
  return failure;
}

postgres_connection *postgres_open(const char *address) { return library.connect(address); }
// PQPING_REJECT is 1.
int postgres_is_starting(const char *address) { return library.ping(address) == 1; }
void postgres_close(postgres_connection *connection) { library.finish(connection); }
// CONNECTION_OK is 0.
int postgres_is_open(postgres_connection *connection) { return library.status(connection) == 0; }
const char *postgres_problem(postgres_connection *connection) { return library.error_message(connection); }

int postgres_send(
    postgres_connection *connection, const char *statement, int count, const char *const *values, const int *lengths, const int *formats) {
  if (!library.send(connection, statement, count, NULL, values, lengths, formats, 1)) return 0;
  return library.single_rows(connection);
}

postgres_result *postgres_next(postgres_connection *connection) { return library.result(connection); }
void postgres_free(postgres_result *result) { library.clear(result); }
int postgres_status(const postgres_result *result) { return library.result_status(result); }
// PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY.
const char *postgres_error_class(const postgres_result *result) { return library.error_field(result, 'C'); }
const char *postgres_error_text(const postgres_result *result) { return library.error_field(result, 'M'); }
const char *postgres_changes(postgres_result *result) { return library.changes(result); }
int postgres_columns(const postgres_result *result) { return library.columns(result); }
unsigned postgres_type(const postgres_result *result, int column) { return library.type(result, column); }
int postgres_is_null(const postgres_result *result, int column) { return library.is_null(result, 0, column); }

const void *postgres_bytes(const postgres_result *result, int column, size_t *count) {
  *count = (size_t)library.length(result, 0, column);
  return library.value(result, 0, column);
}
