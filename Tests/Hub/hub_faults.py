"""Faults of the test server: rules that change what it answers."""
import gzip
import re

from hub_content import MemoryContent


class Gone(Exception):
    """The connection has been ended on purpose."""


class Answer:
    """A status, headers, and `size` bytes of a content from `first` on."""

    def __init__(self, status, headers=None, content=None, first=0, size=None):
        self.status, self.headers = status, dict(headers or {})
        self.content = content or MemoryContent(b"")
        self.first, self.size = first, self.content.size - first if size is None else size
        self.chunked = self.endless = False

    def blocks(self, length):
        while self.endless:
            yield bytes(length)
        for at in range(self.first, self.first + self.size, length):
            yield self.content.read(at, min(length, self.first + self.size - at))


class Rule:
    """What to do with requests that match.

    Which requests:
      match           a regular expression, searched in "HOST METHOD PATH", HOST being hub or lfs: "lfs GET", "^hub HEAD .*config.json"
      after           so many matching requests pass first                    (0)
      times           so many are changed, then the rule is spent             (1; null: all)
    Instead of the answer:
      status          a status, with `headers` and `body` (text)
      redirect        302 to "loop" (this address), "other" (this path on the host of LFS), or an address
      drop            no byte at all: the connection is reset
    The answer, changed:
      headers         headers to set; null removes one: {"Content-Range": null}, {"Content-Length": "12"}
      etag            this ETag, for If-Range too: the file has changed
      no_range        Range is ignored: 200 with all bytes
      shift_range     another range than asked, by so many bytes, with the Content-Range of what is sent
      gzip            the body compressed, whether the client takes it or not
      chunked         no Content-Length
      endless         a body of zeros without end, chunked
      junk_headers    so many headers of 1 kB more
      reset_after     RST after so many bytes of the body
      close_after     an ordinary end of the connection after so many bytes of the body
      stall_after     silence after so many bytes of the body, for `stall_seconds` (600) or until the client goes
      rate            bytes a second of this answer
      delay           seconds before it
    """

    def __init__(
        self, match, after=0, times=1, status=None, headers=None, body=None, redirect=None, drop=False, etag=None, no_range=False,
        shift_range=0, gzip=False, chunked=False, endless=False, junk_headers=0, reset_after=None, close_after=None,
        stall_after=None, stall_seconds=600, rate=None, delay=0,
    ):
        self.pattern, self.after, self.times = re.compile(match), after, times
        self.status, self.headers, self.body, self.redirect, self.drop = status, headers or {}, body, redirect, drop
        self.etag, self.no_range, self.shift_range = etag, no_range, shift_range
        self.gzip, self.chunked, self.endless, self.junk_headers = gzip, chunked or endless, endless, junk_headers
        self.reset_after, self.close_after, self.stall_after = reset_after, close_after, stall_after
        self.stall_seconds, self.rate, self.delay = stall_seconds, rate, delay

    def applies(self, request):
        """Whether the rule changes this request; counts it. Under the hub's lock."""
        if not self.pattern.search(request) or self.times == 0:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    @property
    def answers(self):
        """Whether the rule answers by itself."""
        return self.status is not None or self.redirect is not None or self.drop

    @property
    def limit(self):
        """How many bytes of the body go out at most."""
        return next((limit for limit in (self.reset_after, self.close_after, self.stall_after) if limit is not None), None)

    def answer(self, here, other):
        if self.redirect is not None:
            return Answer(302, {"Location": {"loop": here, "other": other}.get(self.redirect, self.redirect)})
        return Answer(self.status or 200, {}, MemoryContent((self.body or "").encode()))

    def change(self, answer):
        for name in self.headers:
            # Names are the same in any case.
            for old in [old for old in answer.headers if old.lower() == name.lower()]:
                del answer.headers[old]
        answer.headers.update(self.headers)
        if self.gzip:
            data = gzip.compress(answer.content.read(answer.first, answer.size))
            answer.content, answer.first, answer.size = MemoryContent(data), 0, len(data)
            answer.headers["Content-Encoding"] = "gzip"
        answer.chunked, answer.endless = self.chunked, self.endless
