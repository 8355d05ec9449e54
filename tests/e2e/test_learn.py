"""What is learnt from logs of Windows, and implementations that are held against it.

The logs of the fake worker, which needs no Wine, are spoilt in known places. With the reference, which stands for
Windows 10, it is the same for all that the suite can do: a few cases, all of them with VSSCTS_FULL.
"""

import json
import os
import pathlib
import random
import re
import subprocess
import tempfile
import unittest

from test_cli import SOURCE, has_worker, load, vsscts
from test_compare import FAILED, Logs, gives, writes
from test_many import WORKER

try:
    import jsonschema
except ImportError:
    jsonschema = None

NAME = "Windows 10.0 client, x86_64"
UNSTEADY = {"race", "concurrent"}


def valid(test, document, name):
    if jsonschema is not None:
        validator = jsonschema.Draft202012Validator(load(SOURCE / f"reports/schema/{name}.schema.json"))
        errors = [f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(document)]
        test.assertEqual(errors, [])


def altered(lines, number, unsteady=()):
    """Lines of a log in which one call each of so many cases has another result, and these cases."""
    case_of, candidates = {}, {}
    for at, line in enumerate(lines):
        event = json.loads(line)
        if event["e"] == "begin":
            case_of[event["run"]] = event["case"]
        elif event["e"] == "step" and event["s"] >= 0 and "hr" in event and case_of[event["run"]] not in unsteady:
            candidates.setdefault(case_of[event["run"]], []).append(at)
    chosen = random.Random(30).sample(sorted(candidates), number)
    made = list(lines)
    for case in chosen:
        at = random.Random(case).choice(candidates[case])
        event = json.loads(made[at])
        event["hr"] = "0x80042306" if event["hr"] != "0x80042306" else FAILED
        made[at] = json.dumps(event, separators=(",", ":")) + "\n"
    return made, sorted(chosen)


class Learnt(Logs):
    """The log of the fake worker, and what is learnt from it."""

    def run_command(self, code, *args):
        done = self.command(*args)
        self.assertEqual(done.returncode, code, done.stdout[-3000:] + done.stderr[-3000:])
        return done

    def learn(self, name, *logs, code=0, by=None):
        path = self.dir / name
        done = self.run_command(code, "learn", *logs, "--out", path, *(["--by", by] if by else []))
        if code == 0:
            valid(self, load(path), "observed")
        return path, done

    def held(self, code, log, against, *args):
        """The report of a log, held against observations."""
        path = self.dir / "held.json"
        done = self.run_command(code, "report", log, "--against", against, "--json", path, *args)
        report = load(path)
        valid(self, report, "report")
        return report, done

    def test_the_same(self):
        """What Windows does too is right, whatever the tables say: the cases that fail do not gate."""
        path, done = self.learn("same.json", self.old, by="lab-3")
        self.assertIn(f"200 cases of {NAME}\n", done.stdout)
        self.assertIn("10 cases contradict the tables: ours to mend", done.stdout)
        run = load(path)["runs"][0]
        header = json.loads(self.lines[0])
        self.assertEqual((run["by"], run["started"], run["dll"]["sha256"], run["tables"]),
                         ("lab-3", header["started"], header["iut"]["sha256"], header["suite"]["tables"]))
        report, done = self.held(0, self.old, path)
        self.assertEqual(report["totals"]["observed"], {"windows": NAME, "same": 200, "other": 0, "outdated": 0, "never": 0,
                                                        "contradicted": 10})
        self.assertIn(f"against {NAME}, as observed: 200 same\n", done.stdout)
        self.assertIn("ours to mend, Windows does otherwise than the tables expect: 10\n", done.stdout)

    def test_thirty_places(self):
        """A log that is altered in 30 known places is learnt: a run held against it differs in those and no other."""
        lines, chosen = altered(self.lines, 30)
        log = self.dir / "altered.jsonl"
        log.write_text("".join(lines), encoding="utf-8")
        path, _ = self.learn("altered.json", log)
        report, done = self.held(1, self.old, path, "--report", f"junit={self.dir}/held.xml")
        other = [case for case in report["cases"] if case["observed"] == "other"]
        self.assertEqual([case["id"] for case in other], chosen)
        self.assertEqual([case["id"] for case in report["cases"] if case["against"] == "unexpected"], chosen)
        self.assertEqual({case["observed"] for case in report["cases"]}, {"same", "other"})
        for case in other:
            finding = next(finding for finding in case["findings"] if finding.get("observed"))
            self.assertEqual((finding["basis"], finding["gates"], case["verdict"]), ("observed", True, "fail"))
            self.assertRegex(finding["expected"], rf"0x80042306.*, as observed in 1 of 1 run of {NAME}$")
        self.assertEqual((self.dir / "held.xml").read_text(encoding="utf-8").count("<failure"), 30)
        self.assertIn("as observed: 170 same, 30 other\n", done.stdout)

    def test_runs_join(self):
        """Runs that differ are kept as a set; the order of learning does not matter, nor how often a log is given."""
        other = self.log("other.jsonl", {"many/m00/c00/p0": gives(FAILED)}, header=lambda h: h.update(started="2020-01-01T00:00:00Z"))
        third = self.log("third.jsonl", header=lambda h: h.update(started="2020-01-02T00:00:00Z"))
        path, _ = self.learn("joined.json", self.old)
        alone = path.read_text(encoding="utf-8")
        self.learn("joined.json", third)
        both = path.read_text(encoding="utf-8")
        self.assertEqual(alone.split('"parts"')[1], both.split('"parts"')[1], "one more run that agrees changes no case")
        _, done = self.learn("joined.json", other, self.old)
        self.assertIn("1 case did something that no earlier run had shown", done.stdout)
        self.assertIn("learnt before", done.stdout)
        again, _ = self.learn("again.json", other, third, self.old, other)
        self.assertEqual(path.read_text(encoding="utf-8"), again.read_text(encoding="utf-8"))
        answers = load(path)["cases"]["many/m00/c00/p0"]["answers"]
        self.assertEqual(sorted(len(answer["runs"]) for answer in answers), [1, 2])
        for log in (self.old, other):
            self.held(0, log, path)
        new = self.log("new.jsonl", {"many/m00/c00/p0": gives("0x80042301")})
        report, _ = self.held(1, new, path)
        case = next(case for case in report["cases"] if case["observed"] == "other")
        self.assertIn("as observed in 2 of 3 runs", next(one for one in case["findings"] if one.get("observed"))["expected"])

    def test_values_and_questions(self):
        """Values that were written count, and a question that was answered is judged."""
        new = self.log("values.jsonl", {"many/m00/c03/p2": writes("other"), "many/m00/c19/p0": gives(FAILED)})
        path, _ = self.learn("values.json", self.old)
        report, _ = self.held(1, new, path)
        self.assertEqual([(case["id"], case["verdict"]) for case in report["cases"] if case["observed"] == "other"],
                         [("many/m00/c03/p2", "fail"), ("many/m00/c19/p0", "fail")])

    def test_crash(self):
        """A crash of Windows is no fault of a clone that crashes so, too."""
        def crash(code):
            return lambda line: line.replace('"how":"done"', f'"how":"crash","at":7,"code":"{code}"')
        first = self.log("crash.jsonl", {"many/m00/c00/p1": crash("0xC0000005")})
        second = self.log("other-crash.jsonl", {"many/m00/c00/p1": crash("0xC0000094")})
        path, _ = self.learn("crash.json", first)
        report, _ = self.held(0, first, path)
        case = next(case for case in report["cases"] if case["verdict"] == "crash")
        self.assertEqual((case["observed"], case["gates"], case["contradicted"]), ("same", False, True))
        for log in (second, self.old):
            report, _ = self.held(1, log, path)
            self.assertEqual([case["id"] for case in report["cases"] if case["observed"] == "other"], ["many/m00/c00/p1"])

    def test_other_machine(self):
        """Volumes of a profile have other names elsewhere: a log with those of another machine is the same."""
        def volumes(header):
            header["profile"]["volumes"] = ["Q:\\", "R:\\"]
        ours = self.log("c.jsonl", {"many/m00/c03/p2": writes("on C:\\x")},
                        header=lambda h: h["profile"].update(volumes=["C:\\", "D:\\"]))
        theirs = self.log("q.jsonl", {"many/m00/c03/p2": writes("on q:\\x")}, header=volumes)
        path, _ = self.learn("machine.json", ours)
        self.assertIn("on {volume:1}x", path.read_text(encoding="utf-8"))
        self.assertEqual(self.held(0, theirs, path)[0]["totals"]["observed"]["same"], 200)

    def test_outdated(self):
        old = self.log("outdated.jsonl", {"many/m00/c00/p0": lambda line: re.sub(r'"program":"\w+"', '"program":"' + 16 * "0" + '"', line)})
        path, done = self.learn("outdated.json", old)
        self.assertIn("1 case not learnt: outdated, their steps are others now\n", done.stdout)
        report, _ = self.held(0, self.old, path)
        self.assertEqual(report["totals"]["observed"]["never"], 1)
        document = load(path)
        document["cases"]["many/m00/c01/p0"]["program"] = 16 * "0"
        path.write_text(json.dumps(document), encoding="utf-8")
        report, done = self.held(0, self.old, path)
        self.assertEqual({case["id"]: case["observed"] for case in report["cases"] if case["observed"] != "same"},
                         {"many/m00/c00/p0": "never", "many/m00/c01/p0": "outdated"})
        self.assertIn("198 same, 1 outdated, 1 never\n", done.stdout)
        _, done = self.learn("outdated.json", self.old)
        self.assertIn("1 case observed anew, since their steps have changed\n", done.stdout)
        self.assertEqual(self.held(0, self.old, path)[0]["totals"]["observed"]["same"], 200)

    def test_refused(self):
        """A log of other tables, of another Windows; nothing is written then."""
        other = self.dir / "tables.jsonl"
        other.write_text("".join(re.sub(r'"program":"\w+"', '"program":"' + 16 * "0" + '"', line) for line in self.lines),
                         encoding="utf-8")
        path, done = self.learn("refused.json", self.old, other, code=2)
        self.assertFalse(path.exists())
        self.assertRegex(done.stderr, r"tables.jsonl:1: is of other tables \(\w+\): the steps of all its 200 cases are others now")
        self.learn("refused.json", self.old)
        windows = self.log("windows.jsonl", header=lambda h: h["profile"].update(windows="6.1"))
        _, done = self.learn("refused.json", windows, code=2)
        self.assertIn(f"windows.jsonl: the log stands for Windows 6.1 client, x86_64; the observations are of {NAME}", done.stderr)
        done = self.run_command(2, "report", self.old, "--against", "6.1")
        self.assertRegex(done.stderr, r"--against: there is no .*/cases/observed/6.1.json; nothing was learnt yet \(vsscts learn\)")
        done = self.run_command(2, "report", self.old, "--against", path, "--no-against")
        self.assertIn("exclude each other", done.stderr)

    def test_bad_files(self):
        """Errors have file, line and column."""
        path, _ = self.learn("bad.json", self.old)
        text = path.read_text(encoding="utf-8")
        line = next(number for number, line in enumerate(text.splitlines(), 1) if "many/m00/c00/p0" in line)
        for old, new, place, error in (
                ('"kind": "observed"', '"kind": "suite"', "1:23", '"kind" must be "observed"'),
                ('"arch": "x86_64"', '"arch": ""', "1:", '"arch" is wanted'),
                ('"many/m00/c00/p0": {"answers":[{', '"many/m00/c00/p0": {"answers":[{"more":1,', f"{line}:", 'unknown key "more"'),
                ('"many/m00/c00/p0": {"answers":[{', '"many/m00/c00/p0": {"answers":[{"runs":["0"],', f"{line}:", '"runs" is a list of ids'),
                ('"runs": [', '"runs": [1,', "2:", "a run is an object"),
                ('"before":"', '"before":"x', "", '"before" names none of "parts"')):
            self.assertIn(old, text)
            path.write_text(text.replace(old, new, 1), encoding="utf-8")
            done = self.run_command(2, "report", self.old, "--against", path)
            self.assertRegex(done.stderr, rf"bad\.json:{place}\d*.*: {re.escape(error)}")

    def test_default_file(self):
        """Where nothing else is said, the file is named by the version, and so it is found again."""
        folder = self.dir / "cases" / "observed"
        self.run_command(0, "learn", self.old, "--dry-run")
        self.assertFalse(folder.exists())
        self.run_command(0, "learn", self.old)
        try:
            self.assertEqual([path.name for path in folder.iterdir()], ["10.0.json"])
            self.assertEqual(self.held(0, self.old, "10.0")[0]["totals"]["observed"]["same"], 200)
            self.run_command(0, "check", self.dir / "cases")
            done = self.run_command(2, "report", self.old, "--against", "6.1")
            self.assertIn("; there are 10.0", done.stderr)
        finally:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    def test_questions(self):
        """What each Windows answered stands beside each case that asks."""
        folder = self.dir / "cases" / "observed"
        self.run_command(0, "learn", self.old)
        older = self.log("older.jsonl", {"many/m00/c19/p0": gives(FAILED)}, header=lambda h: h["profile"].update(windows="6.1"))
        self.run_command(0, "learn", older)
        try:
            done = self.run_command(0, "questions", "--json", self.dir / "questions.json")
            self.assertRegex(" ".join(done.stdout.split()), r"many/m00/c19/p0 Windows 10\.0 client, x86_64, 1 of 1 run: bc\.IsThere\(.*?\): "
                             r"S_OK \(0x00000000\).* Windows 6\.1 client, x86_64, 1 of 1 run: bc\.IsThere\(.*?\): E_UNEXPECTED")
            questions = load(self.dir / "questions.json")
            valid(self, questions, "questions-report")
            case = next(case for question in questions["questions"] for case in question["cases"] if case["id"] == "many/m00/c19/p0")
            self.assertEqual([(one["windows"], one["runs"], one["of"], one["outdated"]) for one in case["observed"]],
                             [(NAME, 1, 1, False), (NAME.replace("10.0", "6.1"), 1, 1, False)])
            (folder / "broken.json").write_text("{", encoding="utf-8")
            self.assertIn("broken.json:1:", self.run_command(2, "questions").stderr)
        finally:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()

    def test_run(self):
        """A run is held against it while it goes on, and its log remembers that."""
        path, _ = self.learn("run.json", self.log("spoilt.jsonl", {"many/m00/c01/p0": gives(FAILED)}))
        out = self.dir / "against"
        done = self.run_command(1, "run", "--iut", self.dir / "profile.json", "--worker", WORKER, "--against", path, "--out", out, "many/m00/c01")
        self.assertIn("9 same, 1 other\n", done.stdout)
        for code, args in ((1, []), (0, ["--no-against"])):
            done = self.run_command(code, "report", out / "run.jsonl", *args)
            self.assertEqual("as observed" in done.stdout, code == 1)
        attempts = {case["id"]: case["attempts"] for case in load(out / "report.json")["cases"]}
        self.assertEqual(attempts["many/m00/c01/p0"], 2, "what is not as observed is tried again")


@unittest.skipUnless(has_worker(), "the worker is not built")
class Reference(unittest.TestCase):
    """A log of the reference standing for Windows 10, altered in 30 known places, is learnt: a run held against it finds
    those 30 and no other."""

    def test_thirty_places(self):
        patterns = [] if os.environ.get("VSSCTS_FULL") else ["backup-complete", "com"]
        with tempfile.TemporaryDirectory(prefix="vsscts-learn-") as folder:
            out = pathlib.Path(folder)
            vsscts("run", "--iut", "reference", "--out", out / "windows", *patterns)
            lines = (out / "windows" / "run.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
            cases = load(out / "windows" / "report.json")["cases"]
            lines, chosen = altered(lines, 30, {case["id"] for case in cases if UNSTEADY.intersection(case["tags"])})
            (out / "windows.jsonl").write_text("".join(lines), encoding="utf-8")
            done = vsscts("learn", out / "windows.jsonl", "--out", out / "observed.json")
            self.assertEqual(done.returncode, 0, done.stderr)
            done = vsscts("run", "--iut", "reference", "--out", out / "clone", "--against", out / "observed.json", *patterns)
            self.assertEqual(done.returncode, 1, done.stdout[-3000:] + done.stderr[-3000:])
            report = load(out / "clone" / "report.json")
            self.assertEqual([case["id"] for case in report["cases"] if case.get("observed") == "other"], chosen)
            self.assertEqual(report["totals"]["observed"]["same"] + 30,
                             sum(case["verdict"] != "skip" for case in report["cases"]))


if __name__ == "__main__":
    unittest.main()
