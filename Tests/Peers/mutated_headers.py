"""Mutated safetensors files, judged by unmask and by the reference reader (PyPI: safetensors); the verdicts must be equal.

    python mutated_headers.py UNMASK COUNT [SEED]

Files of testdata/conformance are mutated by words and numbers of the format, cut, spliced and given other lengths. Each is opened by
`safe_open` and, a thousand at a time, by `unmask scan`. Prints the seed and the disagreements; exits with 1 when there is one, when
unmask ends with another code than 0 or 65, or when it hangs. Seconds are of the processor: none of a
thousand files took longer than all of them.
"""
import glob
import json
import os
import random
import re
import resource
import struct
import subprocess
import sys
import tempfile

from safetensors import safe_open

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORDS = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"0", b"1", b"-", b".", b"e", b"null", b"true", b"1e309", b"-0", b"00", b"1.0",
    b"18446744073709551615", b"18446744073709551616", b"9223372036854775808", b"4294967296", b"__metadata__", b'"__metadata__":null,',
    b"dtype", b"shape", b"data_offsets", b'"F32"', b'"F4"', b'"F6_E2M3"', b'"U8"', b'{"U8":null}', b"\xff", b"\xc3\xa9", b"\xc0\x80",
    b"\xed\xa0\x80", b"\\u0000", b"\\ud800", b"\\udc00", b"\\ud83d\\ude00", b"\\x", b" ", b"\n", b"\t", b"\x00", b"\x1f", b"\x7f", b"/",
    b"[0,0]", b"[]", b"{}", b"NaN", b"[[[[", b'"a":[1,{"b":null}],',
]
BATCH = 1000


def mutated(rng, sources, sound):
    """One file, most of its parts right."""
    # Of what is wrong already little more is told by another fault.
    file = rng.choice(sound if rng.random() < 0.75 else sources)
    length = struct.unpack("<Q", file[:8])[0] if len(file) >= 8 else 0
    end = 8 + length if 8 + length <= len(file) else len(file)
    header, data = bytearray(file[8:end]), file[end:]
    for _ in range(rng.choice([1, 1, 1, 2, 3, 5])):
        kind, at = rng.random(), rng.randrange(len(header) + 1)
        if kind < 0.1:
            # Space where it may be, or a letter of a name: mostly another sound file.
            places = [found.end() for found in re.finditer(rb"[{},:\[\]]", bytes(header))]
            letters = [found.end() - 1 for found in re.finditer(rb"[a-z0-9_.][a-z]", bytes(header))]
            if places and rng.random() < 0.5:
                place = rng.choice(places)
                header[place:place] = rng.choice([b" ", b"\n", b"\t", b"\r", b"  ", b"\x0b"])
            elif letters:
                header[rng.choice(letters)] = rng.randrange(33, 127)
        elif kind < 0.25:
            header[at:at] = rng.choice(WORDS)
        elif kind < 0.4:
            del header[at : at + rng.choice([1, 1, 2, 5, 20])]
        elif kind < 0.55:
            header[at : at + rng.choice([1, 2, 4])] = rng.choice(WORDS)
        elif kind < 0.65 and at < len(header):
            header[at] = rng.randrange(256)
        elif kind < 0.8:
            numbers = list(re.finditer(rb"\d+", bytes(header)))
            if numbers:
                found = rng.choice(numbers)
                value = int(found.group())
                value = rng.choice([value + 1, max(0, value - 1), value * 2, value + 8, 0, 2**32, 2**63, 2**64 - 1, value])
                header[found.start() : found.end()] = str(value).encode()
        elif kind < 0.9 and len(header) > 4:
            start = rng.randrange(len(header))
            header[at:at] = header[start : start + rng.randrange(1, 60)]
        else:
            other = rng.choice(sources)
            header[at:at] = other[8 : 8 + rng.randrange(1, 80)]
    length = len(header) + (rng.choice([-1, 1, 8, -8, 2**40]) if rng.random() < 0.05 else 0)
    if rng.random() < 0.05:
        data = data + bytes(rng.choice([1, 4])) if rng.random() < 0.5 else data[:-1]
    whole = struct.pack("<Q", max(0, length)) + bytes(header) + data
    return whole[: rng.randrange(len(whole) + 1)] if rng.random() < 0.01 else whole


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def judged_by_reference(path):
    try:
        with safe_open(path, "np") as file:
            list(file.keys())
        return True
    except Exception:
        return False


def main():
    unmask, count = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(10**6)
    rng = random.Random(seed)
    paths = sorted(glob.glob(os.path.join(ROOT, "testdata/conformance/open/*.safetensors")))
    paths = [path for path in paths if os.path.isfile(path) and os.path.getsize(path) < 20_000]
    sources = [open(path, "rb").read() for path in paths]
    sound = [file for path, file in zip(paths, sources) if os.path.basename(path).startswith("v_")]
    accepted = disagreements = 0
    slowest = 0.0
    for first in range(0, count, BATCH):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(folder + "/d")
            expected = {}
            for number in range(first, min(first + BATCH, count)):
                name = f"{number:06d}.safetensors"
                with open(f"{folder}/d/{name}", "wb") as file:
                    file.write(mutated(rng, sources, sound))
                expected[name] = judged_by_reference(f"{folder}/d/{name}")
            start = processor_seconds()
            run = subprocess.run(
                [unmask, "scan", folder + "/d", "--against", ROOT + "/testdata/aurora", "--depth", "quick", "--format", "json",
                 "-o", folder + "/o.json"], capture_output=True, text=True, timeout=1800)
            slowest = max(slowest, processor_seconds() - start)
            if run.returncode not in (0, 65):
                sys.exit(f"seed {seed}, files from {first}: unmask ended with {run.returncode}: {run.stderr}")
            found = {model["id"]: model["error"] is None for model in json.load(open(folder + "/o.json"))["models"]}
            for name, verdict in expected.items():
                accepted += verdict
                if found.get(name) != verdict:
                    disagreements += 1
                    print(name, "reference:", verdict, "unmask:", found.get(name), open(f"{folder}/d/{name}", "rb").read()[:300])
    print(f"seed {seed}: {count} files, {accepted} accepted by the reference, {disagreements} disagreements; "
          f"most for {BATCH} files {slowest:.2f} s")
    sys.exit(disagreements > 0)


main()
