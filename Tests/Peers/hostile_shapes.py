"""Models whose tensors have the names of a known architecture or quantised format, and shapes that make no sense: unmask has to
read them or to refuse them in one line.

    python3 hostile_shapes.py UNMASK COUNT [SEED]

Takes the tensor lists of testdata/architectures.json and the files of testdata/quantised and testdata/adapters; drops, renames, repeats,
reshapes and retypes some of their tensors, so that the file stays valid; and runs `inspect`, `compare` with itself and with another one. Exits
with 1 at the first that ends otherwise than with 0 or 65, says more than a line, or takes over ten seconds. Needs no package.
"""
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BITS = {"F64": 64, "F32": 32, "F16": 16, "BF16": 16, "I64": 64, "I32": 32, "U32": 32, "I16": 16, "I8": 8, "U8": 8, "BOOL": 8,
        "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F4": 4, "C64": 64}


def sources():
    """Lists of (name, dtype, shape), and where there are bytes, those of each."""
    for entry in json.load(open(ROOT + "/testdata/architectures.json")):
        # An eighth of each length: heads of one number are the least that there can be.
        yield [(t[0], "BF16", [max(1, d // 8) for d in t[1]], None) for t in entry["tensors"]]
    for folder in ("quantised", "adapters"):
        for place, _, files in os.walk(f"{ROOT}/testdata/{folder}"):
            for name in files:
                path = os.path.join(place, name)
                if name.endswith(".safetensors") and os.path.getsize(path) < 1 << 17:
                    data = open(path, "rb").read()
                    length = struct.unpack("<Q", data[:8])[0]
                    header = json.loads(data[8:8 + length])
                    header.pop("__metadata__", None)
                    yield [(n, t["dtype"], t["shape"], data[8 + length + t["data_offsets"][0]:8 + length + t["data_offsets"][1]])
                           for n, t in header.items()]


def reshaped(shape, rng):
    """Another shape: of as many elements, or of others."""
    count = 1
    for d in shape:
        count *= d
    kind = rng.randrange(8)
    if kind == 0:
        return shape[::-1]
    if kind == 1:
        return [count]
    if kind == 2:
        return [1] * rng.randrange(1, 5) + [count]
    if kind == 3:
        divisors = [d for d in range(1, min(count, 4096) + 1) if count % d == 0] or [1]
        d = rng.choice(divisors)
        return [d, count // d] if count else [0, 7]
    if kind == 4:
        return [0] + shape[1:]
    if kind == 5:
        return [max(0, d + rng.choice([-1, 0, 1])) for d in shape]
    if kind == 6:
        return []
    return [rng.choice([0, 1, 2, 3, 5, 8, 31, 64]) for _ in range(rng.randrange(4))]


def mutated(tensors, rng):
    tensors = list(tensors)
    for _ in range(rng.randrange(1, 6)):
        if not tensors:
            break
        i = rng.randrange(len(tensors))
        name, dtype, shape, data = tensors[i]
        kind = rng.randrange(7)
        if kind < 3:
            tensors[i] = (name, dtype, reshaped(shape, rng), data)
        elif kind == 3:
            tensors[i] = (name, rng.choice(list(BITS)), shape, data)
        elif kind == 4:
            del tensors[i]
        elif kind == 5:
            # The number of a layer or expert, or a part of the name from elsewhere.
            parts = name.split(".")
            j = rng.randrange(len(parts))
            numbers = ["0", "7", "99999999999999999999", "-1", "00", "4294967296"]
            parts[j] = rng.choice(numbers) if parts[j].isdigit() else rng.choice(rng.choice(tensors)[0].split("."))
            tensors[i] = (".".join(parts), dtype, shape, data)
        elif data is not None and data:
            data = bytearray(data)
            for _ in range(rng.randrange(1, 20)):
                data[rng.randrange(len(data))] = rng.choice([0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)])
            tensors[i] = (name, dtype, shape, bytes(data))
    return tensors


def written(tensors, path, rng):
    header, body, seen = {}, [], 0
    for name, dtype, shape, data in tensors:
        count = 1
        for d in shape:
            count *= d
        bits = count * BITS.get(dtype, 8)
        if name in header or bits % 8 or bits > 1 << 23:
            continue
        size = bits // 8
        data = (data or b"")[:size]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [seen, seen + size]}
        body.append(data + rng.randbytes(size - len(data)))
        seen += size
    text = json.dumps(header).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + b"".join(body))


def refuse(word):
    raise ValueError(f"{word} in JSON")


def main():
    unmask, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 32)
    rng, everything, ends = random.Random(seed), list(sources()), {}
    print(f"seed {seed}, {len(everything)} lists of tensors", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        a, b = folder + "/a.safetensors", folder + "/b.safetensors"
        for number in range(count):
            tensors = rng.choice(everything)
            written(mutated(tensors, rng), a, rng)
            written(tensors if rng.randrange(2) else mutated(tensors, rng), b, rng)
            form = rng.choice(["text", "json", "csv"])
            command = rng.choice([["inspect", a, "--tensors"], ["compare", a, a], ["compare", a, b], ["heatmap", b, a]])
            command += ["--format", form, "--threads", "1"]
            if command[0] == "compare":
                command += ["--depth", rng.choice(["quick", "standard", "thorough"])]
            wrong = ""
            try:
                run = subprocess.run([unmask, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=10)
                code, errors = run.returncode, run.stderr.decode()
                if form == "json" and code == 0:
                    json.loads(run.stdout, parse_constant=refuse)
            except ValueError as error:
                wrong = str(error)
            except subprocess.TimeoutExpired:
                code, errors = "over ten seconds", ""
            ends[code] = ends.get(code, 0) + 1
            if code not in (0, 65) or errors.count("\n") > 1 or wrong:
                kept = tempfile.mkdtemp(prefix="hostile-shape-")
                for path in (a, b):
                    os.rename(path, os.path.join(kept, os.path.basename(path)))
                print(f"model {number}: {code}: unmask {' '.join(command)} (files in {kept})\n{wrong}{errors[:1000]}")
                sys.exit(1)
    print(f"{count} models, exit codes {ends}")


main()
