// The machine's own limits, against which the bench holds unmask. Built and called by scripts/bench.
//
//   limits touch MODE THREADS FILE…    reads every byte once: map (a fresh shared mapping, plain faults), private (the same, a private
//                                      mapping), populate (MADV_POPULATE_READ by chunk before reading), pread (into a small buffer)
//   limits read MODE THREADS FILE…     sequential read from disk: buffered or direct (O_DIRECT); each thread reads its own part of each file
//   limits evict FILE…                 writes back and drops the files from the page cache
//   limits resident FILE…              share of the files' pages in the page cache
//
// Prints one line: seconds, bytes, and a checksum (or the share). The caller times the whole process, faults and exit included.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

enum { max_files = 256, max_threads = 256 };
static const size_t touch_chunk = 4 << 20, pread_chunk = 512 << 10, disk_block = 8 << 20, page = 4096;

typedef struct {
  const char *path;
  int descriptor;
  size_t size;
  const uint8_t *bytes;
} file;

static file files[max_files];
static int file_count;
static const char *mode;
static int threads;
static atomic_size_t next_chunk;
static _Atomic uint64_t checksum;

static void fail(const char *what, const char *path) {
  fprintf(stderr, "limits: %s %s: %s\n", what, path, strerror(errno));
  exit(74);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void open_files(char **paths, int count, int flags) {
  if (count > max_files) count = max_files;
  for (file_count = 0; file_count < count; file_count++) {
    file *f = &files[file_count];
    struct stat status;
    f->path = paths[file_count];
    f->descriptor = open(f->path, flags);
    if (f->descriptor < 0) fail("open", f->path);
    if (fstat(f->descriptor, &status)) fail("stat", f->path);
    f->size = (size_t)status.st_size;
  }
}

// Wrapping sum of the 64-bit words (and of the bytes left over); independent lanes, so that the compiler makes vectors of them.
static uint64_t sum(const uint8_t *bytes, size_t count) {
  uint64_t lanes[32] = {0}, total = 0;
  size_t i = 0;
  for (; i + sizeof lanes <= count; i += sizeof lanes) {
    uint64_t words[32];
    memcpy(words, bytes + i, sizeof words);
    for (int k = 0; k < 32; k++) lanes[k] += words[k];
  }
  for (; i < count; i++) total += bytes[i];
  for (int k = 0; k < 32; k++) total += lanes[k];
  return total;
}

// Chunks of all files under one running number, taken by whichever thread is free.
static void *touch(void *unused) {
  (void)unused;
  uint64_t total = 0;
  int copies = !strcmp(mode, "pread"), populates = !strcmp(mode, "populate");
  size_t chunk = copies ? pread_chunk : touch_chunk;
  uint8_t *buffer = copies ? malloc(chunk) : NULL;
  for (;;) {
    size_t number = atomic_fetch_add(&next_chunk, 1);
    int i = 0;
    for (; i < file_count; i++) {
      size_t chunks = (files[i].size + chunk - 1) / chunk;
      if (number < chunks) break;
      number -= chunks;
    }
    if (i == file_count) break;
    size_t begin = number * chunk, count = files[i].size - begin < chunk ? files[i].size - begin : chunk;
    if (copies) {
      ssize_t got = pread(files[i].descriptor, buffer, count, (off_t)begin);
      if (got != (ssize_t)count) fail("read", files[i].path);
      total += sum(buffer, count);
    } else {
      if (populates) madvise((void *)(files[i].bytes + begin), count, MADV_POPULATE_READ);
      total += sum(files[i].bytes + begin, count);
    }
  }
  free(buffer);
  atomic_fetch_add(&checksum, total);
  return NULL;
}

static void *read_part(void *argument) {
  size_t part = (size_t)(uintptr_t)argument;
  uint8_t *buffer = aligned_alloc(page, disk_block);
  for (int i = 0; i < file_count; i++) {
    size_t blocks = (files[i].size + disk_block - 1) / disk_block;
    size_t begin = blocks * part / (size_t)threads * disk_block, end = blocks * (part + 1) / (size_t)threads * disk_block;
    if (end > files[i].size) end = files[i].size;
    while (begin < end) {
      ssize_t got = pread(files[i].descriptor, buffer, disk_block, (off_t)begin);
      if (got <= 0) fail("read", files[i].path);
      begin += (size_t)got;
    }
  }
  free(buffer);
  return NULL;
}

static size_t run(void *(*work)(void *)) {
  pthread_t others[max_threads];
  size_t bytes = 0;
  for (int i = 0; i < file_count; i++) bytes += files[i].size;
  for (int i = 1; i < threads; i++) {
    if (pthread_create(&others[i], NULL, work, (void *)(uintptr_t)i)) fail("thread", "");
  }
  work((void *)0);
  for (int i = 1; i < threads; i++) pthread_join(others[i], NULL);
  return bytes;
}

static void map_files(int flags) {
  for (int i = 0; i < file_count; i++) {
    if (files[i].size == 0) continue;
    void *bytes = mmap(NULL, files[i].size, PROT_READ, flags, files[i].descriptor, 0);
    if (bytes == MAP_FAILED) fail("map", files[i].path);
    files[i].bytes = bytes;
  }
}

static double resident(void) {
  size_t pages = 0, present = 0;
  map_files(MAP_SHARED);
  for (int i = 0; i < file_count; i++) {
    size_t count = (files[i].size + page - 1) / page;
    unsigned char *there = malloc(count + 1);
    if (count && mincore((void *)files[i].bytes, files[i].size, there)) fail("mincore", files[i].path);
    for (size_t k = 0; k < count; k++) present += there[k] & 1;
    pages += count;
    free(there);
  }
  return pages ? (double)present / (double)pages : 1;
}

int main(int count, char **arguments) {
  double start = now();
  const char *command = count > 1 ? arguments[1] : "";
  if (!strcmp(command, "evict") && count > 2) {
    open_files(arguments + 2, count - 2, O_RDONLY);
    for (int i = 0; i < file_count; i++) {
      fsync(files[i].descriptor);
      posix_fadvise(files[i].descriptor, 0, 0, POSIX_FADV_DONTNEED);
    }
    printf("%.6f\n", resident());
  } else if (!strcmp(command, "resident") && count > 2) {
    open_files(arguments + 2, count - 2, O_RDONLY);
    printf("%.6f\n", resident());
  } else if ((!strcmp(command, "touch") || !strcmp(command, "read")) && count > 4) {
    mode = arguments[2];
    threads = atoi(arguments[3]);
    if (threads < 1 || threads > max_threads) threads = 1;
    size_t bytes;
    if (!strcmp(command, "touch")) {
      open_files(arguments + 4, count - 4, O_RDONLY);
      if (strcmp(mode, "pread")) map_files(!strcmp(mode, "private") ? MAP_PRIVATE : MAP_SHARED);
      bytes = run(touch);
    } else {
      open_files(arguments + 4, count - 4, O_RDONLY | (!strcmp(mode, "direct") ? O_DIRECT : 0));
      for (int i = 0; i < file_count && strcmp(mode, "direct"); i++) posix_fadvise(files[i].descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
      bytes = run(read_part);
    }
    printf("%.6f %zu %016llx\n", now() - start, bytes, (unsigned long long)checksum);
  } else {
    fprintf(stderr, "usage: limits touch|read MODE THREADS FILE… | evict FILE… | resident FILE…\n");
    return 64;
  }
  return 0;
}
