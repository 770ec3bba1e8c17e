"""Random faults of the test server against the program: every command that meets one ends with the right answer or with one line.

    python3 random_faults.py UNMASK [COUNT] [SEED]         COUNT: default 300

Each case draws a command (compare of a sample, compare of everything, inspect with all hashes, verify, scan --against), one to three faults,
and a folder for --cache that is kept. It must end

- with 0 and, apart from the counts of bytes and requests, the same bytes as without faults; or
- with one line, and a documented exit code that the faults can lead to: 66 or 65 only where something was answered with 404 or 410, 77 only
  where with 401 or 403, else 74; a scan says so in one line, too, and its row says why;
- in less than 60 seconds, without a token in what it says.

Then what the folder says it has of a file is compared with the file, byte for byte, and the command runs again without faults: the same
bytes as without faults and without a cache. Prints the seed, the failures, and how often each end came. Standard library only.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "..", "testdata")
COUNTS = re.compile(r'^\s*"(bytes_read|requests)": .*$|\d[\d.,]* ?[kMG]?B of [^\n]*requests?[^\n]*', re.M)
CARD = "---\nbase_model: td/aurora\nbase_model_relation: finetune\n---\n"
MOST_SECONDS = 60


class Server:
    def __init__(self, folder):
        self.carded = os.path.join(folder, "carded")
        os.makedirs(self.carded)
        for name in os.listdir(f"{DATA}/aurora-chat"):
            if name != "README.md":
                os.symlink(os.path.abspath(f"{DATA}/aurora-chat/{name}"), os.path.join(self.carded, name))
        with open(os.path.join(self.carded, "README.md"), "w") as file:
            file.write(CARD)
        arguments = ["--all", f"td={DATA}", "--all", f"var={DATA}/variants", "--repo", f"td/carded={self.carded}"]
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "hub_server.py"), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.hub = json.loads(self.process.stdout.readline())["hub"]

    def control(self, what, value):
        with urllib.request.urlopen(f"{self.hub}/_control/{what}", json.dumps(value).encode()) as answer:
            return json.load(answer)

    def end(self):
        self.process.stdin.close()
        self.process.wait(5)


COMMANDS = [
    ["compare", "td/aurora-chat", "td/aurora", "--format", "json"],
    ["compare", "td/borealis", "td/aurora", "--format", "json"],
    ["compare", "td/aurora-chat", "td/aurora", "--depth", "standard", "--format", "json"],
    ["compare", "var/aurora-quantised", "td/aurora", "--format", "json"],
    ["inspect", "td/aurora", "--hash", "--format", "json"],
    ["inspect", "hf://td/gguf/aurora-Q8_0.gguf", "--hash", "--format", "json"],
    ["verify", "td/carded", "--format", "json"],
    ["scan", f"{DATA}/variants", "--against", "td/aurora", "--format", "json"],
]


def fault(rng):
    """One rule for the server, and the statuses that it makes."""
    where = rng.choice(["lfs GET", "lfs GET", "lfs GET", "hub GET", "api/models", "hub GET /(td|var)", "config.json", "README"])
    rule = {"match": where, "after": rng.choice([0, 0, 1, 2, 3, 5]), "times": rng.choice([1, 1, 2, 3, 5, None])}
    status = None
    kind = rng.randrange(14)
    if kind < 4:
        status = rng.choice([401, 403, 404, 408, 410, 416, 418, 429, 451, 500, 502, 503, 504])
        rule |= {"status": status, "body": rng.choice(["", "<html>no</html>", "{}"])}
        if rng.random() < 0.4:
            rule["headers"] = {"Retry-After": rng.choice(["0", "1", "-1", "soon"])}
    elif kind == 4:
        rule["drop"] = True
    elif kind == 5:
        rule[rng.choice(["reset_after", "close_after"])] = rng.choice([0, 1, 100, 1000, 30000])
    elif kind == 6:
        rule |= {"stall_after": rng.choice([0, 100, 5000]), "times": 1}
    elif kind == 7:
        rule["etag"] = '"another"'
    elif kind == 8:
        rule["no_range"] = True
    elif kind == 9:
        rule["shift_range"] = rng.choice([-8, 8, 4096])
    elif kind == 10:
        rule["gzip"] = True
    elif kind == 11:
        rule |= {"chunked": True} if rng.random() < 0.5 else {"endless": True, "times": 1}
    elif kind == 12:
        rule["headers"] = rng.choice([{"Content-Range": None}, {"Content-Range": "bytes 0-1/2"}, {"Content-Range": "bytes x"},
                                      {"Content-Length": "12"}, {"ETag": None}, {"ETag": "W/\"weak\""}, {"Location": "ftp://x"}])
    else:
        rule["redirect"] = rng.choice(["loop", "http://127.0.0.1:1/", "file:///etc/passwd", "//"])
    return rule, status


def allowed(statuses):
    codes = {0, 74}
    if statuses & {404, 410}:
        codes |= {65, 66}
    if statuses & {401, 403, 451}:
        codes |= {77, 66}
    return codes


class Run:
    def __init__(self, unmask, hub, command, cache=None):
        variables = {"HF_ENDPOINT": hub, "HF_HOME": "/nowhere", "HF_TOKEN": "hf_reader", "HF_HUB_DOWNLOAD_TIMEOUT": "1",
                     "PATH": os.environ["PATH"], "SWIFT_BACKTRACE": "enable=no"}
        began = time.monotonic()
        try:
            run = subprocess.run([unmask, *command, *(["--cache", cache] if cache else [])], capture_output=True, text=True,
                                 timeout=MOST_SECONDS, env=variables)
            self.code, self.output, self.errors = run.returncode, run.stdout, run.stderr
        except subprocess.TimeoutExpired:
            self.code, self.output, self.errors = None, "", f"more than {MOST_SECONDS} s"
        self.seconds = time.monotonic() - began

    @property
    def answer(self):
        return COUNTS.sub("", self.output)


def originals():
    """The files that the commands may read, by size."""
    found = {}
    for folder in ("aurora", "aurora-chat", "borealis", "variants/aurora-quantised", "gguf"):
        for name in os.listdir(f"{DATA}/{folder}"):
            data = open(f"{DATA}/{folder}/{name}", "rb").read()
            found.setdefault(len(data), []).append(data)
    found.setdefault(len(CARD), []).append(CARD.encode())
    return found


def lies(cache, originals):
    """Files of the cache whose bytes are not those of a model of this size, where the list says that they are there."""
    found = []
    for name in sorted(os.listdir(cache)):
        if not name.endswith(".ranges"):
            continue
        lines = open(os.path.join(cache, name)).read().split("\n")
        size, ranges = int(lines[0]), [tuple(map(int, line.split())) for line in lines[1:] if line]
        bytes_of = os.path.join(cache, name[:-len(".ranges")] + ".bytes")
        data = open(bytes_of, "rb").read()
        if not any(all(data[a:b] == whole[a:b] for a, b in ranges) for whole in originals.get(size, [])):
            found.append(name)
    return found


def main():
    unmask = os.path.abspath(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
    print(f"seed {seed}", flush=True)
    failures, ends, longest = 0, {}, 0.0
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        wanted, known = [], originals()
        for command in COMMANDS:
            run = Run(unmask, server.hub, command)
            assert run.code == 0, (command, run.code, run.errors)
            wanted.append(run.answer)
        for number in range(count):
            rng = random.Random(f"{seed} {number}")
            which = rng.randrange(len(COMMANDS))
            command = COMMANDS[which]
            rules, statuses = [], set()
            for _ in range(rng.choice([1, 1, 2, 3])):
                rule, status = fault(rng)
                rules.append(rule)
                statuses.add(status)
            cache = os.path.join(folder, f"cache-{number}")
            server.control("reset", {})
            server.control("rules", rules)
            run = Run(unmask, server.hub, command, cache)
            longest = max(longest, run.seconds)
            ends[run.code] = ends.get(run.code, 0) + 1
            problems = []
            if run.code not in allowed(statuses):
                problems.append(f"exit code {run.code}")
            if run.code == 0 and run.answer != wanted[which]:
                problems.append("another answer")
            # The results of a scan are written, with the error in the model's row.
            lines = run.errors.splitlines()
            if run.code not in (0, None) and (len(lines) != 1 or not lines[0].startswith("unmask: ")):
                problems.append(f"{len(lines)} lines")
            if run.code not in (0, None) and run.output and command[0] != "scan":
                problems.append("output beside the error")
            if "hf_reader" in run.output + run.errors:
                problems.append("a token is shown")
            server.control("reset", {})
            if os.path.isdir(cache):
                problems += [f"{name} is not what it says" for name in lies(cache, known)]
            again = Run(unmask, server.hub, command, cache)
            if again.code != 0 or again.answer != wanted[which]:
                problems.append(f"the next run ends with {again.code} or another answer: {again.errors.strip()}")
            if problems:
                failures += 1
                print(f"{number}: {' '.join(command)}\n  {json.dumps(rules)}\n  {run.errors.strip()}\n  {problems}", flush=True)
        server.end()
    for code, times in sorted(ends.items(), key=str):
        print(f"exit code {code}: {times}")
    print(f"{count} cases, {failures} not as promised; the longest took {longest:.0f} s")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
