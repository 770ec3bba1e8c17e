"""Timing whole processes, and the tables that show them: what scripts/bench and scripts/bench-peers share. Standard library alone."""
import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# What UNMASK_ISA may be, and the flag of /proc/cpuinfo that a machine needs for it.
SETS = {"avx2": "avx2", "avx512": "avx512f"}
LAYERS = {"100m": 8, "1.1b": 22, "7b": 32}
# F32 files of the same bytes: fewer layers.
F32_LAYERS = {"100m": 2, "1.1b": 10, "7b": 16}
BYTES = {"100m": 0.2e9, "1.1b": 2.4e9, "7b": 13.6e9}


class Failure(Exception):
    """A process that did not do what it was started for: its command, exit code and last line."""


def bench_folder():
    folder = os.environ.get("UNMASK_BENCH") or os.path.join(os.environ.get("TMPDIR", "/tmp"), "unmask-bench")
    os.makedirs(folder, exist_ok=True)
    return folder


class Process:
    """One process run to its end: wall seconds from before its start until it is reaped, exit code, what it wrote, and
    (with memory=True, which disturbs the clock a little) the peaks of its resident and anonymous bytes, looked at every 2 ms."""

    def __init__(self, command, memory=False, timeout=None, environment=None):
        self.command, self.timed_out, self.peak, self.anonymous = command, False, 0, 0
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            start = time.perf_counter()
            try:
                child = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, close_fds=False, start_new_session=timeout is not None,
                    env=dict(os.environ, **environment) if environment else None,
                )
            except OSError as error:
                raise Failure(f"`{command[0]}` does not start: {error.strerror}")
            if memory or timeout is not None:
                self._watch(child, start, memory, timeout)
            self.code = child.wait()
            self.seconds = time.perf_counter() - start
            out.seek(0)
            err.seek(0)
            self.stdout, self.stderr = out.read(), err.read()

    def _watch(self, child, start, memory, timeout):
        while child.poll() is None:
            if memory:
                self._look(child.pid)
            if timeout is not None and time.perf_counter() - start > timeout:
                self.timed_out = True
                os.killpg(child.pid, signal.SIGKILL)
                break
            time.sleep(0.002 if memory else 0.02)

    def _look(self, pid):
        try:
            with open(f"/proc/{pid}/status") as file:
                fields = dict(line.split(":", 1) for line in file)
            self.peak = max(self.peak, 1024 * int(fields["VmHWM"].split()[0]))
            self.anonymous = max(self.anonymous, 1024 * int(fields["RssAnon"].split()[0]))
        except (OSError, KeyError, ValueError):
            pass  # it has just ended

    def checked(self, codes=(0,)):
        if self.code not in codes:
            lines = self.stderr.decode(errors="replace").strip().splitlines()
            raise Failure(f"`{' '.join(self.command)}` ended with {self.code}: {lines[-1] if lines else 'nothing on stderr'}")
        return self


def last_line(process, errors_first=False):
    """The last line of stdout, or else of stderr: what a program of others says about its work."""
    streams = (process.stdout, process.stderr)
    for stream in reversed(streams) if errors_first else streams:
        lines = [line for line in stream.decode(errors="replace").splitlines() if line.strip()]
        if lines:
            return " ".join(lines[-1].split())
    return "says nothing"


def interleaved(commands, runs, before=None):
    """Wall seconds of each named command, run in turns (forwards, backwards, …), after one run each that does not count."""
    seconds = {name: [] for name in commands}
    for turn in range(-1, runs):
        for name in list(commands) if turn % 2 else reversed(list(commands)):
            if before:
                before()
            taken = Process(commands[name]).checked().seconds
            if turn >= 0:
                seconds[name].append(taken)
    return seconds


median = statistics.median


def table(headings, rows):
    """Rows as aligned text, the first column to the left and the rest to the right."""
    cells = [headings] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(headings))]
    for row in cells:
        print("  ".join([row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]).rstrip())


def seconds_text(value):
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.3f} s" if value < 100 else f"{value:.0f} s"


def megabytes(value):
    return f"{value / 1e6:,.0f} MB"


def machine():
    """What the figures were measured on."""
    model = ""
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"cpu": model, "cores": cores(), "memory": memory, "kernel": platform.release(), "load": os.getloadavg()[0]}


def instruction_sets():
    """The sets of this machine for which there are bars, the lesser one first; none on a machine of another kind."""
    with open("/proc/cpuinfo") as file:
        flags = set(next((line for line in file if line.startswith("flags")), "").split())
    return [name for name, flag in SETS.items() if flag in flags]


def cores():
    return len(os.sched_getaffinity(0))


def python_with_numpy(folder):
    """An interpreter that has numpy: this one, or a virtual environment made in the bench folder."""
    if subprocess.run([sys.executable, "-c", "import numpy"], capture_output=True).returncode == 0:
        return sys.executable
    return virtual_environment(os.path.join(folder, "venv"), ["numpy"])[0]


def virtual_environment(folder, packages):
    """An interpreter with packages installed from PyPI, each by itself; returns it and {package: why it could not be installed}."""
    python, failures = os.path.join(folder, "bin", "python"), {}
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    for package in packages:
        if subprocess.run([python, "-m", "pip", "show", "-q", package], capture_output=True).returncode == 0:
            continue
        print(f"installing {package} …", file=sys.stderr)
        done = subprocess.run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", package], capture_output=True, text=True)
        if done.returncode:
            lines = [line for line in done.stderr.strip().splitlines() if line]
            failures[package] = lines[-1] if lines else f"pip ended with {done.returncode}"
    return python, failures


def build_tools(folder):
    """Compiles limits.c and products.c; returns their paths, products' None when OpenBLAS is not at hand."""
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        raise Failure("no C compiler: install gcc or clang")
    tools = os.path.join(folder, "tools")
    os.makedirs(tools, exist_ok=True)
    common = [compiler, "-O3", "-march=native", "-pthread"]
    limits, products = os.path.join(tools, "limits"), os.path.join(tools, "products")
    subprocess.run(common + [os.path.join(HERE, "limits.c"), "-o", limits], check=True)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "openblas"], capture_output=True, text=True)
    if flags.returncode:
        return limits, None
    subprocess.run(common + [os.path.join(HERE, "products.c"), "-o", products] + flags.stdout.split(), check=True)
    return limits, products


def synthesise(folder, name, arguments, size):
    """A checkpoint of the bench folder, made unless it is there from the same arguments and the same program."""
    out, recipe = os.path.join(folder, name), os.path.join(folder, name, "recipe.json")
    program = os.path.join(HERE, "synthesise.py")
    with open(program) as file:
        wanted = {"arguments": arguments, "program": file.read()}
    if os.path.exists(recipe):
        with open(recipe) as file:
            if json.load(file) == wanted:
                return out
    shutil.rmtree(out, ignore_errors=True)
    free = shutil.disk_usage(folder).free
    if free < size + 2e9:
        raise Failure(f"{name} takes {size / 1e9:.1f} GB and {folder} has {free / 1e9:.1f} GB free")
    print(f"making {out} …", file=sys.stderr)
    subprocess.run([python_with_numpy(folder), program, out] + arguments, check=True)
    with open(recipe, "w") as file:
        json.dump(wanted, file)
    return out


def synthetic_pair(folder, shape, dtype):
    """Folders of a candidate and its foundation: the candidate is trained like a real finetune (gains, quiet channels and tokens, too), with
    noise of 0.1 of the weights' sd, a cosine of 0.995."""
    common = ["--shape", shape, "--dtype", dtype]
    if dtype == "F32":
        common += ["--layers", str(F32_LAYERS[shape])]
    foundation = synthesise(folder, f"{shape}-{dtype}-foundation", common, BYTES[shape])
    candidate = synthesise(folder, f"{shape}-{dtype}-candidate", common + ["--noise", "0.1", "--finetune"], BYTES[shape])
    return candidate, foundation


def stranger(folder, shape):
    """A model of the same shape that has nothing to do with the pair's foundation."""
    return synthesise(folder, f"{shape}-BF16-stranger", ["--shape", shape, "--dtype", "BF16", "--seed", "2"], BYTES[shape])


def gguf_copy(model, kind):
    """A GGUF file beside the folder of a BF16 model, made unless it is there and newer than the folder's recipe and the program."""
    out, program = f"{model}-{kind}.gguf", os.path.join(HERE, "gguf_copy.py")
    sources = [program, os.path.join(model, "recipe.json")]
    if os.path.exists(out) and all(os.path.getmtime(out) > os.path.getmtime(source) for source in sources):
        return out
    size = sum(os.path.getsize(file) for file in weight_files(model))
    free = shutil.disk_usage(os.path.dirname(model)).free
    if free < size + 2e9:
        raise Failure(f"{out} needs {size / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free")
    print(f"making {out} …", file=sys.stderr)
    subprocess.run([python_with_numpy(os.path.dirname(model)), program, model, out, kind], check=True)
    return out


def weight_files(*models):
    return [os.path.join(m, f) for m in models for f in sorted(os.listdir(m)) if f.endswith(".safetensors")]


def warm(limits, files):
    """Puts the files into the page cache in one defined way, or says that they do not fit. How they came there decides what a
    mapping of them costs (README.md), so files that were just made are dropped and read again."""
    for step in (["evict"], ["read", "buffered", "1"], ["touch", "map", "1"]):
        Process([limits, *step, *files]).checked()
    share = float(Process([limits, "resident", *files]).checked().stdout)
    if share < 0.999:
        raise Failure(f"only {share:.1%} of the files stays in memory: warm runs cannot be measured here")


def build():
    """The program as it is shipped, its path."""
    return script_output("unmask", [os.path.join(ROOT, "scripts", "build")])


def build_benchmark(product):
    """The release build of a program of the package in this folder, its path."""
    scratch = os.environ.get("UNMASK_BENCH_SCRATCH") or os.path.join(ROOT, ".build-bench")
    command = ["swift", "build", "-c", "release", "--package-path", HERE, "--scratch-path", scratch, "--product", product,
               "-Xswiftc", "-enable-testing"]
    script_output(product, command)
    return os.path.join(script_output(product, command + ["--show-bin-path"]), product)


def script_output(product, command):
    """What a command that builds a product prints."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        errors = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line]
        raise Failure(f"{product} does not build: {errors[0] if errors else 'the build ended with ' + str(done.returncode)}")
    return done.stdout.strip()


def parser(description):
    """The options that both scripts have."""
    options = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--shape", choices=sorted(LAYERS), default="1.1b", help="size of the checkpoints (default: 1.1b)")
    options.add_argument("--unmask", metavar="PATH", help="the program to measure (default: built in release mode)")
    options.add_argument("--json", metavar="FILE", help="keep all samples as JSON")
    return options


def keep(path, document):
    if path:
        with open(path, "w") as file:
            json.dump(document, file, indent=2)
            file.write("\n")
