"""Judges the kernels of Sources/CKernels: the numbers that CKernels.h promises, computed here with numpy and Python, for seeded inputs.

Usage: oracle.py MACHINE=COMMAND …    COMMAND runs a driver (driver.c) built for MACHINE, directly or in an emulator. Called by
                                      scripts/check --arm. MACHINE is as `uname -m` prints it.

Every kernel runs on every instruction set of every driver, and once as the program calls it. What the header calls exact must be equal in
every bit (any NaN is equal to any other); a sum must be within the error bound that its kernel states; and the sets must agree in every
bit, where the header promises that. In the end a driver changes one bit in the result of every case: each must be noticed.

A new kernel: a row in the table of driver.c, and here a function that yields its cases, with the kernel's name.
"""
import math
import os
import re
import shlex
import struct
import subprocess
import sys
import tempfile

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SEED = 20
# As in CKernels.h.
F32, F16, BF16 = TYPES = range(3)
U8, I8, E4M3, E5M2, E4M3_FNUZ, E5M2_FNUZ = range(6)
# Half the distance from 1 to the next number, in single and double precision; the smallest f32, and the smallest that is not subnormal.
U, U64, LEAST, NORMAL = 2.0**-24, 2.0**-53, 2.0**-149, 2.0**-126
# Addresses to prefetch, which need not exist.
AHEAD = (0, 8, -4096)


class Part:
    """Numbers of an output, one after another: those expected, and the largest error of each; without errors, all bits must be equal.

    Where a NaN is expected: any NaN; with errors, any number that is not finite. Where `free`: any number.
    """

    def __init__(self, expected, error=None, free=None):
        self.expected = np.ravel(expected)
        self.error = error if error is None else np.broadcast_to(np.ravel(error), self.expected.shape)
        self.free = np.zeros(self.expected.shape, bool) if free is None else np.ravel(free)

    def wrong(self, got):
        if self.error is None:
            return differ(self.expected, got) & ~self.free
        with np.errstate(invalid="ignore"):
            right = np.where(np.isnan(self.expected), ~np.isfinite(got), np.abs(got - self.expected) <= self.error)
        return ~right & ~self.free

    def disagree(self, got, other):
        """What differs between the results of two sets, of which neither is wrong."""
        found = differ(got, other) & ~self.free
        return found if self.error is None else found & ~np.isnan(self.expected)

    def telling(self):
        """The numbers of which the change of one bit must be noticed. Where there are errors, it changes a number by at least a quarter."""
        if self.error is not None:
            return np.flatnonzero(~self.free & (np.abs(self.expected) > 8 * self.error))
        return np.flatnonzero(~self.free & (self.expected == self.expected))


def differ(a, b):
    """Where two arrays differ in a bit, except for the bits of NaN."""
    bits = f"u{a.dtype.itemsize}"
    found = a.view(bits) != b.view(bits)
    return found & ~(np.isnan(a) & np.isnan(b)) if a.dtype.kind == "f" else found


class Out:
    """An output: its contents before the call, and its parts after it."""

    def __init__(self, *parts, before=None):
        self.parts, self.size = parts, sum(part.expected.nbytes for part in parts)
        self.before = b"\x5a" * self.size if before is None else np.ascontiguousarray(before).tobytes()


class Case:
    """A call of a kernel. Buffers are Out; arrays, aligned as their type; and bytes, which the kernel must read at any address.

    `agree`: the sets that must give the same bits: "all"; "fused", all but an x86-64 without FMA; "none". `has_set`: whether the case says
    how the set is to compute, and so is not for the kernel that the program calls.
    """

    def __init__(self, parameters, *buffers, agree="all", has_set=False):
        self.parameters, self.buffers, self.agree, self.has_set = parameters, buffers, agree, has_set
        self.outputs = [buffer for buffer in buffers if isinstance(buffer, Out)]

    def part(self, field):
        return self.outputs[field[0]].parts[field[1]]

    def stored(self, row, random, fields):
        """The case in the driver's file. The bit to change is in the first of `fields`, (output, part), that has numbers to notice it by;
        this field moves to the end."""
        self.broken, place = next((field for field in fields if len(self.part(field).telling())), None), (-1, 0)
        if self.broken:
            fields.append(fields.pop(fields.index(self.broken)))
            numbers, (output, part) = self.part(self.broken), self.broken
            before = sum(other.expected.nbytes for other in self.outputs[output].parts[:part])
            # A high bit of the fraction of a floating-point number, or a low bit of an integer.
            width, byte = numbers.expected.dtype.itemsize, {"f4": 2, "f8": 6}.get(numbers.expected.dtype.str[1:], 0)
            place = (output, before + int(random.choice(numbers.telling())) * width + byte)
        parts = [struct.pack(f"<5q{len(self.parameters)}q", row, *place, len(self.parameters), len(self.buffers), *self.parameters)]
        for buffer in self.buffers:
            is_output = isinstance(buffer, Out)
            contents = buffer.before if is_output else buffer if isinstance(buffer, bytes) else np.ascontiguousarray(buffer).tobytes()
            shift = int(random.integers(2)) if isinstance(buffer, bytes) else 0
            parts += [struct.pack("<3q", len(contents), shift, is_output), contents]
        return b"".join(parts)

    def read(self, file):
        return [[np.frombuffer(file.read(part.expected.nbytes), part.expected.dtype) for part in out.parts] for out in self.outputs]

    def wrong(self, results):
        """What is wrong, or None."""
        for k, (output, found) in enumerate(zip(self.outputs, results)):
            for part, got in zip(output.parts, found):
                if (bad := part.wrong(got)).any():
                    at = int(bad.argmax())
                    within = "" if part.error is None else f" within {part.error[at]:.3g}"
                    return f"output {k}, {int(bad.sum())} of {bad.size} numbers: {got[at]!r}, expected {part.expected[at]!r}{within}"
        return None

    def disagree(self, results, others):
        """How the results of two sets differ, or None."""
        for k, (output, found, other) in enumerate(zip(self.outputs, results, others)):
            for part, got, expected in zip(output.parts, found, other):
                if (bad := part.disagree(got, expected)).any():
                    at = int(bad.argmax())
                    return f"output {k}, {int(bad.sum())} of {bad.size} numbers: {got[at]!r} and {expected[at]!r}"
        return None


def encode(values, kind):
    """Bytes of numbers of a type, and the numbers as f64. bf16 is cut off, not rounded."""
    with np.errstate(over="ignore"):
        if kind == F16:
            stored = np.asarray(values).astype("<f2")
            return stored.tobytes(), stored.astype("f8")
        stored = np.asarray(values).astype("<f4")
    if kind == BF16:
        stored = (stored.view("<u4") >> 16).astype("<u2")
        return stored.tobytes(), (stored.astype("<u4") << 16).view("<f4").astype("f8")
    return stored.tobytes(), stored.astype("f8")


def total(values):
    return math.fsum(np.ravel(values).tolist())


def size(values):
    """Σ|x|, in which the errors are measured."""
    return float(np.abs(values).sum())


def f64(*values):
    return np.array(values, "f8")


def i64(*values):
    return np.array(values, "i8")


def pair_sums(a, b, single):
    """ck_pair_sums, with the error bounds of pairs.h: of single precision or of double precision throughout."""
    both = np.isfinite(a) & np.isfinite(b)
    x, y = a[both], b[both]
    double = (len(a) / 16 + 12) * U64
    parts = []
    for terms, units in ((x * y, 6), (x * x, 6), (y * y, 6), ((x - y) ** 2, 8), (x, 6), (y, 6)):
        error = double + (units * 1.001 * U if single else 0)
        parts.append(Part(f64(total(terms)), f64(error * size(terms) + (len(a) * LEAST if single else 0))))
    counts = np.sum(x == y), np.sum(~both), np.sum(~np.isfinite(a)), np.sum(~np.isfinite(b))
    return Out(*parts, *(Part(i64(count)) for count in counts))


def needs_double(a, b):
    """Whether the sums of pairs are certainly computed in double precision: see pairs.h and ck_pair_is_sound."""
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return True
    return any(
        total(v * v) < 0.99 * 2.0**-80 or 64 * total(v) ** 2 > 1.01 * len(v) * total(v * v) or (len(v) and np.abs(v).max() > 2e19)
        for v in (a, b))


def pairs_of(random, kind, count):
    """Pairs of numbers: what they have in common, and how they lie."""
    a, b = random.normal(size=(2, count))
    if kind == "close":
        b = a + 1e-3 * b
    elif kind == "shifted":
        a, b = a * 0.1 + 3, b
    elif kind == "tiny":
        a, b = a * 1e-30, b * 1e-30
    elif kind == "faint a":  # whose squares are subnormal in f32
        a = a * 1e-22
    elif kind == "faint b":
        b = b * 1e-22
    elif kind == "subnormal f16":
        a, b = a * 2.0**-20, b * 2.0**-18
    elif kind == "large":
        a, b = a * 1e4, b * 1e25
    elif kind == "zeros":
        a, b = a * 0, b * -0.0
    elif kind == "equal":
        b = a.copy()
    elif kind == "not finite":
        for side in (a, b):
            for value in (np.nan, np.inf, -np.inf):
                side[random.integers(count, size=max(1, count // 50))] = value
    return a, b


def pair_block(random):
    every = (0, 1, 15, 16, 17, 255, 256, 257, 1_000, 8_191, 8_192)
    plans = [("apart", count, exact) for count in every for exact in (0, 1)]
    for kind in ("close", "shifted", "tiny", "faint a", "faint b", "subnormal f16", "large", "zeros", "equal", "not finite"):
        plans += [(kind, count, exact) for count, exact in ((1, 0), (300, 0), (300, 1), (4_099, 0))]
    for type_a in TYPES:
        for type_b in TYPES:
            for kind, count, exact in plans:
                a, b = pairs_of(random, kind, count)
                (stored_a, a), (stored_b, b) = encode(a, type_a), encode(b, type_b)
                sums = pair_sums(a, b, single=not exact and not needs_double(a, b))
                yield Case((exact, type_a, type_b, count), stored_a, stored_b, sums, has_set=exact == 1)


def pair_block_f64(random):
    for kind in ("apart", "close", "shifted", "tiny", "zeros", "equal", "not finite"):
        for count in (0, 1, 15, 16, 17, 1_000, 8_191):
            if count != 0 or kind == "apart":
                a, b = pairs_of(random, kind, count)
                yield Case((count,), a, b, pair_sums(a, b, single=False))


def moments_block(random):
    for kind in ("plain", "shifted", "not finite", "with zeros", "none finite", "zeros", "tiny"):
        for count in (0, 1, 7, 8, 9, 1_000, 8_192):
            x = random.normal(size=count)
            if kind == "shifted":
                x = 100 + x
            elif kind == "tiny":
                x *= 1e-60
            elif kind == "not finite" and count:
                x[random.integers(count, size=1 + count // 9)], x[random.integers(count, size=1 + count // 9)] = np.nan, np.inf
            elif kind == "with zeros":
                x[::5], x[1::5] = 0, -0.0
            elif kind == "none finite":
                x[:], x[::2] = np.nan, -np.inf
            elif kind == "zeros":
                x *= 0
                x = np.abs(x)
            finite = x[np.isfinite(x)]
            n = max(1, len(finite))
            mean = total(finite) / n
            d = finite - mean
            rounding = (n / 8 + 16) * U64
            # A difference from the mean has an error of some units of the numbers themselves.
            offset = 4 * U64 * (float(np.abs(finite).max()) if len(finite) else 0)
            parts = [Part(f64(mean), f64(rounding * size(finite) / n))]
            for k in (2, 3, 4):
                parts.append(Part(f64(total(d**k)), f64(k * rounding * size(d**k) + k * offset * size(d ** (k - 1)) + n * offset**k)))
            least, most = (finite.min(), finite.max()) if len(finite) else (np.inf, -np.inf)
            counts = len(finite), np.sum(x == 0), np.sum(np.isnan(x)), np.sum(np.isinf(x))
            yield Case((count,), x, Out(*parts, Part(f64(least)), Part(f64(most)), *(Part(i64(count)) for count in counts)))


def sum_and_squares(random):
    for scale in (1, 1e-40, 1e30):
        for count in (0, 1, 15, 16, 17, 100, 4_097):
            x = (scale * random.normal(size=count)).astype("f4")
            wide, rounding = x.astype("f8"), (count / 16 + 8) * U64
            parts = (Part(f64(total(terms)), f64(rounding * size(terms))) for terms in (wide, wide * wide))
            yield Case((count,), x, Out(*parts))


def add_squares(random):
    for scale in (1, 1e-40, 1e30):
        for count in (0, 1, 7, 8, 15, 16, 17, 100, 4_097):
            x, before = (scale * random.normal(size=count)).astype("f4"), random.normal(size=count)
            yield Case((count,), x, Out(Part(before + x.astype("f8") ** 2), before=before))


def largest_magnitude(random):
    for scale in (1, 1e-42, 1e38):
        for count in (0, 1, 7, 31, 32, 33, 64, 65, 1_000):
            x = (scale * np.clip(random.normal(size=count), -3, 3)).astype("f4")
            yield Case((count,), x, Out(Part(np.abs(x).max(initial=np.float32(0)))))
    for x in (np.array([0, -0.0, -0.0], "f4"), just_above(37), just_above(64)):
        yield Case((len(x),), x, Out(Part(np.abs(x).max())))


def just_above(count):
    """Equal numbers, and at the end the next one."""
    return np.append(np.full(count - 1, 1.5, "f4"), np.nextafter(np.float32(1.5), np.float32(2)))


def highest(random):
    for rows, columns in ((0, 5), (3, 0), (1, 1), (3, 7), (5, 8), (4, 16), (7, 33), (2, 100), (40, 17)):
        for absolute in (0, 1):
            # Few values, so that there are ties; rows and columns without a number above zero.
            x = np.round(2 * random.normal(size=(rows, columns))).astype("f4") * np.float32(1.5)
            x[::4] = -np.abs(x[::4])
            x[:, ::6] = -np.abs(x[:, ::6])
            if rows > 2 and columns > 6:
                x[1, 5], x[2, 6], x[2, 1], x[0, 3] = np.inf, -np.inf, 1e-42, -0.0
                x[2] = just_above(columns)
            y = np.maximum(np.abs(x) if absolute else x, np.float32(0)) + np.float32(0)
            row, column = y.max(axis=1, initial=0), y.max(axis=0, initial=0)
            place = np.array([int(np.argmax(line == most)) if most > 0 else -1 for line, most in zip(y, row)], "i4")
            outputs = (Out(Part(part)) for part in (row.view("i4"), place, column.view("i4")))
            yield Case((rows, columns, absolute), x, *outputs)


def widened(random, wide):
    for kind in TYPES:
        bits = random.integers(2**32, size=70_000, dtype="u4") if kind == F32 else np.arange(2**16, dtype="<u2")
        # The bits of widened numbers: numpy's conversion of f16; bf16 is the upper half of f32.
        with np.errstate(invalid="ignore"):
            values = bits.view("f2") if kind == F16 else (bits.astype("u4") << (16 if kind == BF16 else 0)).view("f4")
            values = values.astype("f8" if wide else "f4")
        for first, count in ((0, len(bits)), (0, 0), (1, 1), (2, 7), (3, 15), (4, 16), (5, 17), (31_740, 33), (50, 1_001)):
            some = slice(first, first + count)
            yield Case((kind, count), bits[some].tobytes(), Out(Part(values[some])))


def widen_f32(random):
    return widened(random, wide=False)


def widen_f64(random):
    return widened(random, wide=True)


def minifloats(kind):
    """The numbers of all codes of a type of one byte."""
    code = np.arange(256)
    if kind in (U8, I8):
        return code.astype("u1").view("u1" if kind == U8 else "i1").astype("f4")
    bits, bias = {E4M3: (3, 7), E5M2: (2, 15), E4M3_FNUZ: (3, 8), E5M2_FNUZ: (2, 16)}[kind]
    exponent, fraction = (code & 127) >> bits, code & (1 << bits) - 1
    value = np.where(exponent == 0, np.ldexp(fraction, 1 - bias - bits), np.ldexp((1 << bits) + fraction, exponent - bias - bits))
    value = np.where(code >= 128, -value, value)
    if kind == E4M3:
        value[(code & 127) == 127] = np.nan
    elif kind == E5M2:
        value[(code & 127) > 124], value[124], value[252] = np.nan, np.inf, -np.inf
    else:
        value[128] = np.nan
    return value.astype("f4")


def widen_bytes(random):
    for kind in range(6):
        numbers = minifloats(kind)
        yield Case((kind, 256), bytes(range(256)), Out(Part(numbers)))
        for count in (0, 1, 15, 16, 17, 251):
            codes = random.integers(256, size=count, dtype="u1")
            yield Case((kind, count), codes.tobytes(), Out(Part(numbers[codes])))


def widen_row(random):
    for kind in TYPES:
        plans = [(1, count) for count in (0, 1, 15, 16, 17, 255, 256, 257, 1_000, 5_000)] + [(1e-30, 777), (1e30, 777), (math.nan, 300)]
        for scale, count in plans:
            stored, x = encode(scale * random.normal(size=count), kind)
            is_finite = bool(np.isfinite(x).all())
            squares = x * x if is_finite and np.abs(x).max(initial=0) < 1e18 else f64(math.nan)
            # Seventeen roundings of single precision; squares may be lost below the smallest f32.
            error = 17 * U + (count / 16 + 8) * U64
            sums = (
                Part(f64(total(x) if is_finite else math.nan), f64(error * size(x))),
                Part(f64(total(squares)), f64(error * size(squares) + count * LEAST)))
            yield Case((kind, count, AHEAD[count % 3]), stored, Out(Part(x.astype("f4"))), Out(*sums))


def product_error(columns):
    """The bound of products.h, as a factor of Σ|ab|."""
    return (columns / 16 + 3) * U * 1.001


def products(random):
    sides = ((1, 1), (2, 3), (3, 2), (1, 8), (4, 3), (4, 6), (5, 7), (6, 5), (9, 13), (22, 22))
    plans = [(m, n, columns, 0) for m, n in sides for columns in (16, 48, 528)]
    plans += [(22, 22, 2_048, 0), (3, 4, 512, 0), *((k, k, columns, 1) for k in (1, 4, 7, 13, 22) for columns in (32, 1_040))]
    for m, n, columns, lower in plans:
        stride = columns + int(random.choice([0, 3, 16]))
        rows = [random.normal(size=(k, stride)).astype("f4") for k in (m, n)]
        scales = [random.lognormal(size=k) for k in (m, n)]
        before = random.normal(size=(m, n))
        a, b = (side[:, :columns].astype("f8") for side in rows)
        # Products of f32 are exact in double precision.
        expected, sizes = np.array([[total(x * y) for y in b] for x in a]), np.abs(a) @ np.abs(b).T
        scale = np.outer(*scales)
        error = product_error(columns) * sizes * scale + 8 * U64 * (np.abs(before) + sizes * scale)
        free = np.triu(np.ones((m, n), bool), 1) if lower else None
        # The last row ends with its last number.
        x, y = (side.ravel()[: (len(side) - 1) * stride + columns] for side in rows)
        sums = Out(Part(before + expected * scale, error, free), before=before)
        yield Case((m, n, columns, lower, stride, int(random.integers(2))), x, scales[0], y, scales[1], sums, agree="fused")


def copy_bf16(random):
    plans = [("plain", count) for count in (1, 31, 32, 63, 64, 65, 127, 128, 1_000, 2_047, 2_048)]
    plans += [(kind, count) for kind in ("nan", "infinite", "subnormal") for count in (1, 100, 500)]
    for kind, count in plans:
        x = random.normal(size=count) * (1e-39 if kind == "subnormal" else 1)
        if kind in ("nan", "infinite"):
            x[random.integers(count)] = math.nan if kind == "nan" else math.inf
        stored, x = encode(x, BF16)
        padded = stored + bytes(-count % 64 * 2)
        error, is_finite = (count / 32 + 3) * U, bool(np.isfinite(x).all())
        with np.errstate(invalid="ignore"):
            lost = size(x[np.abs(x) < NORMAL]) if is_finite else 0
            sums = (
                Part(f64(total(x) if is_finite else math.nan), f64(error * size(x) + lost)),
                Part(f64(total(x * x) if is_finite else math.nan), f64(error * size(x * x) + count * NORMAL * (kind == "subnormal"))))
        agree = "none" if kind == "subnormal" else "all"
        yield Case((count, AHEAD[count % 3]), stored, Out(Part(np.frombuffer(padded, "u2"))), Out(*sums), agree=agree)


def products_bf16(random):
    for m, n in ((1, 1), (2, 3), (3, 2), (1, 8), (4, 6), (5, 7), (9, 13), (22, 22)):
        for columns in (32, 96, 544, 2_048):
            stride = columns + int(random.choice([0, 32, 64]))
            stored, values = zip(*(encode(random.normal(size=(k, stride)), BF16) for k in (m, n)))
            a, b = (side.reshape(-1, stride)[:, :columns] for side in values)
            before = random.normal(size=(m, n))
            sizes = np.abs(a) @ np.abs(b).T
            expected = before + np.array([[total(x * y) for y in b] for x in a])
            x, y = (np.frombuffer(side, "u2")[: (k - 1) * stride + columns] for side, k in zip(stored, (m, n)))
            sums = Out(Part(expected, product_error(columns) * sizes + 8 * U64 * (np.abs(before) + sizes)), before=before)
            yield Case((m, n, columns, stride, int(random.integers(2))), x, y, sums)


def gram(random):
    for kind in TYPES:
        for count in range(1, 17):
            for columns in (1, 32, int(random.integers(33, 100)), 1_000 if count < 16 else 2_048):
                first = int(random.integers(9))
                stored, rows = zip(*(encode(random.normal(size=first + columns), kind) for _ in range(count)))
                rows = np.array(rows)[:, first:]
                before, sums_before = random.normal(size=(count, count)), random.normal(size=count)
                exact, sizes = np.array([[total(x * y) for y in rows] for x in rows]), np.abs(rows) @ np.abs(rows).T
                lower = np.tri(count, dtype=bool)
                rounding = product_error(columns + 32)
                expected = np.where(lower, before + exact, before)
                error = np.where(lower, rounding * sizes + 8 * U64 * (np.abs(before) + sizes), 0)
                row_sizes = np.abs(rows).sum(axis=1)
                sums = Out(
                    Part(sums_before + [total(row) for row in rows], rounding * row_sizes + 8 * U64 * (np.abs(sums_before) + row_sizes)),
                    before=sums_before)
                yield Case(
                    (kind, count, first, columns), *stored, Out(Part(expected, error), before=before), sums,
                    agree="fused" if kind == F32 else "all")


def codes_of(stored, bits):
    """The codes of a little-endian stream."""
    each = np.unpackbits(np.frombuffer(stored, "u1"), bitorder="little")
    each = each[: len(each) // bits * bits].reshape(-1, bits).astype("i8")
    return (each << np.arange(bits)).sum(axis=1)


def stream(random):
    for bits in range(1, 9):
        for first, count in ((0, 0), (0, 1), (0, 8), (1, 7), (3, 9), (5, 64), (17, 100), (1_001, 1_003)):
            length = ((first + count) * bits + 7) // 8 + int(random.choice([0, 0, 5]))
            stored = random.bytes(length)
            numbers = codes_of(stored, bits)[first : first + count].astype("f4")
            yield Case((bits, length, first, count), stored, Out(Part(numbers)))


def nibbles(random):
    pairs = random.normal(size=(256, 2)).astype("f4")
    for first, count in ((0, 0), (0, 1), (1, 1), (1, 0), (0, 2), (1, 2), (3, 8), (4, 9), (101, 1_000)):
        stored = random.bytes((first + count + 1) // 2)
        numbers = pairs[np.frombuffer(stored, "u1")].ravel()[first : first + count]
        yield Case((first, count), pairs, stored, Out(Part(numbers)))


def grouped(random, with_offsets):
    for group in (1, 7, 16, 32, 128):
        for first, count in ((0, 0), (0, 1), (0, group), (5, 33), (group - 1, 2 * group + 1), (3 * group + 2, 500)):
            values = random.integers(-128, 256, size=count).astype("f4")
            if count > 400:
                values = random.normal(size=count).astype("f4")
            place = (first + np.arange(count)) // group - first // group
            scales, other = random.normal(size=(2, int(place.max(initial=0)) + 1)).astype("f4")
            if with_offsets:
                # Rounded twice, as two operations.
                yield Case((count, first, group), Out(Part(values * scales[place] + other[place]), before=values), scales, other)
                continue
            for has_zeros in (0, 1):
                zeros = np.round(8 * other) * has_zeros
                numbers = (values - zeros[place]) * scales[place]
                yield Case((count, first, group, has_zeros), Out(Part(numbers), before=values), scales, zeros)


def scale_groups(random):
    return grouped(random, with_offsets=False)


def affine_groups(random):
    return grouped(random, with_offsets=True)


def gguf_tensors(path):
    """The numbers' count, the type and the place of each tensor of a GGUF file, and the bytes of the file."""
    with open(path, "rb") as file:
        data = file.read()
    place = 0

    def take(code):
        nonlocal place
        value = struct.unpack_from("<" + code, data, place)[0]
        place += struct.calcsize(code)
        return value

    def text():
        nonlocal place
        length = take("Q")
        place += length
        return data[place - length : place].decode()

    def value(kind):
        if kind == 8:
            return text()
        if kind == 9:
            inner, count = take("I"), take("Q")
            return [value(inner) for _ in range(count)]
        return take("BbHhIif?__Qqd"[kind])

    magic, _, tensors, pairs = take("I"), take("I"), take("Q"), take("Q")
    assert magic == 0x46554747
    for _ in range(pairs):
        text(), value(take("I"))
    found = {}
    for _ in range(tensors):
        name = text()
        count = math.prod([take("Q") for _ in range(take("I"))])
        kind = take("I")
        found[name] = (count, kind, take("Q"))
    start = (place + 31) // 32 * 32
    return {name: (count, kind, start + offset) for name, (count, kind, offset) in found.items()}, data


def header():
    with open(os.path.join(ROOT, "Sources", "CKernels", "include", "CKernels.h"), encoding="utf-8") as file:
        return file.read()


def block_formats():
    """The formats of blocks, in the order of their codes: name, numbers and bytes."""
    return [(name.upper(), int(numbers), int(width)) for name, numbers, width in re.findall(r"NAME\((\w+), (\d+), (\d+)\)", header())]


def blocks(random):
    # Random blocks, and the numbers that the reference decodes them to: testdata/oracle/gguf_blocks.py.
    tensors, data = gguf_tensors(os.path.join(ROOT, "testdata", "gguf", "blocks.gguf"))
    places = sorted(place for _, _, place in tensors.values()) + [len(data)]
    for format, (name, numbers, width) in enumerate(block_formats()):
        count, _, place = tensors[name]
        values = np.frombuffer(data, "<f4", count, tensors[name + ".f32"][2])
        all_blocks = count // numbers
        # The file has the blocks' bytes, and fills up to a multiple of 32.
        assert 0 <= places[places.index(place) + 1] - place - all_blocks * width < 32, name
        for first, end in ((0, all_blocks), (0, 0), (0, 1), (1, 2), (all_blocks - 1, all_blocks), (1, all_blocks)):
            stored = data[place + first * width : place + end * width]
            yield Case((format, end - first), stored, Out(Part(values[first * numbers : end * numbers])))


def block_sizes(random):
    yield Case((), Out(Part(np.array([sizes[1:] for sizes in block_formats()], "i4"))))


def packed(codes, bits):
    """The bytes of a little-endian stream of codes."""
    each = (codes.ravel()[:, None] >> np.arange(bits) & 1).astype("u1")
    return np.packbits(each.ravel(), bitorder="little")


def word_matrix(random, bits, is_awq, inputs, outputs, group, has_order, has_zeros, scale_type, zero_offset):
    """The buffers and the parameters of ck_words, and its numbers, W[output][input]."""
    count = -(-inputs // group)
    codes, zeros = random.integers(1 << bits, size=(inputs, outputs)), random.integers(1 << bits, size=(count, outputs))
    order = random.integers(count, size=inputs) if has_order else np.arange(inputs) // group
    stored_scales, scales = encode(random.normal(size=(count, outputs)), scale_type)
    scales = scales.reshape(count, outputs).astype("f4")
    # In each word of AWQ, the even outputs of eight come first.
    awq = lambda rows: packed(rows.reshape(-1, 8)[:, [0, 2, 4, 6, 1, 3, 5, 7]], 4)
    if is_awq:
        stored, stored_zeros = awq(codes), awq(zeros)
    else:
        columns = [packed(column, bits).view("<u4") for column in codes.T]
        stored, stored_zeros = np.array(columns).T, packed(zeros, bits)
    zero = (zeros + zero_offset) & (1 << bits) - 1 if has_zeros else np.full(zeros.shape, 1 << bits - 1)
    numbers = (codes.astype("f4") - zero[order].astype("f4")) * scales[order]
    buffers = (stored.tobytes(), stored_scales, stored_zeros.tobytes(), order.astype("<u4").tobytes())
    return buffers, (inputs, outputs, group, count, bits, is_awq, scale_type, zero_offset, has_zeros, has_order), numbers.T


def unpack_words(random):
    shapes = {2: ((64, 48), (16, 16)), 3: ((96, 64), (32, 32)), 4: ((64, 24), (40, 40), (8, 8)), 8: ((64, 20), (12, 4))}
    plans = [(bits, 0, inputs, outputs) for bits, all_shapes in shapes.items() for inputs, outputs in all_shapes]
    plans += [(4, 1, 64, 24), (4, 1, 37, 40), (4, 1, 5, 8)]
    for bits, is_awq, inputs, outputs in plans:
        for has_order, has_zeros, scale_type, group, zero_offset in (
                (0, 1, F16, 32, 0), (0, 1, F16, 16, 1), (1, 1, BF16, 8, 1), (0, 0, F32, inputs, 0), (1, 0, F16, 5, 0), (0, 1, F32, 7, 0)):
            buffers, parameters, numbers = word_matrix(
                random, bits, is_awq, inputs, outputs, group, has_order, has_zeros, scale_type, zero_offset)
            for whole in (True, False, False):
                row, rows, column, columns = 0, outputs, 0, inputs
                if not whole:
                    row, column = int(random.integers(outputs)), int(random.integers(inputs))
                    rows, columns = int(random.integers(1, outputs - row + 1)), int(random.integers(1, inputs - column + 1))
                stride = columns + int(random.choice([0, 5]))
                # What is not in the rectangle stays.
                before = random.normal(size=(rows, stride)).astype("f4")
                after = before.copy()
                after[:, :columns] = numbers[row : row + rows, column : column + columns]
                before, after = (side.ravel()[: (rows - 1) * stride + columns] for side in (before, after))
                yield Case((*parameters, row, rows, column, columns, stride), *buffers, Out(Part(after), before=before))


CASES = (
    pair_block, pair_block_f64, moments_block, sum_and_squares, add_squares, largest_magnitude, highest, widen_f32, widen_f64, widen_bytes,
    widen_row, products, copy_bf16, products_bf16, gram, stream, nibbles, scale_groups, affine_groups, blocks, block_sizes, unpack_words,
)


class Driver:
    """A driver: its kernels and its instruction sets."""

    def __init__(self, machine, command):
        self.machine, self.command = machine, shlex.split(command)
        lines = subprocess.run(self.command, check=True, capture_output=True, text=True).stdout.split("\n")
        self.kernels = [line[len("kernel ") :] for line in lines if line.startswith("kernel ")]
        self.sets = [int(line[len("set ") :]) for line in lines if line.startswith("set ")]

    def run(self, number, cases, path, *options):
        """The results of all cases on an instruction set, −1 for the one that the program uses."""
        with tempfile.TemporaryDirectory() as folder:
            results = os.path.join(folder, "results")
            done = subprocess.run([*self.command, str(number), path, results, *options], capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"oracle: {self.machine}, set {number}: {done.stderr.strip() or f'the driver ended with {done.returncode}'}")
            with open(results, "rb") as file:
                return [case.read(file) for _, case in cases]


def missing(driver):
    """The kernels of the header that have no row in the driver's table or no cases here."""
    declared = set(re.findall(r"\bck_(\w+?)(?:_on)?\((?!void)", "\n".join(re.findall(r"^(?:void|float) .*", header(), re.M))))
    tested = {case.__name__ for case in CASES}
    return sorted((declared | set(driver.kernels)) - (tested & set(driver.kernels)))


def write(cases, kernels, file):
    """Writes cases for drivers. Returns the kernels and parts of outputs of which no case changes a bit."""
    random, fields, unbroken = np.random.default_rng(SEED), {}, set()
    for name, case in cases:
        if name not in fields:
            fields[name] = [(k, part) for k, output in enumerate(case.outputs) for part in range(len(output.parts))]
            unbroken |= {(name, field) for field in fields[name]}
        file.write(case.stored(kernels.index(name), random, fields[name]))
        unbroken.discard((name, case.broken))
    file.flush()
    return sorted(unbroken)


class Run:
    """The results of cases on an instruction set."""

    def __init__(self, driver, number, cases, path):
        self.where = f"{driver.machine}, {f'set {number}' if number >= 0 else 'the set of the program'}"
        # An x86-64 has no FMA in its baseline.
        self.fuses = (driver.machine, number) != ("x86_64", 0)
        self.results = dict(zip((case for _, case in cases), driver.run(number, cases, path)))

    def faults(self, cases, other):
        """What is wrong, and what differs from another run."""
        for name, case in cases:
            if case not in self.results:
                continue
            if wrong := case.wrong(self.results[case]):
                yield f"{self.where}: {name}{case.parameters}: {wrong}"
            elif case.agree == "all" or case.agree == "fused" and self.fuses:
                if difference := case.disagree(self.results[case], other.results[case]):
                    yield f"{self.where}, and {other.where}: {name}{case.parameters}: {difference}"


def main(arguments):
    drivers = [Driver(*argument.split("=", 1)) for argument in arguments]
    if names := missing(drivers[0]):
        sys.exit(f"oracle: no cases, or no row in driver.c: {', '.join(names)}")
    cases = [(kernel.__name__, case) for k, kernel in enumerate(CASES) for case in kernel(np.random.default_rng([SEED, k]))]
    called = [(name, case) for name, case in cases if not case.has_set]
    with tempfile.NamedTemporaryFile() as some, tempfile.NamedTemporaryFile() as every:
        write(called, drivers[0].kernels, some)
        faults = [f"no case changes a bit: {name}, output and part {field}" for name, field in write(cases, drivers[0].kernels, every)]
        runs = [Run(driver, number, cases, every.name) for driver in drivers for number in driver.sets]
        runs += [Run(driver, -1, called, some.name) for driver in drivers]
        broken = drivers[0].run(drivers[0].sets[0], cases, every.name, "--broken")
    # Against a set that fuses, because the others must give its bits; all sets of a machine are before the program's.
    other = next((run for run in runs if run.fuses), runs[0])
    faults += [fault for run in runs for fault in run.faults(cases, other)]
    for (name, case), found in zip(cases, broken):
        if case.broken and not case.wrong(found):
            faults.append(f"a changed bit is not noticed: {name}{case.parameters}, output and part {case.broken}")
    for fault in faults[:40]:
        print(f"oracle: {fault}", file=sys.stderr)
    if faults:
        sys.exit(f"oracle: {len(faults)} faults, seed {SEED}")
    sets = " and ".join(f"{driver.machine} (sets {', '.join(map(str, driver.sets))})" for driver in drivers)
    changed = sum(case.broken is not None for _, case in cases)
    print(f"oracle: {len(CASES)} kernels, {len(cases)} cases on {sets}: as promised; {changed} changed bits noticed", file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 2 or "--help" in sys.argv:
        sys.exit(__doc__)
    main(sys.argv[1:])
