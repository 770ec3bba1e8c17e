#!/usr/bin/env python3
"""Runs a build and prints the seconds of the processor that the Swift compiler took for each module.

Usage: build_time.py COMMAND…        for example   UNMASK_SCRATCH=/tmp/fresh Tests/Benchmarks/build_time.py scripts/build

The command must build from nothing, because what is up to date is not compiled. C (a few seconds) and the linker are not counted."""
import collections
import os
import resource
import subprocess
import sys
import tempfile
import time

# The compiler's driver starts the program that this variable names in place of the compiler's frontend.
FRONTEND = "SWIFT_DRIVER_SWIFT_FRONTEND_EXEC"
LOG = "UNMASK_BUILD_TIME_LOG"


def compile_and_note(arguments):
    """Does the work of the frontend, and notes what it took."""
    code = subprocess.call([os.environ["UNMASK_BUILD_TIME_FRONTEND"], *arguments])
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    module = arguments[arguments.index("-module-name") + 1] if "-module-name" in arguments else "(questions to the compiler)"
    with open(os.environ[LOG], "a") as log:
        log.write(f"{module}\t{used.ru_utime + used.ru_stime}\n")
    return code


def measure(command):
    """Runs the build, and prints the table."""
    compiler = subprocess.run(["sh", "-c", "command -v swiftc"], capture_output=True, text=True, check=True).stdout.strip()
    frontend = os.path.join(os.path.dirname(os.path.realpath(compiler)), "swift-frontend")
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log")
        open(log, "w").close()
        start = time.time()
        code = subprocess.call(command, env=dict(
            os.environ, **{FRONTEND: os.path.abspath(__file__), LOG: log, "UNMASK_BUILD_TIME_FRONTEND": frontend}))
        wall = time.time() - start
        seconds = collections.Counter()
        with open(log) as lines:
            for line in lines:
                module, used = line.rstrip("\n").split("\t")
                seconds[module] += float(used)
    for module, used in seconds.most_common():
        if used >= 0.5:
            print(f"{used:8.1f}  {module}")
    print(f"{sum(seconds.values()):8.1f}  in all, by {wall:.0f} s of the clock on the wall")
    return code


if __name__ == "__main__":
    if LOG in os.environ:
        sys.exit(compile_and_note(sys.argv[1:]))
    if len(sys.argv) < 2 or sys.argv[1] == "--help":
        print(__doc__)
        sys.exit(0 if sys.argv[1:] else 64)
    sys.exit(measure(sys.argv[1:]))
