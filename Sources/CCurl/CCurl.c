#define _GNU_SOURCE
#include "CCurl.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

// curl's functions and the numbers of its options, which its ABI keeps. Handles are opaque.
typedef struct {
  int msg;
  void *easy;
  union {
    void *whatever;
    int result;
  } data;
} curl_message;

static struct {
  int (*global_init)(long flags);
  void *(*easy_init)(void);
  void (*easy_cleanup)(void *easy);
  int (*easy_setopt)(void *easy, int option, ...);
  int (*easy_getinfo)(void *easy, int info, ...);
  const char *(*easy_strerror)(int code);
  void *(*slist_append)(void *list, const char *line);
  void (*slist_free_all)(void *list);
  void *(*multi_init)(void);
  int (*multi_cleanup)(void *multi);
  int (*multi_setopt)(void *multi, int option, ...);
  int (*multi_add_handle)(void *multi, void *easy);
  int (*multi_remove_handle)(void *multi, void *easy);
  int (*multi_perform)(void *multi, int *running);
  int (*multi_poll)(void *multi, void *extra, unsigned count, int milliseconds, int *ready);
  curl_message *(*multi_info_read)(void *multi, int *left);
} curl;

enum {
  GLOBAL_ALL = 3,
  OPT_LOW_SPEED_LIMIT = 19,
  OPT_LOW_SPEED_TIME = 20,
  OPT_NETRC = 51,
  OPT_FOLLOWLOCATION = 52,
  OPT_CONNECTTIMEOUT = 78,
  OPT_BUFFERSIZE = 98,
  OPT_NOSIGNAL = 99,
  OPT_PROTOCOLS = 181,
  OPT_PIPEWAIT = 237,
  OPT_WRITEDATA = 10001,
  OPT_URL = 10002,
  OPT_ERRORBUFFER = 10010,
  OPT_USERAGENT = 10018,
  OPT_HTTPHEADER = 10023,
  OPT_HEADERDATA = 10029,
  OPT_CAINFO = 10065,
  OPT_PRIVATE = 10103,
  OPT_WRITEFUNCTION = 20011,
  OPT_HEADERFUNCTION = 20079,
  INFO_PRIVATE = 0x100000 + 21,
  INFO_RESPONSE_CODE = 0x200000 + 2,
  MULTI_MAXCONNECTS = 6,
  PROTOCOLS_HTTP_AND_HTTPS = 1 | 2,
  MESSAGE_DONE = 1,
  CODE_RESOLVE_PROXY = 5,
  CODE_RESOLVE_HOST = 6,
  CODE_CONNECT = 7,
  CODE_TLS_CONNECT = 35,
  CODE_TLS_PEER = 60,
  CODE_TLS_AUTHORITIES = 77,
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;

// ISO C has no conversion from what dlsym gives to a function.
static void find(void *library, const char *name, void *function) {
  void *found = dlsym(library, name);
  if (!found) failure = "libcurl lacks a function of version 7.66 and later; install libcurl4 (Debian, Ubuntu)";
  memcpy(function, &found, sizeof found);
}

static void open_library(void) {
#ifdef __APPLE__
  static const char *const names[] = {"libcurl.4.dylib", "/usr/lib/libcurl.4.dylib"};
#else
  static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"};
#endif
  void *library = NULL;
  for (size_t i = 0; !library && i < sizeof names / sizeof *names; i++) library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    failure = "libcurl was not found; install libcurl4 (Debian, Ubuntu) or libcurl (Fedora)";
    return;
  }
  find(library, "curl_global_init", &curl.global_init);
  find(library, "curl_easy_init", &curl.easy_init);
  find(library, "curl_easy_cleanup", &curl.easy_cleanup);
  find(library, "curl_easy_setopt", &curl.easy_setopt);
  find(library, "curl_easy_getinfo", &curl.easy_getinfo);
  find(library, "curl_easy_strerror", &curl.easy_strerror);
  find(library, "curl_slist_append", &curl.slist_append);
  find(library, "curl_slist_free_all", &curl.slist_free_all);
  find(library, "curl_multi_init", &curl.multi_init);
  find(library, "curl_multi_cleanup", &curl.multi_cleanup);
  find(library, "curl_multi_setopt", &curl.multi_setopt);
  find(library, "curl_multi_add_handle", &curl.multi_add_handle);
  find(library, "curl_multi_remove_handle", &curl.multi_remove_handle);
  find(library, "curl_multi_perform", &curl.multi_perform);
  find(library, "curl_multi_poll", &curl.multi_poll);
  find(library, "curl_multi_info_read", &curl.multi_info_read);
  if (!failure && curl.global_init(GLOBAL_ALL) != 0) failure = "libcurl could not be initialised";
}

const char *http_open(void) {
  pthread_once(&once, open_library);
  return failure;
}

struct http_client {
  void *multi;
};

enum { MOST_HEADERS = 1 << 16, ERROR_SIZE = 256 };

// A request and its answer.
typedef struct {
  char *url;
  void *headers;
  int descriptor;
  int64_t first, last, size;
  size_t most;

  bool has_begun;  // the first byte of a body was seen
  bool is_stopped; // by us, with `outcome`
  http_outcome outcome;
  int system_error;
  long status;
  int64_t written, expected, total;
  char *lines;
  size_t lines_length;
  unsigned char *body;
  size_t body_length;
  char message[ERROR_SIZE];
} transfer;

struct http_batch {
  transfer **transfers;
  size_t count, capacity;
  int stall;
  char *authorities;
};

http_client *http_client_new(void) {
  http_client *client = calloc(1, sizeof *client);
  if (!client) return NULL;
  client->multi = curl.multi_init();
  if (!client->multi) {
    free(client);
    return NULL;
  }
  curl.multi_setopt(client->multi, MULTI_MAXCONNECTS, 64L);
  return client;
}

void http_client_free(http_client *client) {
  curl.multi_cleanup(client->multi);
  free(client);
}

http_batch *http_batch_new(int stall, const char *authorities) {
  http_batch *batch = calloc(1, sizeof *batch);
  if (!batch) return NULL;
  batch->stall = stall;
  if (authorities && !(batch->authorities = strdup(authorities))) {
    free(batch);
    return NULL;
  }
  return batch;
}

static void transfer_free(transfer *one) {
  free(one->url);
  if (one->headers) curl.slist_free_all(one->headers);
  free(one->lines);
  free(one->body);
  free(one);
}

void http_batch_free(http_batch *batch) {
  for (size_t i = 0; i < batch->count; i++) transfer_free(batch->transfers[i]);
  free(batch->transfers);
  free(batch->authorities);
  free(batch);
}

// The lines as curl's list; false when memory has run out.
static bool add_headers(transfer *one, const char *headers) {
  while (*headers) {
    size_t length = strcspn(headers, "\n");
    char *line = strndup(headers, length);
    void *list = line ? curl.slist_append(one->headers, line) : NULL;
    free(line);
    if (!list) return false;
    one->headers = list;
    headers += length + (headers[length] == '\n');
  }
  return true;
}

ptrdiff_t http_batch_add(
  http_batch *batch, const char *url, const char *headers, int descriptor, int64_t first, int64_t last, int64_t size,
  size_t most) {
  if (batch->count == batch->capacity) {
    size_t capacity = batch->capacity ? 2 * batch->capacity : 16;
    transfer **larger = realloc(batch->transfers, capacity * sizeof *larger);
    if (!larger) return -1;
    batch->transfers = larger;
    batch->capacity = capacity;
  }
  transfer *one = calloc(1, sizeof *one);
  if (!one) return -1;
  one->url = strdup(url);
  one->lines = calloc(1, 1);
  (one->descriptor = descriptor, one->first = first, one->last = last, one->size = size, one->most = most);
  (one->expected = -1, one->total = -1);
  bool is_complete = one->url && one->lines && add_headers(one, headers);
  if (is_complete && descriptor >= 0) {
    char range[80];
    snprintf(range, sizeof range, "Range: bytes=%lld-%lld", (long long)first, (long long)last - 1);
    is_complete = add_headers(one, range);
  }
  if (!is_complete) {
    transfer_free(one);
    return -1;
  }
  batch->transfers[batch->count] = one;
  return (ptrdiff_t)batch->count++;
}

// Ends a transfer from one of its callbacks: curl stops when a callback takes fewer bytes than it got.
static size_t stop(transfer *one, http_outcome outcome) {
  one->is_stopped = true;
  one->outcome = outcome;
  return 0;
}

static size_t take_header(char *line, size_t size, size_t count, void *context) {
  transfer *one = context;
  size_t length = size * count;
  // Every answer begins with its own status: that of a proxy, an interim one, the last.
  if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) one->lines_length = 0;
  if (one->lines_length + length >= MOST_HEADERS) return length;
  char *larger = realloc(one->lines, one->lines_length + length + 1);
  if (!larger) return 0;
  one->lines = larger;
  memcpy(larger + one->lines_length, line, length);
  one->lines_length += length;
  larger[one->lines_length] = 0;
  return length;
}

// The value of a header, up to the end of its line; NULL without one.
static const char *header(const transfer *one, const char *name) {
  size_t length = strlen(name);
  for (const char *line = one->lines; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
    if (strncasecmp(line, name, length) == 0 && line[length] == ':') return line + length + 1 + strspn(line + length + 1, " \t");
  }
  return NULL;
}

// Whether the answer is the range that was asked for.
static bool is_range(transfer *one) {
  const char *value = header(one, "Content-Range");
  long long first, last, total;
  if (!value || sscanf(value, "bytes %lld-%lld/%lld", &first, &last, &total) != 3) return false;
  one->total = total;
  if (first != one->first || last < first || last >= total) return false;
  if (one->size >= 0 ? total != one->size || last != one->last - 1 : last > one->last - 1) return false;
  one->expected = last + 1 - first;
  return true;
}

static size_t keep(transfer *one, const char *bytes, size_t length) {
  if (one->body_length + length > one->most) {
    // Nobody reads the body of an error or a redirect, which may have no end: its status is the answer.
    if (one->status / 100 != 2) return stop(one, HTTP_DONE);
    return stop(one, one->descriptor >= 0 ? HTTP_NO_RANGE : HTTP_TOO_LONG);
  }
  unsigned char *larger = realloc(one->body, one->body_length + length);
  if (!larger) return 0;
  one->body = larger;
  memcpy(larger + one->body_length, bytes, length);
  one->body_length += length;
  return length;
}

static size_t write_to_file(transfer *one, const char *bytes, size_t length) {
  // More bytes than the range has belong nowhere.
  if ((int64_t)length > one->expected - one->written) return stop(one, HTTP_WRONG_RANGE);
  for (size_t done = 0; done < length;) {
    ssize_t now = pwrite(one->descriptor, bytes + done, length - done, one->first + one->written);
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) {
      one->system_error = now < 0 ? errno : ENOSPC;
      return stop(one, HTTP_DISK);
    }
    done += (size_t)now;
    one->written += now;
  }
  return length;
}

typedef struct {
  transfer *one;
  void *easy;
} running;

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
  running *task = context;
  transfer *one = task->one;
  size_t length = size * count;
  if (!one->has_begun) {
    one->has_begun = true;
    curl.easy_getinfo(task->easy, INFO_RESPONSE_CODE, &one->status);
    const char *encoding = header(one, "Content-Encoding");
    if (one->status / 100 == 2 && encoding && strncasecmp(encoding, "identity", 8) != 0) return stop(one, HTTP_ENCODED);
    if (one->descriptor >= 0 && one->status == 206 && !is_range(one)) return stop(one, HTTP_WRONG_RANGE);
    const char *content = header(one, "Content-Length");
    // Not a byte of a file that is too large is worth reading.
    if (one->status == 200 && content && strtoull(content, NULL, 10) > one->most)
      return stop(one, one->descriptor >= 0 ? HTTP_NO_RANGE : HTTP_TOO_LONG);
  }
  return one->descriptor >= 0 && one->status == 206 ? write_to_file(one, bytes, length) : keep(one, bytes, length);
}

// A handle for the request, or NULL when memory has run out.
static running *start(const http_batch *batch, transfer *one, http_client *client) {
  running *task = calloc(1, sizeof *task);
  if (!task) return NULL;
  task->one = one;
  task->easy = curl.easy_init();
  if (!task->easy) {
    free(task);
    return NULL;
  }
  void *easy = task->easy;
  curl.easy_setopt(easy, OPT_URL, one->url);
  curl.easy_setopt(easy, OPT_HTTPHEADER, one->headers);
  curl.easy_setopt(easy, OPT_PROTOCOLS, (long)PROTOCOLS_HTTP_AND_HTTPS);
  curl.easy_setopt(easy, OPT_FOLLOWLOCATION, 0L);
  curl.easy_setopt(easy, OPT_NETRC, 0L);
  curl.easy_setopt(easy, OPT_NOSIGNAL, 1L);
  curl.easy_setopt(easy, OPT_CONNECTTIMEOUT, batch->stall > 15 ? 15L : (long)batch->stall);
  curl.easy_setopt(easy, OPT_LOW_SPEED_LIMIT, 1L);
  curl.easy_setopt(easy, OPT_LOW_SPEED_TIME, (long)batch->stall);
  curl.easy_setopt(easy, OPT_BUFFERSIZE, 1L << 17);
  // Waits for a connection that can carry several requests (HTTP/2) in place of opening more.
  curl.easy_setopt(easy, OPT_PIPEWAIT, strncmp(one->url, "https:", 6) == 0 ? 1L : 0L);
  curl.easy_setopt(easy, OPT_ERRORBUFFER, one->message);
  curl.easy_setopt(easy, OPT_HEADERFUNCTION, take_header);
  curl.easy_setopt(easy, OPT_HEADERDATA, one);
  curl.easy_setopt(easy, OPT_WRITEFUNCTION, take_body);
  curl.easy_setopt(easy, OPT_WRITEDATA, task);
  curl.easy_setopt(easy, OPT_PRIVATE, task);
  if (batch->authorities) curl.easy_setopt(easy, OPT_CAINFO, batch->authorities);
  if (curl.multi_add_handle(client->multi, easy) != 0) {
    curl.easy_cleanup(easy);
    free(task);
    return NULL;
  }
  return task;
}

static void finish(running *task, int code, http_client *client) {
  transfer *one = task->one;
  curl.easy_getinfo(task->easy, INFO_RESPONSE_CODE, &one->status);
  if (one->outcome == HTTP_DISK) one->status = one->system_error;
  if (!one->is_stopped) {
    switch (code) {
    case 0:
      // An empty body calls no callback, and an HTTP/1.0 server may close early.
      if (one->descriptor >= 0 && one->status == 206 && one->written != one->expected)
        one->outcome = one->has_begun ? HTTP_BROKEN : HTTP_WRONG_RANGE;
      else
        one->outcome = HTTP_DONE;
      break;
    case CODE_RESOLVE_PROXY:
    case CODE_RESOLVE_HOST:
    case CODE_CONNECT:
    case CODE_TLS_CONNECT:
    case CODE_TLS_PEER:
    case CODE_TLS_AUTHORITIES: one->outcome = HTTP_NOT_CONNECTED; break;
    default: one->outcome = HTTP_BROKEN;
    }
    if (code != 0 && !one->message[0]) snprintf(one->message, ERROR_SIZE, "%s", curl.easy_strerror(code));
  }
  curl.multi_remove_handle(client->multi, task->easy);
  curl.easy_cleanup(task->easy);
  free(task);
}

int http_batch_run(http_batch *batch, http_client *client, int parallel) {
  size_t next = 0, active = 0;
  bool has_memory = true;
  while (active > 0 || (next < batch->count && has_memory)) {
    while (has_memory && next < batch->count && active < (size_t)parallel) {
      if (!start(batch, batch->transfers[next], client)) {
        has_memory = false;
        break;
      }
      next++;
      active++;
    }
    int left = 0;
    if (curl.multi_perform(client->multi, &left) != 0) return -1;
    for (curl_message *message; (message = curl.multi_info_read(client->multi, &left));) {
      if (message->msg != MESSAGE_DONE) continue;
      void *task = NULL;
      int code = message->data.result;
      curl.easy_getinfo(message->easy, INFO_PRIVATE, &task);
      finish(task, code, client);
      active--;
    }
    if (active > 0 && !(has_memory && next < batch->count && active < (size_t)parallel))
      curl.multi_poll(client->multi, NULL, 0, 1000, NULL);
  }
  return has_memory ? 0 : -1;
}

http_outcome http_batch_outcome(const http_batch *batch, size_t number) { return batch->transfers[number]->outcome; }
long http_batch_status(const http_batch *batch, size_t number) { return batch->transfers[number]->status; }
int64_t http_batch_written(const http_batch *batch, size_t number) { return batch->transfers[number]->written; }
int64_t http_batch_total(const http_batch *batch, size_t number) { return batch->transfers[number]->total; }
const char *http_batch_headers(const http_batch *batch, size_t number) { return batch->transfers[number]->lines; }
const char *http_batch_message(const http_batch *batch, size_t number) { return batch->transfers[number]->message; }

const unsigned char *http_batch_body(const http_batch *batch, size_t number, size_t *length) {
  *length = batch->transfers[number]->body_length;
  return batch->transfers[number]->body;
}
