"""GGUF files that were cut or changed: unmask has to read each or to refuse it in one line.

    python3 hostile_gguf.py UNMASK COUNT [SEED]

Takes the files of testdata/gguf; cuts them, changes, inserts and removes bytes of the header, of single fields (lengths, counts, types,
dimensions, offsets) and of the data; and runs `inspect` on each, and on one of four `compare` with a file that was not changed. Two run at the
same time. Exits with 1 if one ends otherwise than with 0 or 65, says more than one line beside its notes, or takes over ten seconds or 2 GB;
prints how many were read and how many refused. Needs no package.
"""
import concurrent.futures
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "testdata", "gguf")
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
STRING, ARRAY = 8, 9
NUMBERS = [0, 1, 2, 3, 7, 8, 31, 32, 33, 255, 256, 257, 0x7FFF, 0xFFFF, 0x10000, 0x100000, 0x100001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF,
           1 << 32, 1 << 40, (1 << 62) - 1, 1 << 62, (1 << 63) - 1, 1 << 63, (1 << 64) - 1]
MOST_SECONDS, MOST_BYTES = 10, 2 << 30


class Header:
    """Where the fields of a header are: `fields` as (offset, bytes), `end` after its last byte."""

    def __init__(self, data):
        self.data, self.at, self.fields = data, 4, []
        self.number(4)
        tensors, keys = self.number(8), self.number(8)
        for _ in range(keys):
            self.text()
            self.value(self.number(4))
        for _ in range(tensors):
            self.text()
            for _ in range(self.number(4)):
                self.number(8)
            self.number(4)
            self.number(8)
        self.end = self.at

    def number(self, size):
        self.fields.append((self.at, size))
        self.at += size
        return int.from_bytes(self.data[self.at - size:self.at], "little")

    def text(self):
        size = self.number(8)
        if size:
            self.fields.append((self.at, min(size, 8)))
        self.at += size

    def value(self, kind):
        if kind == STRING:
            self.text()
        elif kind == ARRAY:
            inner, count = self.number(4), self.number(8)
            if inner == STRING:
                for _ in range(count):
                    self.text()
            else:
                self.at += SIZES[inner] * count
        else:
            self.number(SIZES[kind])


def mutated(data, header, rng):
    """Another file, from one to four changes; and what was done."""
    data, done = bytearray(data), []
    for _ in range(rng.choice([1, 1, 1, 2, 3, 4])):
        kind = rng.randrange(9)
        place = rng.randrange(max(1, min(header.end, len(data))))
        if kind == 0:
            # At any byte, mostly of the header.
            place = place if rng.random() < 0.7 else rng.randrange(len(data) + 1)
            del data[place:]
            done.append(f"cut at {place}")
        elif kind <= 4:
            at, size = rng.choice(header.fields)
            old = int.from_bytes(data[at:at + size], "little")
            new = rng.choice([rng.choice(NUMBERS), old + rng.choice([-33, -32, -1, 1, 31, 32]), rng.randrange(64), rng.getrandbits(8 * size)])
            data[at:at + size] = (new % (1 << 8 * size)).to_bytes(size, "little")
            done.append(f"field at {at}: {old} is {new}")
        elif kind == 5:
            for _ in range(rng.randrange(1, 9)):
                place = rng.randrange(len(data)) if data else 0
                data[place:place + 1] = bytes([rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])])
            done.append("bytes anywhere")
        elif kind == 6:
            count = rng.randrange(1, 70)
            data[place:place] = rng.randbytes(count) if rng.random() < 0.5 else bytes(data[place:place + count])
            done.append(f"{count} bytes more at {place}")
        elif kind == 7:
            count = rng.randrange(1, 70)
            del data[place:place + count]
            done.append(f"{count} bytes less at {place}")
        else:
            # One field takes the value of another one: a name twice, an offset twice, a length for a count.
            (at, size), (other, length) = rng.choice(header.fields), rng.choice(header.fields)
            size = min(size, length)
            data[at:at + size] = data[other:other + size]
            done.append(f"{size} bytes at {at} from {other}")
        if not data:
            break
    return bytes(data), "; ".join(done)


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def problem(unmask, arguments):
    """The exit code, and what is wrong with the end of a command; nothing where all is as promised."""
    try:
        run = subprocess.run([unmask, *arguments, "--threads", "1"], capture_output=True, timeout=MOST_SECONDS, preexec_fn=limited,
                             env=os.environ | {"SWIFT_BACKTRACE": "enable=no"})
    except subprocess.TimeoutExpired:
        return None, f"more than {MOST_SECONDS} s"
    lines = [line for line in run.stderr.decode("utf-8", "replace").splitlines() if not line.startswith(("note: ", "unmask: note: "))]
    if run.returncode not in (0, 65):
        return run.returncode, f"exit code {run.returncode}: {lines[:3]}"
    if run.returncode == 65 and (len(lines) != 1 or not lines[0].startswith("unmask: ") or run.stdout):
        return 65, f"{len(lines)} lines, {len(run.stdout)} bytes of output: {lines[:3]}"
    if run.returncode == 0 and not run.stdout:
        return 0, "no output"
    return run.returncode, None


def main():
    unmask, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
    print(f"seed {seed}")
    files = [name for name in sorted(os.listdir(ROOT)) if name.endswith(".gguf")]
    originals = [open(os.path.join(ROOT, name), "rb").read() for name in files]
    headers = [Header(data) for data in originals]
    for header, data in zip(headers, originals):
        assert data[:4] == b"GGUF" and header.end <= len(data)
    ends, failures = {}, []

    def one(number):
        rng = random.Random(f"{seed} {number}")
        which = rng.randrange(len(files))
        data, done = mutated(originals[which], headers[which], rng)
        # A part of a split model is looked for under its own name.
        path = os.path.join(folder, f"{number}.gguf")
        with open(path, "wb") as file:
            file.write(data)
        commands = [["inspect", path]]
        if number % 4 == 0:
            commands.append(["compare", path, os.path.join(ROOT, "aurora-Q8_0.gguf")])
        found = [(command[0], *problem(unmask, command)) for command in commands]
        os.unlink(path)
        return files[which], done, found

    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for number, (name, done, found) in enumerate(pool.map(one, range(count))):
                for command, code, wrong in found:
                    ends[command, code] = ends.get((command, code), 0) + 1
                    if wrong:
                        failures.append(number)
                        print(f"{number}: {command} of {name} ({done}): {wrong}", flush=True)
    for (command, code), times in sorted(ends.items(), key=str):
        print(f"{command}, exit code {code}: {times}")
    print(f"{count} files, {len(failures)} not as promised")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
