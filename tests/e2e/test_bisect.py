"""bisect: a failure that depends on the order is found, and reduced to the cases that make it.

VSSCTS is the program, VSSCTS_FAKE_WORKER a worker that needs no Wine: $FAKE_ORDER plants the failure in it.
"""

import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import unittest

from test_cli import SOURCE, VSSCTS
from test_resume import WORKER

sys.path.append(str(SOURCE / "tests" / "bench"))
import many_cases as many

SEED = 5
CASES = 400


class Bisect(unittest.TestCase):
    """Four hundred cases in random order, of which one fails after others."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-bisect-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        many.make_tables(cls.dir / "cases", 4, CASES // many.PREAMBLES // 4, 4)
        cls.profile = cls.dir / "profile.json"
        many.write(cls.profile, "profile", name="many", dll="/fake/ok.dll", claims={"windows": "10.0"}, can=[], volumes=[])
        cls.run_all("plain", "")
        cls.ran = cls.order("plain")

    @staticmethod
    def vsscts(*args, plant="", code=None):
        done = subprocess.run([VSSCTS, *map(str, args)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                              check=False, env=dict(os.environ, FAKE_ORDER=plant))
        if code is not None:
            assert done.returncode == code, (args, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done

    @classmethod
    def run_all(cls, name, plant, *options):
        # what the tables let fail always is of no interest here
        cls.vsscts("run", "--home", cls.dir, "--cases", cls.dir / "cases", "--iut", cls.profile, "--worker", WORKER, "-j", 1,
                   "--shuffle", "--seed", SEED, "--out", cls.dir / name, *options, plant=plant)

    @classmethod
    def order(cls, name):
        """The cases in the order in which the one worker that is used again ran them."""
        events = [json.loads(line) for line in (cls.dir / name / "run.jsonl").read_text(encoding="utf-8").splitlines()]
        return [event["case"] for event in events if event["e"] == "begin" and not event["fresh"]]

    def good(self, part):
        """A case in that part of the order (0 to 1) which is as expected by itself."""
        report = json.loads((self.dir / "plain" / "report.json").read_text(encoding="utf-8"))
        fine = {case["id"] for case in report["cases"] if case["verdict"] == "pass"}
        return next(case for case in self.ran[int(part * len(self.ran)):] if case in fine)

    def test_one_is_found(self):
        for name, place in (("near", 0.79), ("far", 0), ("between", 0.3)):
            with self.subTest(name):
                first, victim = self.good(place), self.good(0.8)
                plant = f"{first} {victim}"
                self.run_all(name, plant)
                done = self.vsscts("bisect", self.dir / name, victim, plant=plant, code=0)
                self.assertIn(f"{victim} is fail after\n    {first}\nin the same worker, and not alone\n", done.stdout)
                self.assertIn("result: found (exit 0)", done.stdout)
                self.assertLess(done.stderr.count("after "), 26, done.stderr)  # twice the logarithm, and two before
                again = shlex.split(done.stdout.split("again     ")[1].splitlines()[0])
                self.assertEqual(again[-3:], ["--no-retry", first, victim])
                self.assertIn(" fail", self.vsscts(*again[1:], plant=plant, code=1).stdout)
                self.vsscts(*again[1:-2], victim, first, plant=plant, code=0)  # it is the order

    def test_two_are_found(self):
        first, second, victim = self.good(0.1), self.good(0.5), self.good(0.8)
        plant = f"{second} {first} {victim}"
        self.run_all("two", plant)
        done = self.vsscts("bisect", self.dir / "two" / "run.jsonl", victim, "--out", self.dir / "tries", plant=plant, code=0)
        self.assertIn(f"{victim} is fail after\n    {first}\n    {second}\nin", done.stdout)
        self.assertTrue((self.dir / "tries" / "run.jsonl").exists())

    def test_what_fails_alone_does_not_depend_on_the_order(self):
        victim = self.good(0.8)
        self.run_all("alone", victim)
        done = self.vsscts("bisect", self.dir / "alone", victim, plant=victim, code=1)
        self.assertIn("goes wrong alone, too", done.stdout)

    def test_what_does_not_come_again(self):
        first, victim = self.good(0.2), self.good(0.8)
        self.run_all("once", f"{first} {victim}")
        done = self.vsscts("bisect", self.dir / "once", victim, "--repeat", 3, code=12)
        self.assertIn("--repeat", done.stdout)
        self.assertIn("result: not shown again (exit 12)", done.stdout)

    def test_wrong_usage(self):
        for case, log, message in (
                (self.good(0.8), "plain", "was as expected"), ("many/nothing", "plain", "did not select"),
                (self.good(0.8), "nowhere", "cannot be read")):
            with self.subTest(message):
                self.assertIn(message, self.vsscts("bisect", self.dir / log, case, code=2).stderr)
        victim = self.good(0.8)
        self.run_all("isolated", victim, "--isolate")
        self.assertIn("a worker of its own", self.vsscts("bisect", self.dir / "isolated", victim, code=2).stderr)

    def test_in_order(self):
        folder = self.dir / "in-order"
        wanted = [self.good(0.5), self.good(0.1), self.good(0.9)]
        self.vsscts("run", "--home", self.dir, "--cases", self.dir / "cases", "--iut", self.profile, "--worker", WORKER,
                    "--in-order", "--out", folder, *wanted, code=0)
        self.assertEqual(self.order("in-order"), wanted)
        done = self.vsscts("run", "--home", self.dir, "--cases", self.dir / "cases", "--iut", self.profile, "--worker", WORKER,
                           "--in-order", "--shuffle", "--out", folder, *wanted, code=2)
        self.assertIn("exclude each other", done.stderr)


if __name__ == "__main__":
    unittest.main()
