"""Tests of the installed package: run by scripts/ci/wheel, with the models of testdata. They import nothing that the wheel does not bring.

Usage: python test_unmask.py TESTDATA
"""

import concurrent.futures
import importlib.metadata
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import unmask
import unmask_program

TESTDATA = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else "testdata"


def model(name):
    return os.path.join(TESTDATA, name)


class PackageTests(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def test_compare_returns_the_document(self):
        result = unmask.compare(model("aurora-chat"), model("aurora"))
        self.assertEqual(result["schema"], "unmask.compare/1")
        self.assertEqual((result["verdict"]["relation"], result["verdict"]["coverage"]), ("derived", 1.0))
        self.assertGreater(result["verdict"]["cosine"], 0.99)
        self.assertNotIn("explanation", result)

    def test_options_reach_the_program(self):
        result = unmask.compare(model("aurora-chat"), model("aurora"), depth="quick", explain=True, hash=True, threads=1)
        self.assertEqual(result["depth"], "quick")
        self.assertEqual([step["step"] for step in result["explanation"]], ["in_place", "change"])
        self.assertEqual(len(result["candidate"]["sha256"]), 64)
        self.assertEqual(unmask.compare(model("borealis"), model("aurora"))["verdict"]["relation"], "independent")
        self.assertEqual(len(unmask.heatmap(model("aurora-chat"), model("aurora"), role="q_proj")["cells"]), 4)

    def test_a_masked_copy_is_found(self):
        result = unmask.compare(model("nova"), model("aurora"))
        self.assertEqual(result["verdict"]["relation"], "derived")
        self.assertIn("neurons permuted", result["verdict"]["rewrites"])

    def test_inspect(self):
        result = unmask.inspect(model("aurora"), tensors=True)
        self.assertEqual((result["layers"], result["architecture"]), (4, "llama"))
        self.assertIn("kurtosis", result["tensors"][0])

    def test_an_error_has_the_exit_code_and_the_line(self):
        missing = self.path("missing")
        with self.assertRaises(unmask.UnmaskError) as caught:
            unmask.compare(missing, model("aurora"))
        self.assertEqual(caught.exception.exit_code, 66)
        self.assertIn(missing, caught.exception.line)
        self.assertEqual(str(caught.exception), caught.exception.line)
        self.assertFalse(caught.exception.line.startswith("unmask:"))
        again = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((again.exit_code, again.line), (66, caught.exception.line))
        with self.assertRaises(unmask.UnmaskError) as caught:
            unmask.inspect(model("aurora"), threads=0)
        self.assertEqual(caught.exception.exit_code, 64)

    def test_a_scan_returns_its_rows_although_a_model_cannot_be_read(self):
        for name in ["aurora", "aurora-chat"]:
            os.symlink(model(name), self.path(name))
        with open(self.path("broken.safetensors"), "wb") as file:
            file.write(b"no model")
        result = unmask.scan(self.folder, depth="quick")
        self.assertEqual([row["id"] for row in result["models"] if row["error"]], ["broken.safetensors"])
        self.assertEqual([pair["relation"] for pair in result["pairs"]], ["derived"])
        against = unmask.scan([self.path("aurora-chat")], against=[model("aurora"), model("borealis")])
        self.assertEqual(sorted(pair["relation"] for pair in against["pairs"]), ["derived", "independent"])
        os.remove(self.path("broken.safetensors"))
        self.assertEqual(unmask.tree(self.folder)["roots"], ["aurora"])

    def test_a_catalogue(self):
        catalogue = self.path("known.db")
        added = unmask.sketch([model("aurora"), model("borealis")], catalogue=catalogue)
        self.assertEqual([row["outcome"] for row in added["models"]], ["added", "added"])
        found = unmask.identify(model("aurora-chat"), catalogue=catalogue, top=1, confirm=True)["models"][0]
        self.assertEqual((found["relation"], found["components"][0]["matches"][0]["confirmed"]), ("derived", "derived"))

    def test_a_card(self):
        shutil.copytree(model("aurora-chat"), self.path("chat"))
        with open(self.path("chat/README.md"), "w") as file:
            file.write("---\nbase_model: us/base\n---\n")
        for base, outcome in [("aurora", "confirmed"), ("borealis", "contradicted")]:
            result = unmask.verify(self.path("chat"), bases={"us/base": model(base)})
            self.assertEqual(result["card"]["outcome"], outcome)

    def test_a_path_that_looks_like_an_option_is_a_path(self):
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(self.folder)
        os.symlink(model("aurora"), "--quiet")
        self.assertEqual(unmask.inspect("--quiet")["layers"], 4)

    def test_threads_may_run_at_the_same_time(self):
        names = ["aurora", "aurora-chat", "borealis", "nova"]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda name: unmask.inspect(model(name))["name"], names))
        self.assertEqual(found, names)

    def test_the_command(self):
        command = os.path.join(os.path.dirname(sys.executable), "unmask")
        run = lambda *words: subprocess.run([command, *words], capture_output=True, text=True)
        self.assertEqual(run("--version").stdout.splitlines()[0].split()[-1], unmask.version())
        self.assertEqual(unmask.version(), importlib.metadata.version("unmask"))
        example = run("compare", model("aurora-chat"), model("aurora"))
        self.assertTrue(example.stdout.startswith("derived\n"), example.stderr)
        self.assertEqual(run("compare", model("aurora-chat"), model("aurora"), "--fail-on", "kin").returncode, 1)

    def test_the_package_is_typed(self):
        for package in [unmask, unmask_program]:
            self.assertTrue(os.path.exists(os.path.join(os.path.dirname(package.__file__), "py.typed")))

    def test_a_missing_library_is_told_at_import(self):
        with mock.patch.object(unmask_program, "_LIBRARIES", [(("libnone.so.1", "libnone.so"), "none, for a test"), (("libc.so.6",), "C")]):
            self.assertEqual(unmask_program.missing_libraries(), ["none, for a test"])
        code = (
            "import unmask_program, warnings; unmask_program.missing_libraries = lambda: ['none, for a test']\n"
            "with warnings.catch_warnings(record=True) as told:\n    import unmask\nprint(*[note.message for note in told])")
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
        self.assertEqual(told.splitlines(), ["unmask: not in this package and not on this system: none, for a test"])

    def test_the_openblas_of_the_python_package_is_named(self):
        library = self.path("scipy_openblas32/lib/libscipy_openblas.so")
        os.makedirs(os.path.dirname(library))
        open(library, "w").close()
        with mock.patch.object(sys, "path", [self.folder, *sys.path]):
            self.assertEqual(unmask_program.environment()["UNMASK_OPENBLAS"], library)
        with mock.patch.dict(os.environ, {"UNMASK_OPENBLAS": "/mine"}):
            self.assertEqual(unmask_program.environment()["UNMASK_OPENBLAS"], "/mine")


if __name__ == "__main__":
    unittest.main()
