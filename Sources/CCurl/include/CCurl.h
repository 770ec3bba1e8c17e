// HTTP by the system's libcurl, which is opened at the first call and not linked: loading it takes longer than most commands.
//
// A batch is a list of GET requests that run at the same time, over connections that a client keeps. Redirects are not followed:
// the caller does that, because only it knows which headers may go to another host. TLS is verified; proxies are those of the
// environment, as curl reads it; other protocols than http and https are refused.
#ifndef UNMASK_CCURL_H
#define UNMASK_CCURL_H

#include <stddef.h>
#include <stdint.h>

// Connections that are kept between batches. Used by one thread at a time.
typedef struct http_client http_client;
// Requests and, once they have run, their answers. Used by one thread at a time.
typedef struct http_batch http_batch;

// How a request ended.
typedef enum {
  HTTP_DONE,          // an answer came completely; its status may be any
  HTTP_NOT_CONNECTED, // no connection: name, route, TLS
  HTTP_BROKEN,        // the connection broke, stalled, or ended before the body did
  HTTP_NO_RANGE,      // the answer to a range is a whole file that is too large
  HTTP_WRONG_RANGE,   // the answer is another range, of another length or of a file of another length
  HTTP_TOO_LONG,      // the body is longer than the limit
  HTTP_ENCODED,       // the body is compressed, although that was not asked for
  HTTP_DISK           // the body could not be written to the file; the status is the system's error number
} http_outcome;

// Opens the library, if it is not open yet. Returns NULL, or why it could not be opened (a static string, never freed).
const char *http_open(void);

// A new client, or NULL when memory has run out. http_open must have returned NULL.
http_client *http_client_new(void);
void http_client_free(http_client *client);

// A batch without requests, or NULL when memory has run out. `stall`: seconds without a byte after which a connection is broken.
// `authorities`: a file of certificates, or NULL for the system's.
http_batch *http_batch_new(int stall, const char *authorities);
void http_batch_free(http_batch *batch);

// Adds a request and returns its number, or -1 when memory has run out. `headers`: lines, each ended by '\n'. The texts are copied.
//
// With `descriptor` -1 the body is kept in memory, at most `most` bytes. Otherwise the bytes `first` to `last` (exclusive) are asked
// for, and a body of status 206 is written to the file at its place, if its Content-Range is the one that was asked for and the
// total length is `size` (-1: any). A `last` beyond the end of the file is allowed where `size` is -1. A body with another status
// is kept in memory, at most `most` bytes: a longer one with status 200 ends the request, of others the rest is dropped.
ptrdiff_t http_batch_add(
  http_batch *batch, const char *url, const char *headers, int descriptor, int64_t first, int64_t last, int64_t size, size_t most);

// Runs all requests, at most `parallel` at the same time, and returns when all have ended. Returns 0, or -1 when memory has run
// out.
int http_batch_run(http_batch *batch, http_client *client, int parallel);

http_outcome http_batch_outcome(const http_batch *batch, size_t number);
// The status of the answer; 0 without one.
long http_batch_status(const http_batch *batch, size_t number);
// Bytes that were written to the file, from `first` on.
int64_t http_batch_written(const http_batch *batch, size_t number);
// The total length of the file that a Content-Range gave; -1 without one.
int64_t http_batch_total(const http_batch *batch, size_t number);
// The lines of the answer's headers, at most 64 KB. Lives as long as the batch.
const char *http_batch_headers(const http_batch *batch, size_t number);
// The body in memory, and its length.
const unsigned char *http_batch_body(const http_batch *batch, size_t number, size_t *length);
// curl's message for a request that did not end with HTTP_DONE; may be empty.
const char *http_batch_message(const http_batch *batch, size_t number);

#endif
