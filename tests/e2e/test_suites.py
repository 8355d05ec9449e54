"""All suites against the reference, in versions that it stands for, and against Wine's own DLL.

A whole run takes a minute, so each is made once and looked at by several tests. What is left out here (the suites that
take longest, in the older versions; other seeds; more workers) is run where VSSCTS_FULL is set.
"""

import json
import os
import pathlib
import tempfile
import unittest

from test_cli import HOME, SOURCE, VSSCTS, has_worker, load, stable, vsscts

try:
    import jsonschema
except ImportError:
    jsonschema = None

# What does not depend on version and architecture, or hardly, and takes most of the time.
LONG = () if os.environ.get("VSSCTS_FULL") else (
    "--skip", "ordering", "--skip", "cancel", "--skip", "do-failed")
# Name: profile and options; strict shows advisory findings too.
RUNS = {
    "reference": ("reference", "--strict", "--shuffle", "--seed", "7", "-j4"),
    # Not more workers: with eight on two processors a case once found the snapshot set of the one before it, which had let
    # go of its operation, still in progress.
    "server": ("reference-server", "--strict", "--shuffle", "--seed", "9", "-j4"),
    "vista": ("reference-vista", "--strict", "--shuffle", "--seed", "10", "-j4", *LONG),
    "2003": ("reference-2003", "--strict", "--shuffle", "--seed", "11", "-j4", *LONG),
    "i686": ("reference", "--arch", "i686", "--strict", "-j3", *LONG),
    "array": ("reference-array", "--strict", "--shuffle", "--seed", "8", "-j4", "backup", "cancel", "concepts"),
    "arrays": ("reference-arrays", "--strict", "backup"),
    "many": ("reference-many", "--strict", "backup"),
    "sanitized": ("reference", "--strict", "async", "backup", "backup-complete", "factory", "writers/life"),
    "wine": ("wine",),
    "wine, nothing known": ("wine", "--no-expect", "--no-retry"),
}
REFERENCE = [name for name, run in RUNS.items() if run[0].startswith("reference")]
WHOLE = ("reference", "server", "wine", "wine, nothing known")
# Runs that are held against what was seen before: files of reports/baselines/.
BASELINES = {"reference": "reference-x86_64", "i686": "reference-i686", "wine": "wine-8.0-x86_64"}
# The program with the sanitizers, for runs of this name.
SANITIZED = os.environ.get("VSSCTS_SANITIZED", VSSCTS)


def prefix_for(*options):
    """The environment of a run: a Wine prefix is of one architecture."""
    prefix = os.environ.get("VSSCTS_WINEPREFIX")
    return {"VSSCTS_WINEPREFIX": prefix + "-i686"} if prefix and "i686" in options else {}


def baseline(path):
    """What stands in a baseline of each case."""
    known, folder = {}, ""
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        if line.startswith("  "):
            name, seen = line.split(maxsplit=1)
            known[folder + name] = seen
        else:
            folder = line
    return known


@unittest.skipUnless(has_worker(), "the home folder has no worker for x86_64")
class Suites(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-suites-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.made = {}
        for name, (profile, *options) in RUNS.items():
            if name == "i686" and not os.environ.get("VSSCTS_WINE_I686"):
                continue
            out = cls.folder / name.replace(", ", "-").replace(" ", "-")
            program = SANITIZED if name == "sanitized" else VSSCTS
            kept = ("--report", f"baseline={out}.txt") if name in BASELINES else ()
            done = vsscts("run", "--iut", profile, "--out", out, *options, *kept, env=prefix_for(*options), timeout=500, program=program)
            cls.made[name] = (done, load(out / "report.json"), out)

    def run_of(self, name):
        """The process, the report, the folder."""
        if name not in self.made:
            self.skipTest("there is no Wine for i686 (VSSCTS_WINE_I686)")
        return self.made[name]

    def reference_runs(self):
        return [name for name in REFERENCE if name in self.made]

    def test_reference_is_as_expected(self):
        for name in self.reference_runs():
            with self.subTest(run=name):
                done, report, _ = self.run_of(name)
                self.assertEqual(done.returncode, 0, done.stdout[-5000:] + done.stderr[-1000:])
                self.assertEqual(report["result"], {"exit_code": 0, "status": "as expected"})
                self.assertEqual(report["totals"]["advisory"], 0)
                self.assertTrue(done.stdout.endswith("result: as expected (exit 0)\n"), done.stdout[-500:])

    def test_every_case_is_in_every_report(self):
        listed = [case["id"] for case in json.loads(vsscts("list", "--json").stdout)]
        for name in WHOLE:
            if name in self.made:
                with self.subTest(run=name):
                    _, report, _ = self.run_of(name)
                    self.assertEqual([case["id"] for case in report["cases"]], listed)
                    self.assertEqual(sum(report["totals"]["verdicts"].values()), len(listed))

    def test_every_case_passes_somewhere(self):
        """What the reference skips as one version it passes as another, advisory findings too."""
        verdicts = {}
        self.run_of("i686")
        for name in REFERENCE:
            for case in self.run_of(name)[1]["cases"]:
                verdicts.setdefault(case["id"], []).append((case["verdict"], case.get("reason") or ""))
        for case, seen in verdicts.items():
            with self.subTest(case=case):
                self.assertTrue({verdict for verdict, _ in seen} & {"pass", "recorded"}, seen)
                self.assertLessEqual({verdict for verdict, _ in seen}, {"pass", "recorded", "skip"}, seen)

    def test_architectures_answer_alike(self):
        """Three at a time by id as i686, four at a time in another order as x86_64: verdicts and answers are the same."""
        others = {case["id"]: case for case in self.run_of("i686")[1]["cases"]}
        for one in self.run_of("reference")[1]["cases"]:
            other = others.get(one["id"], {"verdict": "skip"})
            if not {one["verdict"], other["verdict"]} & {"skip"} and one["suite"] != "exports":
                with self.subTest(case=one["id"]):
                    self.assertEqual(one["verdict"], other["verdict"])
                    if "race" not in one["tags"]:
                        self.assertEqual(one.get("outcome"), other.get("outcome"))

    def test_report_of_the_log_is_the_report(self):
        for name in ("reference", "server", "array", "wine"):
            with self.subTest(run=name):
                _, report, out = self.run_of(name)
                self.assertEqual(vsscts("report", out / "run.jsonl", "--json", out / "again.json").returncode, 0)
                self.assertEqual(stable(report), stable(load(out / "again.json")))

    @unittest.skipIf(jsonschema is None, "python3-jsonschema is missing")
    def test_reports_are_valid(self):
        validator = jsonschema.Draft202012Validator(load(SOURCE / "reports/schema/report.schema.json"))
        for name in ("reference", "array", "wine, nothing known"):
            with self.subTest(run=name):
                report = self.run_of(name)[1]
                report = dict(report, cases=report["cases"][::7])  # all kinds, in a seventh of the time
                errors = validator.iter_errors(report)
                self.assertEqual([f"{list(error.absolute_path)}: {error.message[:300]}" for error in errors], [])

    def test_wine_is_as_expected(self):
        done, report, _ = self.run_of("wine")
        self.assertEqual(done.returncode, 0, done.stdout[-3000:])
        verdicts = report["totals"]["verdicts"]
        self.assertEqual({verdicts[name] for name in ("error", "crash", "hang", "fail")}, {0})
        self.assertGreater(verdicts["not_implemented"], 0)

    def test_wine_with_nothing_known(self):
        done, report, _ = self.run_of("wine, nothing known")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.endswith("result: unexpected verdicts (exit 1)\n"))
        self.assertRegex(done.stdout,
                         r"(?m)^    again     vsscts run --iut wine --no-expect --out \S+/again \S+$")
        self.assertEqual(report["result"]["exit_code"], 1)
        self.assertEqual(report["totals"]["against"]["unexpected"], sum(case["gates"] for case in report["cases"]))
        self.assertGreater(report["totals"]["against"]["unexpected"], 0)

    def held_against(self, name, lines, *run):
        """The lines are those of the baseline; a case that differs is run once more, as it may depend on who is faster."""
        known = baseline(SOURCE / "reports" / "baselines" / f"{name}.txt")
        other = sorted(case for case in lines if lines[case] != known.get(case))
        self.assertLess(len(other), 20, other[:40])
        if other:
            path = self.folder / "again.txt"
            vsscts("run", *run, *other, "--out", self.folder / "again", "--report", f"baseline={path}", env=prefix_for(*run),
                   timeout=500)
            again = baseline(path)
            self.assertEqual({case: again.get(case) for case in other}, {case: known.get(case) for case in other},
                             f"not as in reports/baselines/{name}.txt; docs/reports.md says how it is written anew")
        return known

    def test_baselines(self):
        """What was seen before is seen again."""
        for name, file in BASELINES.items():
            with self.subTest(baseline=file):
                _, _, out = self.run_of(name)
                lines = baseline(pathlib.Path(f"{out}.txt"))
                arch = ("--arch", "i686") if name == "i686" else ()
                known = self.held_against(file, lines, "--iut", RUNS[name][0], *arch)
                if name in WHOLE:
                    self.assertEqual(list(known), list(lines))

    def test_baseline_of_wine_on_i686(self):
        if not os.environ.get("VSSCTS_WINE_I686"):
            self.skipTest("there is no Wine for i686 (VSSCTS_WINE_I686)")
        run, path = ("--iut", "wine", "--arch", "i686"), self.folder / "wine-i686.txt"
        done = vsscts("run", *run, "factory", "exports", "--out", self.folder / "wine-i686", "--report", f"baseline={path}",
                      env=prefix_for(*run), timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr)
        self.held_against("wine-8.0-i686", baseline(path), *run)

    def test_coverage(self):
        """What the README promises: nothing is passed over in silence, and nine of ten results are checked."""
        path = self.folder / "coverage.json"
        self.assertEqual(vsscts("coverage", "--require", "100", "--json", path).returncode, 0)
        totals = load(path)["totals"]
        self.assertEqual({name for name, row in totals.items() if row["missing"]}, set())
        self.assertGreaterEqual(totals["result"]["checked"], 0.9 * totals["result"]["total"])


if __name__ == "__main__":
    unittest.main()
