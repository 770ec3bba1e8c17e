#!/usr/bin/env python3
"""A server that speaks as the Hugging Face hub does, for tests: models over loopback, with faults on demand.

    python3 hub_server.py [ROOT] [--repo ORG/NAME=FOLDER]… [--all ORG=FOLDER]… [--giant ORG/NAME=JSON]… [--tls CERTIFICATE KEY] [--stay]

ROOT holds folders ORG/NAME and may hold hub.json, {"ORG/NAME": settings} (see Repository in hub_content.py). --all serves each folder in
FOLDER under its name. --giant serves a model that exists as a formula only (giants.py), for example
--giant us/base='{"shape": "7b"}' --giant them/tuned='{"shape": "7b", "noise": 0.1}'.

When ready it prints one line of JSON: {"hub": "http://127.0.0.1:PORT", "lfs": "http://127.0.0.2:PORT", "tokens": {…}}. The first is the
HF_ENDPOINT; to the second go the redirects for files in LFS, with a signed query. It ends when its stdin closes, so that a killed test
leaves nothing; --stay keeps it for a person. Tokens: hf_reader may read gated and private repositories, hf_stranger is valid and may not.

Control, on the hub's address:
    POST /_control/rules     a JSON list of rules, which replaces the one before; see Rule in hub_faults.py
    POST /_control/repos     {"ORG/NAME": settings}: adds or replaces repositories
    POST /_control/settings  {"page": 1000, "delay": 0.05, "link": 12500000}: entries a page of a tree; seconds before each answer; bytes
                             a second of all answers together
    POST /_control/reset     forgets rules, settings and the log
    GET /_control/log        {"hosts": {"hub": {"requests", "connections", "bytes"}, "lfs": {…}}, "requests": [{"host", "connection",
                             "method", "path", "headers", "status", "bytes", "sent"}]}: `bytes` are those of bodies that went out

Standard library only; --giant needs numpy. scripts/check-hub-server holds it against the real client.
"""
import argparse
import hashlib
import hmac
import json
import os
import posixpath
import re
import signal
import socket
import ssl
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from hub_content import MemoryContent, Repository, repositories_below
from hub_faults import Answer, Gone, Rule

TOKENS = {"reader": "hf_reader", "stranger": "hf_stranger"}
BLOCK = 1 << 18


class Refusal(Exception):
    """An error as the hub words it: a status, an X-Error-Code and a message."""

    def __init__(self, status, code, message, **headers):
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers


class Hub:
    """What both hosts serve, the rules in force, and the log."""

    def __init__(self, repositories):
        self.repositories = {name: Repository(name, settings) for name, settings in repositories.items()}
        self.objects = {}  # SHA-256 → file, for the host of LFS
        self.secret = os.urandom(16)
        self.lock = threading.Lock()
        self.next_free = 0.0
        self.address = self.store = None
        self.reset()

    def reset(self):
        with self.lock:
            self.rules, self.requests = [], []
            self.hosts = {host: {"requests": 0, "connections": 0, "bytes": 0} for host in ("hub", "lfs")}
            self.settings = {"page": 1000, "delay": 0.0, "link": None}

    def rule_for(self, host, method, path):
        with self.lock:
            return next((rule for rule in self.rules if rule.applies(f"{host} {method} {path}")), None)

    def wait_for_link(self, count):
        """Waits until the link, which all answers share, has carried `count` bytes more."""
        rate = self.settings["link"]
        if rate:
            with self.lock:
                self.next_free = max(time.monotonic(), self.next_free) + count / rate
                until = self.next_free
            time.sleep(max(0.0, until - time.monotonic()))

    def signature(self, path):
        return hmac.new(self.secret, path.encode(), hashlib.sha256).hexdigest()

    def signed_address(self, repository, file):
        path = f"/repos/{repository}/{file.sha256}"
        with self.lock:
            self.objects[file.sha256] = file
        query = {
            "response-content-disposition": f'inline; filename="{posixpath.basename(file.name)}";',
            "X-Amz-Expires": "3600", "X-Amz-SignedHeaders": "host", "X-Amz-Signature": self.signature(path),
        }
        return f"{self.store}{path}?{urllib.parse.urlencode(query)}"


class Handler(BaseHTTPRequestHandler):
    """One connection. `server.host` says which of the two hosts it is."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "unmask-test-hub", ""
    disable_nagle_algorithm = True
    timeout = 600

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.serve()

    def do_GET(self):
        self.serve()

    def do_POST(self):
        self.serve()

    def serve(self):
        hub, host = self.server.hub, self.server.host
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if host == "hub" and self.path.startswith("/_control/"):
            return self.control(body)
        entry = {
            "host": host, "connection": self.client_address[1], "method": self.command, "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()}, "status": None, "bytes": 0, "sent": 0}
        with hub.lock:
            hub.requests.append(entry)
            hub.hosts[host]["requests"] += 1
        rule = hub.rule_for(host, self.command, self.path)
        try:
            answer = Answer(200)
            try:
                if rule and rule.answers:
                    answer = rule.answer(f"{hub.address if host == 'hub' else hub.store}{self.path}", hub.store + self.path)
                else:
                    answer = self.answer(rule)
            except Refusal as refusal:
                answer = refused(refusal)
            if rule:
                rule.change(answer)
            time.sleep(hub.settings["delay"] + (rule.delay if rule else 0))
            self.send(answer, rule, entry)
        except (Gone, ConnectionError, ssl.SSLError, TimeoutError):
            self.close_connection = True

    def control(self, body):
        hub, what = self.server.hub, self.path[len("/_control/") :]
        result, status = {}, 200
        try:
            if what == "log":
                with hub.lock:
                    result = {"hosts": hub.hosts, "requests": hub.requests}
                    result = json.loads(json.dumps(result))
            elif what == "rules":
                rules = [Rule(**rule) for rule in json.loads(body)]
                with hub.lock:
                    hub.rules = rules
            elif what == "repos":
                added = {name: Repository(name, settings) for name, settings in json.loads(body).items()}
                with hub.lock:
                    hub.repositories.update(added)
            elif what == "settings":
                with hub.lock:
                    hub.settings.update(json.loads(body))
            elif what == "reset":
                hub.reset()
            else:
                raise ValueError(f"no such control: {what}")
        except (ValueError, TypeError, re.error) as error:
            result, status = {"error": str(error)}, 400
        text = json.dumps(result).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    # What the hub answers.

    def answer(self, rule):
        path, _, query = self.path.partition("?")
        if self.server.host == "lfs" and path.startswith("/repos/"):
            return self.stored(path, urllib.parse.parse_qs(query), rule)
        if self.server.host == "lfs" and "Authorization" in self.headers:
            raise Refusal(400, None, "Only one auth mechanism allowed")
        parts = [urllib.parse.unquote(part) for part in path.strip("/").split("/")]
        if parts[:2] == ["api", "models"] and len(parts) in (4, 6) and parts[4:5] in ([], ["revision"]):
            return self.model_info("/".join(parts[2:4]), *parts[5:6])
        if parts[:2] == ["api", "models"] and len(parts) >= 6 and parts[4] == "tree":
            return self.tree("/".join(parts[2:4]), parts[5], "/".join(parts[6:]), urllib.parse.parse_qs(query))
        if parts[:3] == ["api", "resolve-cache", "models"] and len(parts) >= 7:
            return self.resolve("/".join(parts[3:5]), parts[5], "/".join(parts[6:]), rule, cached=True)
        if len(parts) >= 5 and parts[2] == "resolve":
            return self.resolve("/".join(parts[:2]), parts[3], "/".join(parts[4:]), rule)
        raise Refusal(404, None, "Sorry, we can't find the page you are looking for.")

    def token(self):
        """The token of the request; nil if there is none."""
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if not kind:
            return None
        known = set(TOKENS.values()) | {token for repo in self.server.hub.repositories.values() for token in repo.readers}
        if kind.lower() != "bearer" or token not in known:
            raise Refusal(401, None, "Invalid credentials in Authorization header")
        return token

    def repository(self, name, files=False):
        token = self.token()
        repository = self.server.hub.repositories.get(name)
        if repository is not None and repository.moved:
            raise Refusal(307, None, "Moved", Location=self.path.replace(name, repository.moved, 1))
        reads = repository is not None and token in repository.readers
        if repository is None or (repository.private and not reads):
            # Nobody without a token learns whether a repository exists.
            if token is None:
                raise Refusal(401, "RepoNotFound", "Invalid username or password.")
            raise Refusal(404, "RepoNotFound", "Repository not found")
        if files and repository.gated and not reads:
            restricted = f"Access to model {name} is restricted"
            if token is None:
                raise Refusal(401, "GatedRepo", f"{restricted}. You must be authenticated to access it. Please log in.")
            raise Refusal(403, "GatedRepo", f"{restricted} and you are not in the authorized list. Ask for access on its page.")
        return repository

    def revision(self, repository, name):
        revision = repository.revision(name)
        if revision is None:
            raise Refusal(404, "RevisionNotFound", f"Invalid rev id: {name}")
        return revision

    def model_info(self, name, revision="main"):
        repository = self.repository(name)
        found = self.revision(repository, revision)
        return json_answer({
            "_id": hashlib.sha1(name.encode()).hexdigest()[:24], "id": name, "modelId": name, "author": name.split("/")[0],
            "sha": found.commit, "private": repository.private, "gated": "manual" if repository.gated else False, "disabled": False,
            "downloads": 0, "likes": 0, "tags": [], "createdAt": "2026-01-01T00:00:00.000Z", "lastModified": "2026-01-01T00:00:00.000Z",
            "siblings": [{"rfilename": file} for file in found.files],
        })

    def tree(self, name, revision, folder, query):
        found = self.revision(self.repository(name), revision)
        recursive = query.get("recursive", ["false"])[0].lower() in ("true", "1")
        entries = found.entries(folder, recursive)
        if folder and not entries:
            raise Refusal(404, "EntryNotFound", f"{folder} does not exist on \"{revision}\"")
        limit = min(int(query.get("limit", ["1000"])[0]), self.server.hub.settings["page"])
        first = int(query.get("cursor", ["0"])[0])
        answer = json_answer(entries[first : first + limit])
        if first + limit < len(entries):
            address = self.server.hub.address + self.path.partition("?")[0]
            more = {"recursive": str(recursive).lower(), "limit": limit, "cursor": first + limit}
            answer.headers["Link"] = f'<{address}?{urllib.parse.urlencode(more)}>; rel="next"'
        return answer

    def resolve(self, name, revision, path, rule, cached=False):
        repository = self.repository(name, files=True)
        found = self.revision(repository, revision)
        commit = {"X-Repo-Commit": found.commit}
        if path not in found.files:
            raise Refusal(404, "EntryNotFound", "Entry not found", **commit)
        file = found.files[path]
        commit.update({"Accept-Ranges": "bytes", "Content-Disposition": f'inline; filename="{posixpath.basename(path)}";'})
        if file.in_lfs:
            return Answer(302, commit | {
                "X-Linked-Size": str(file.size), "X-Linked-Etag": file.etag,
                # The store's other protocol, which a client need not know.
                "X-Xet-Hash": hashlib.sha256(b"xet" + file.sha256.encode()).hexdigest(),
                "Link": f'<{self.server.hub.address}/api/models/{name}/xet-read-token/{found.commit}>; rel="xet-auth"',
                "Location": self.server.hub.signed_address(name, file)})
        etag = rule.etag if rule and rule.etag else file.etag
        if not (cached or repository.gated or repository.private or file.size == 0):
            # Public small files come from an address that names the commit.
            quoted = urllib.parse.quote(f"/api/resolve-cache/models/{name}/{found.commit}/{path}")
            return Answer(307, commit | {
                "Location": f"{quoted}?{urllib.parse.quote(self.path, safe='')}=&etag={urllib.parse.quote(etag)}",
                "X-Linked-Size": str(file.size), "X-Linked-Etag": etag})
        return self.bytes_of(file, etag, commit, rule)

    def stored(self, path, query, rule):
        """A file from the store of LFS, under a signed address. A token here is refused, as the stores of the hub do."""
        if "Authorization" in self.headers:
            raise Refusal(400, None, "Only one auth mechanism allowed")
        if not hmac.compare_digest(self.server.hub.signature(path), query.get("X-Amz-Signature", [""])[0]):
            raise Refusal(403, None, "SignatureDoesNotMatch")
        file = self.server.hub.objects.get(path.rsplit("/", 1)[-1])
        if file is None:
            raise Refusal(404, None, "NoSuchKey")
        etag = rule.etag if rule and rule.etag else file.store_etag
        return self.bytes_of(file, etag, {"Accept-Ranges": "bytes", "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}, rule)

    def bytes_of(self, file, etag, headers, rule):
        """All bytes, or the range that is asked for: single ranges only, as the hub's stores."""
        headers = headers | {"ETag": etag, "Content-Type": "application/octet-stream"}
        if self.headers.get("If-None-Match") == etag:
            return Answer(304, headers)
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", "").replace(" ", ""))
        if self.headers.get("If-Range") not in (None, etag) or (rule and rule.no_range):
            asked = None
        if asked is None or asked.group(1) == asked.group(2) == "":
            return Answer(200, headers, file.content, 0, file.size)
        if asked.group(1) == "":
            first, last = max(0, file.size - int(asked.group(2))), file.size - 1
        else:
            first, last = int(asked.group(1)), min(int(asked.group(2) or file.size), file.size - 1)
        if first > last:
            return Answer(416, {"Content-Range": f"bytes */{file.size}", "ETag": etag}, MemoryContent(b""), 0, 0)
        if rule and rule.shift_range:
            first = max(0, min(first + rule.shift_range, file.size - 1))
            last = max(first, min(last + rule.shift_range, file.size - 1))
        return Answer(206, headers | {"Content-Range": f"bytes {first}-{last}/{file.size}"}, file.content, first, last + 1 - first)

    # How it goes over the wire.

    def send(self, answer, rule, entry):
        entry["status"] = answer.status
        if rule and rule.drop:
            self.break_off()
        body = answer.status not in (204, 304) and self.command != "HEAD"
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if value is not None:
                self.send_header(name, value)
        for number in range(rule.junk_headers if rule else 0):
            self.send_header(f"X-Junk-{number}", "j" * 1000)
        if answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif "Content-Length" not in answer.headers and answer.status not in (204, 304):
            self.send_header("Content-Length", str(answer.size))
        if rule and rule.close_after is not None:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.flush()
        if body:
            for block in answer.blocks(BLOCK if not (rule and rule.rate) else 4096):
                self.send_block(block, answer, rule, entry)
            if rule and (rule.reset_after is not None or rule.stall_after is not None or rule.close_after is not None):
                self.fault(rule)
            if answer.chunked:
                self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()

    def send_block(self, block, answer, rule, entry):
        limit = rule.limit if rule else None
        if limit is not None:
            block = block[: limit - entry["sent"]]
        if rule and rule.rate:
            time.sleep(len(block) / rule.rate)
        self.server.hub.wait_for_link(len(block))
        if block:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(block), block) if answer.chunked else block)
        with self.server.hub.lock:
            entry["sent"] += len(block)
            entry["bytes"] = entry["sent"]
            self.server.hub.hosts[self.server.host]["bytes"] += len(block)
        if limit is not None and entry["sent"] >= limit:
            self.fault(rule)

    def fault(self, rule):
        """What happens after the last byte that the rule lets through."""
        self.wfile.flush()
        if rule.stall_after is not None:
            # Until the client goes, or for a long while.
            self.connection.settimeout(rule.stall_seconds)
            try:
                self.connection.recv(1)
            except OSError:
                pass
        if rule.close_after is not None:
            self.close_connection = True
            raise Gone()
        self.break_off()

    def break_off(self):
        """Ends the connection with RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        os.close(self.connection.detach())
        raise Gone()


def json_answer(value, status=200, **headers):
    return Answer(status, {"Content-Type": "application/json; charset=utf-8", **headers}, MemoryContent(json.dumps(value).encode()))


def refused(refusal):
    headers = {"X-Error-Message": str(refusal), **refusal.headers}
    if refusal.code:
        headers["X-Error-Code"] = refusal.code
    return json_answer({"error": str(refusal)}, refusal.status, **headers)


class Server(ThreadingHTTPServer):
    """One of the two hosts."""

    daemon_threads, block_on_close, request_queue_size = True, False, 128

    def __init__(self, host, address, hub, tls):
        super().__init__((address, 0), Handler)
        self.host, self.hub = host, hub
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            # The handshake happens at the first read, in the connection's own thread.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.address = f"{'https' if tls else 'http'}://{address}:{self.server_address[1]}"

    def server_bind(self):
        # The usual one looks the host's name up, which may take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]

    def process_request(self, request, client_address):
        with self.hub.lock:
            self.hub.hosts[self.host]["connections"] += 1
        super().process_request(request, client_address)

    def handle_error(self, request, client_address):
        kind, error, _ = sys.exc_info()
        if not isinstance(error, (OSError, ValueError)):
            super().handle_error(request, client_address)


def pair(text, what):
    name, separator, value = text.partition("=")
    if not separator:
        sys.exit(f"hub_server: {what} wants NAME=VALUE, not {text}")
    return name, value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?")
    parser.add_argument("--repo", action="append", default=[], metavar="ORG/NAME=FOLDER")
    parser.add_argument("--all", action="append", default=[], metavar="ORG=FOLDER")
    parser.add_argument("--giant", action="append", default=[], metavar="ORG/NAME=JSON")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    parser.add_argument("--lfs-address", default="127.0.0.2", help="where redirects for files in LFS go (default: 127.0.0.2)")
    parser.add_argument("--stay", action="store_true", help="do not end when stdin closes")
    arguments = parser.parse_args()

    settings = repositories_below(arguments.root) if arguments.root else {}
    for text in arguments.all:
        organisation, folder = pair(text, "--all")
        for name in sorted(os.listdir(folder)):
            if os.path.isdir(os.path.join(folder, name)):
                settings[f"{organisation}/{name}"] = {"folder": os.path.join(folder, name)}
    for text in arguments.repo:
        name, folder = pair(text, "--repo")
        settings[name] = {"folder": folder}
    for text in arguments.giant:
        name, value = pair(text, "--giant")
        settings[name] = {"giant": json.loads(value)}

    hub = Hub(settings)
    servers = [Server("hub", "127.0.0.1", hub, arguments.tls)]
    try:
        servers.append(Server("lfs", arguments.lfs_address, hub, arguments.tls))
    except OSError:
        # Systems other than Linux have one address of loopback.
        servers.append(Server("lfs", "127.0.0.1", hub, arguments.tls))
    hub.address, hub.store = (server.address for server in servers)
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"hub": hub.address, "lfs": hub.store, "tokens": TOKENS}), flush=True)
    if arguments.stay:
        signal.pause()
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
