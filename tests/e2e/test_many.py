"""Logs that are judged again: of the same cases, of others than the options of their run select, with many of them.

VSSCTS is the program, VSSCTS_FAKE_WORKER a worker that needs no Wine.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("VSSCTS_SOURCE", pathlib.Path(__file__).parents[2]))
VSSCTS = os.environ.get("VSSCTS", str(SOURCE / "build/native-debug/bin/vsscts"))
WORKER = os.environ.get("VSSCTS_FAKE_WORKER", str(SOURCE / "build/native-debug/tests/fake_worker"))
MAKE = SOURCE / "tests" / "bench" / "many_cases.py"


class Many(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-many-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        subprocess.run([sys.executable, "-B", MAKE, VSSCTS, WORKER, cls.dir, "--matrices", "2", "--calls", "20"], check=True)
        cls.lines = (cls.dir / "run.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)

    def report(self, lines):
        """Exit code and report of a log with these lines."""
        log, path = self.dir / "other.jsonl", self.dir / "other.json"
        log.write_text("".join(lines), encoding="utf-8")
        command = [VSSCTS, "report", "--home", self.dir, "--cases", self.dir / "cases", "--quiet", "--json", path, log]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        self.assertIn(done.returncode, (0, 1, 5), done.stderr)
        return done.returncode, json.loads(path.read_text(encoding="utf-8"))

    def changed(self, change):
        """The lines with another header."""
        header = json.loads(self.lines[0])
        change(header)
        return [json.dumps(header) + "\n", *self.lines[1:]]

    def test_the_same(self):
        code, report = self.report(self.lines)
        of_run = json.loads((self.dir / "report.json").read_text(encoding="utf-8"))
        self.assertEqual(code, 1)
        self.assertEqual(len(report["cases"]), 400)
        self.assertEqual(report["cases"], of_run["cases"])
        self.assertEqual(report["totals"]["verdicts"]["fail"], 20)
        self.assertEqual(report["totals"]["verdicts"]["recorded"], 20)
        self.assertEqual(report["totals"]["verdicts"]["pass"], 360)

    def test_another_number_was_selected(self):
        def change(header):
            header["selected"] = 7
        code, report = self.report(self.changed(change))
        self.assertEqual(code, 1)
        self.assertEqual(report["totals"]["verdicts"]["pass"], 360)

    def test_options_select_as_many_others(self):
        """The log has the cases of the second matrix, the options name those of the first."""
        def change(header):
            header["options"]["patterns"] = ["many/m00"]
            header["selected"] = 200
        lines = self.changed(change)
        runs = {json.loads(line)["run"] for line in lines if '"case":"many/m01/' in line}
        kept = [line for line in lines if json.loads(line).get("run", min(runs)) in runs]
        code, report = self.report(kept)
        self.assertEqual(code, 1)
        self.assertEqual({case["id"].split("/")[1] for case in report["cases"]}, {"m01"})
        self.assertEqual(report["totals"]["verdicts"]["pass"], 180)
        self.assertEqual(report["totals"]["verdicts"]["error"], 0)

    def test_what_was_not_reached(self):
        """A log that was broken off: the cases that the options select are known all the same."""
        code, report = self.report(self.lines[:1000])
        self.assertEqual(code, 5)
        self.assertEqual(len(report["cases"]), 400)
        self.assertGreater(report["run"]["outstanding"], 200)


if __name__ == "__main__":
    unittest.main()
