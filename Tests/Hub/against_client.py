"""Holds hub_server.py against the real client, huggingface_hub, and each fault against plain HTTP. See scripts/check-hub-server.

    python against_client.py ROOT       ROOT: the repository
"""
import http.client
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
failures, claims = [], 0


def claim(text, holds, found=""):
    global claims
    claims += 1
    if not holds:
        failures.append(text)
        print(f"not so: {text} {found}", file=sys.stderr)


class Server:
    """The server under test, and its control."""

    def __init__(self, *arguments):
        command = [sys.executable, os.path.join(HERE, "hub_server.py"), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.process.stdout.readline())
        self.hub, self.lfs = ready["hub"], ready["lfs"]

    def control(self, what, value=None):
        data = None if value is None else json.dumps(value).encode()
        with urllib.request.urlopen(f"{self.hub}/_control/{what}", data) as answer:
            return json.load(answer)

    def rules(self, *rules):
        self.control("reset", {})
        self.control("rules", rules)

    def log(self):
        return self.control("log")

    def ends_with_stdin(self):
        self.process.stdin.close()
        try:
            return self.process.wait(5) == 0
        except subprocess.TimeoutExpired:
            self.process.kill()
            return False


def get(address, method="GET", **headers):
    """Status, headers and body; redirects are not followed. The body is what came before the connection broke, with the error."""
    parts = urllib.parse.urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=2)
    try:
        connection.request(method, address[len(f"{parts.scheme}://{parts.netloc}") :], headers=headers)
        answer = connection.getresponse()
        body, error = b"", None
        try:
            while block := answer.read1(1 << 16):
                body += block
                if len(body) > 1 << 22:
                    break
        except (http.client.HTTPException, OSError) as broken:
            error = type(broken).__name__
        # What read1 does not say.
        if error is None and answer.length and method != "HEAD":
            error = "short"
        return answer.status, answer.headers, body, error
    except (http.client.HTTPException, OSError) as broken:
        return None, {}, b"", type(broken).__name__
    finally:
        connection.close()


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def check_client(server, testdata):
    """What huggingface_hub makes of it."""
    import huggingface_hub
    from huggingface_hub.errors import (
        EntryNotFoundError, GatedRepoError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError)

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    api = huggingface_hub.HfApi(endpoint=server.hub)

    def error_of(call):
        try:
            return call() and None
        except Exception as error:
            return type(error)

    info = api.model_info("zoo/aurora")
    local = sorted(os.listdir(os.path.join(testdata, "aurora")))
    claim("model_info lists the files of the folder", sorted(file.rfilename for file in info.siblings) == local, info.siblings)
    claim("the commit is 40 hexadecimal digits", len(info.sha) == 40)
    claim("a revision is found by its commit", api.model_info("zoo/aurora", revision=info.sha).sha == info.sha)
    claim("a branch has a commit of its own", api.model_info("zoo/branches", revision="chat").sha != api.model_info("zoo/branches").sha)
    claim("a moved repository is found", api.model_info("old/name").id == "zoo/aurora")
    tree = list(api.list_repo_tree("zoo/aurora", recursive=True))
    claim("the tree has sizes", {file.path: file.size for file in tree} == {
        name: os.path.getsize(os.path.join(testdata, "aurora", name)) for name in local})
    weights = [file for file in tree if file.path.endswith(".safetensors")]
    claim("files in LFS have a SHA-256", weights and all(file.lfs.sha256 for file in weights))
    server.control("settings", {"page": 2})
    claim("pages of a tree join up", [file.path for file in api.list_repo_tree("zoo/aurora", recursive=True)] == [f.path for f in tree])
    server.control("settings", {"page": 1000})
    nested = [entry.path for entry in api.list_repo_tree("zoo/nested", recursive=True)]
    flat = [entry.path for entry in api.list_repo_tree("zoo/nested")]
    claim("a recursive tree has folders and what is in them", nested == ["a", "a/b", "a/b/config.json", "config.json"], nested)
    claim("a flat tree has folders alone", flat == ["a", "config.json"], flat)

    with tempfile.TemporaryDirectory() as cache:
        for name in ("config.json", weights[0].path):
            path = api.hf_hub_download("zoo/aurora", name, cache_dir=cache)
            claim(f"hf_hub_download gives the bytes of {name}", read(path) == read(testdata, "aurora", name))
        claim("a blob is named by its SHA-256", os.path.basename(os.path.realpath(path)) == weights[0].lfs.sha256)
        folder = api.snapshot_download("zoo/aurora", cache_dir=cache)
        claim("snapshot_download gives every file", sorted(os.listdir(folder)) == local)
        claim("a snapshot is named by its commit", os.path.basename(folder) == info.sha)

        claim("no repository", error_of(lambda: api.model_info("zoo/none")) is RepositoryNotFoundError)
        claim("no repository, with a token", error_of(
            lambda: api.model_info("zoo/none", token="hf_stranger")) is RepositoryNotFoundError)
        claim("no revision", error_of(lambda: api.model_info("zoo/aurora", revision="v9")) is RevisionNotFoundError)
        claim("no file", issubclass(error_of(
            lambda: api.hf_hub_download("zoo/aurora", "none.json", cache_dir=cache)), EntryNotFoundError))
        claim("a gated model is known to everybody", api.model_info("them/gated").gated == "manual")
        for token in (False, "hf_stranger"):
            claim(f"a gated file with token {token}", error_of(
                lambda: api.hf_hub_download("them/gated", "config.json", cache_dir=cache, token=token)) in (GatedRepoError,))
            claim(f"a private model with token {token}", error_of(
                lambda: api.model_info("them/private", token=token)) is RepositoryNotFoundError)
        claim("a token that is none", error_of(lambda: api.model_info("zoo/aurora", token="hf_none")) is HfHubHTTPError)
        for repo in ("them/gated", "them/private"):
            server.control("reset", {})
            for name in ("config.json", weights[0].path):
                path = api.hf_hub_download(repo, name, cache_dir=cache, token="hf_reader")
                claim(f"{name} of {repo} with the right token", read(path) == read(testdata, "aurora", name))
            seen = {request["host"] for request in server.log()["requests"] if "authorization" in request["headers"]}
            claim("the token went to the hub and not to the store", seen == {"hub"}, seen)

    # What the client gets over: not {"reset_after": 5000}, and before version 1 none.
    faults = ({"close_after": 5000}, {"status": 429, "headers": {"Retry-After": "1"}})
    for fault in () if huggingface_hub.__version__.startswith("0.") else faults:
        server.rules({"match": "lfs GET", **fault})
        with tempfile.TemporaryDirectory() as cache:
            path = api.hf_hub_download("zoo/aurora", weights[0].path, cache_dir=cache)
            claim(f"the client gets over {fault}", read(path) == read(testdata, "aurora", weights[0].path))
    server.control("reset", {})
    return huggingface_hub.__version__


def check_http(server, testdata):
    """Ranges and every fault, seen without a client's help."""
    config = f"{server.hub}/zoo/aurora/resolve/main/config.json"
    text = read(testdata, "aurora", "config.json")
    weights = next(name for name in sorted(os.listdir(os.path.join(testdata, "aurora"))) if name.endswith(".safetensors"))
    data = read(testdata, "aurora", weights)
    size = len(data)
    resolve = f"{server.hub}/zoo/aurora/resolve/main/{weights}"

    status, headers, _, _ = get(config)
    claim("a small file is behind a relative redirect", status == 307 and headers["Location"].startswith("/api/resolve-cache/"))
    status, headers, body, _ = get(server.hub + headers["Location"])
    claim("and then there", status == 200 and body == text and len(headers["X-Repo-Commit"]) == 40)
    known = {"If-None-Match": headers["ETag"]}
    claim("an ETag that is known is not sent again", get(server.hub + get(config)[1]["Location"], **known)[0] == 304)
    status, headers, _, _ = get(resolve, "HEAD")
    address = headers["Location"]
    claim("weights are at another host", status == 302 and address.startswith(server.lfs) and int(headers["X-Linked-Size"]) == size)
    claim("without its signature an address is refused", get(address.split("?")[0])[0] == 403)
    claim("the store refuses a token", get(address, Authorization="Bearer hf_reader")[0] == 400)
    etag = get(address, "HEAD")[1]["ETag"]

    def ranged(text, **more):
        status, headers, body, error = get(address, Range=text, **more)
        return status, headers.get("Content-Range"), body, error

    claim("a range", ranged("bytes=10-19") == (206, f"bytes 10-19/{size}", data[10:20], None))
    claim("an open range", ranged(f"bytes={size - 5}-") == (206, f"bytes {size - 5}-{size - 1}/{size}", data[-5:], None))
    claim("a suffix", ranged("bytes=-5") == (206, f"bytes {size - 5}-{size - 1}/{size}", data[-5:], None))
    claim("a range past the end is cut", ranged(f"bytes={size - 5}-{size + 99}")[2] == data[-5:])
    claim("a range behind the end", ranged(f"bytes={size}-")[:2] == (416, f"bytes */{size}"))
    claim("two ranges are all", ranged("bytes=0-1,4-5")[0] == 200)
    claim("If-Range that holds", ranged("bytes=0-1", **{"If-Range": etag})[0] == 206)
    claim("If-Range that does not hold", ranged("bytes=0-1", **{"If-Range": '"old"'})[0] == 200)

    def under(rule, text="bytes=100-299", **more):
        server.rules({"match": "lfs GET", **rule})
        began = time.monotonic()
        status, headers, body, error = get(address, Range=text, **more)
        return status, headers, body, error, time.monotonic() - began

    good = data[100:300]
    claim("drop", under({"drop": True})[3] in ("ConnectionResetError", "RemoteDisconnected"))
    claim("a status with headers and a body", (lambda a: (a[0], a[1]["Retry-After"], a[2]))(under(
        {"status": 429, "headers": {"Retry-After": "7"}, "body": "slow down"})) == (429, "7", b"slow down"))
    claim("redirect loop", under({"redirect": "loop"})[1]["Location"] == address)
    claim("redirect to an address", under({"redirect": "file:///etc/passwd"})[1]["Location"] == "file:///etc/passwd")
    server.rules({"match": "hub GET /api", "redirect": "other"})
    other = get(f"{server.hub}/api/models/zoo/aurora")[1]["Location"]
    claim("redirect to the other host", other.startswith(server.lfs) and get(other)[0] == 200)
    claim("another ETag", (lambda a: (a[0], a[1]["ETag"]))(under({"etag": '"new"'})) == (206, '"new"'))
    claim("another ETag against If-Range", under({"etag": '"new"'}, **{"If-Range": etag})[0] == 200)
    claim("no Range", (lambda a: (a[0], a[2]))(under({"no_range": True})) == (200, data[: len(data)]))
    claim("another range", (lambda a: (a[1]["Content-Range"], a[2]))(under({"shift_range": 8})) == (f"bytes 108-307/{size}", data[108:308]))
    claim("a wrong Content-Range", under({"headers": {"Content-Range": "bytes 0-199/7"}})[1]["Content-Range"] == "bytes 0-199/7")
    claim("no Content-Range", under({"headers": {"Content-Range": None}})[1]["Content-Range"] is None)
    claim("Content-Length too large", under({"headers": {"Content-Length": "300"}, "close_after": 200})[2:4] == (good, "short"))
    claim("Content-Length too small", under({"headers": {"Content-Length": "50"}})[2] == good[:50])
    import gzip
    found = under({"gzip": True})
    claim("gzip", found[1]["Content-Encoding"] == "gzip" and gzip.decompress(found[2]) == good)
    found = under({"chunked": True})
    claim("chunked", found[1]["Content-Length"] is None and found[2] == good)
    claim("endless", len(under({"endless": True})[2]) > 1 << 22)
    claim("junk headers", len(under({"junk_headers": 20})[1]) >= 20)
    claim("reset", (lambda a: (a[2][:50] == good[:50] or a[2] == b"", a[3]))(under({"reset_after": 50})) == (True, "ConnectionResetError"))
    claim("a short body", under({"close_after": 50})[2:4] == (good[:50], "short"))
    claim("a stall", under({"stall_after": 50})[2:4] == (good[:50], "TimeoutError"))
    claim("a rate", under({"rate": 400})[4] >= 0.45)
    claim("a delay", under({"delay": 0.3})[4] >= 0.3)
    server.rules({"match": "lfs GET", "status": 500, "after": 1, "times": 2})
    claim("after and times", [get(address)[0] for _ in range(4)] == [200, 500, 500, 200])
    server.control("reset", {})
    get(address, Range="bytes=0-9")
    get(config, "HEAD", **{"X-Marked": "yes"})
    log = server.log()
    claim("bodies are counted", log["hosts"]["lfs"]["bytes"] == 10 and log["hosts"]["hub"]["bytes"] == 0, log["hosts"])
    claim("headers are in the log", log["requests"][1]["headers"]["x-marked"] == "yes")
    server.control("settings", {"link": 10000})
    began = time.monotonic()
    get(address, Range="bytes=0-2999")
    get(address, Range="bytes=0-2999")
    claim("a slow link", 0.5 <= time.monotonic() - began < 3)
    server.control("reset", {})


def check_giant(server):
    """A model of 138 GB that is nowhere."""
    tree = json.loads(get(f"{server.hub}/api/models/us/giant/tree/main?recursive=true")[2])
    sizes = [entry["size"] for entry in tree if "lfs" in entry]
    claim("a 70B has its 138 GB", sum(sizes) > 137e9, sum(sizes))
    name = next(entry["path"] for entry in tree if "lfs" in entry)

    def part(model, first, last):
        address = get(f"{server.hub}/us/{model}/resolve/main/{name}")[1]["Location"]
        return get(address, Range=f"bytes={first}-{last}")[2]

    whole = part("giant", 10**9, 10**9 + 99_999)
    claim("ranges fit together", part("giant", 10**9 + 777, 10**9 + 8999) == whole[777:9000])
    claim("a finetune is near its foundation", 0.5 < sum(
        a == b for a, b in zip(whole[1::2], part("tuned", 10**9, 10**9 + 99_999)[1::2])) / 50_000 < 0.9999)


def main(root):
    testdata = os.path.join(root, "testdata")
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(os.path.join(folder, "zoo", "nested", "a", "b"))
        for path in ("config.json", "a/b/config.json"):
            with open(os.path.join(folder, "zoo", "nested", path), "w") as file:
                file.write("{}")
        aurora, chat = (os.path.join(testdata, name) for name in ("aurora", "aurora-chat"))
        with open(os.path.join(folder, "hub.json"), "w") as file:
            json.dump({
                "zoo/branches": {"folder": aurora, "revisions": {"chat": chat}}, "old/name": {"moved": "zoo/aurora"},
                "them/gated": {"folder": aurora, "gated": True}, "them/private": {"folder": aurora, "private": True}}, file)
        server = Server(
            folder, "--repo", f"zoo/aurora={aurora}", "--giant", 'us/giant={"shape": "70b"}',
            "--giant", 'us/tuned={"shape": "70b", "noise": 0.05}')
        os.environ.update(
            HF_ENDPOINT=server.hub, HF_HOME=os.path.join(folder, "home"), HF_HUB_DISABLE_XET="1", HF_HUB_DISABLE_TELEMETRY="1",
            HF_HUB_DISABLE_PROGRESS_BARS="1", HF_HUB_DISABLE_IMPLICIT_TOKEN="1")
        check_http(server, testdata)
        check_giant(server)
        version = check_client(server, testdata)
        claim("it ends with its stdin", server.ends_with_stdin())
    print(f"{claims} claims, {len(failures)} not so; huggingface_hub {version}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
