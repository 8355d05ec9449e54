"""The command line from outside: commands, exit codes, messages, reports.

VSSCTS is the program, VSSCTS_HOME its home folder, VSSCTS_SOURCE the checkout. What needs a worker runs against the
reference implementation and against Wine's own DLL.
"""

import copy
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

try:
    import jsonschema
except ImportError:  # a missing checker is a skip with a reason, not a pass
    jsonschema = None

SOURCE = pathlib.Path(os.environ.get("VSSCTS_SOURCE", pathlib.Path(__file__).parents[2]))
VSSCTS = os.environ.get("VSSCTS", str(SOURCE / "build/native-debug/bin/vsscts"))
HOME = pathlib.Path(os.environ.get("VSSCTS_HOME", SOURCE / "build/home"))
COMMANDS = ("run", "list", "explain", "check", "report", "merge", "bisect", "compare", "matrix", "coverage", "questions",
            "selftest", "learn", "verify",
            "expect check", "expect update", "completion", "manual", "version", "help")
# Their results depend on how far an operation got in the time between two calls, or the order in which their steps end
# on which of two threads is first; both are allowed.
RACES = ("--skip-tag", "race", "--skip-tag", "concurrent")


def vsscts(*args, cwd=None, env=None, timeout=120, program=VSSCTS):
    """Runs the program; output and messages as text. Standard input is empty."""
    variables = dict(os.environ, VSSCTS_HOME=str(HOME), WINEDEBUG="-all", **(env or {}))
    return subprocess.run([str(program), *map(str, args)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, encoding="utf-8", timeout=timeout, cwd=cwd, env=variables,
                          check=False)


def stable(value):
    """A report without what may differ between two runs."""
    if isinstance(value, dict):
        return {key: stable(item) for key, item in value.items() if key != "volatile"}
    if isinstance(value, list):
        return [stable(item) for item in value]
    return value


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


class Base(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-cli-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)

    def expect(self, code, *args, **more):
        """Runs, holds the exit code to what is expected, and says the messages where it differs."""
        done = vsscts(*args, **more)
        self.assertEqual(done.returncode, code, f"{args}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done

    def tables(self):
        """A copy of the tables that a test may spoil."""
        shutil.copytree(HOME / "cases", self.dir / "cases")
        return self.dir / "cases"


class Words(Base):
    """What needs neither tables nor worker."""

    def test_version(self):
        self.assertRegex(self.expect(0, "version").stdout, r"^vsscts \d+\.\d+\.\d+\n")
        self.assertEqual(self.expect(0, "--version").stdout, self.expect(0, "version").stdout)

    def test_help_names_every_command(self):
        overview = self.expect(0, "help").stdout
        self.assertEqual(self.expect(0, "--help").stdout, overview)
        for command in COMMANDS:
            self.assertRegex(overview, rf"(?m)^    {command} +\w")
            page = self.expect(0, "help", *command.split()).stdout
            self.assertTrue(page.startswith(f"usage: vsscts {command} [OPTION...]"), page)
            self.assertEqual(self.expect(0, *command.split(), "--help").stdout, page)
        group = self.expect(0, "help", "expect").stdout
        self.assertEqual(self.expect(0, "expect", "--help").stdout, group)
        self.assertEqual(re.findall(r"(?m)^    (.*?)  ", group), [name for name in COMMANDS if name.startswith("expect ")])

    def test_wrong_usage(self):
        for args, message in (
                ((), "no command given"),
                (("rum",), "unknown command 'rum'; did you mean run?"),
                (("help", "nothing"), "unknown command 'nothing'"),
                (("help", "expect", "nothing"), "unknown command 'expect nothing'"),
                (("run", "--itu", "x"), "unknown option --itu; did you mean --iut?"),
                (("run",), "run needs --iut"),
                (("list", "--jobs", "2"), "list has no option --jobs"),
                (("explain",), "explain needs ID..."),
                (("list", "--home", "/no/such/folder"), "/no/such/folder: is no folder (--home)"),
                (("run", "--iut", "refrence"), "did you mean reference?"),
                (("run", "--iut", "wine", "--windows", "ten"), "--windows: 'ten' is no version"),
                (("run", "--iut", "wine", "--expect", "x", "--no-expect"), "exclude each other"),
                (("report", "log", "--expect", "x", "--no-expect"), "log: cannot be read")):
            with self.subTest(args=args):
                self.assertIn(message, self.expect(2, *args).stderr)

    def test_page_of_documentation(self):
        """docs/cli.md is the help, page for page. VSSCTS_UPDATE=1 writes it anew."""
        parts = ["# The command line", "What `vsscts help` prints; made from the tables of the program "
                 "(`runner/cli/*.def`).", "```\n" + self.expect(0, "help").stdout.rstrip("\n") + "\n```"]
        for command in COMMANDS:
            parts += [f"## {command}", "```\n" + self.expect(0, "help", *command.split()).stdout.rstrip("\n") + "\n```"]
        text = "\n\n".join(parts) + "\n"
        page = SOURCE / "docs" / "cli.md"
        if os.environ.get("VSSCTS_UPDATE"):
            page.write_text(text, encoding="utf-8")
        self.assertEqual(page.read_text(encoding="utf-8"), text)


class Tables(Base):
    """check, list, explain."""

    def test_check(self):
        self.assertRegex(self.expect(0, "check").stdout, r"^\d+ cases?, \d+ requirements?, .*: no errors\n$")

    def test_check_names_the_place(self):
        cases = self.tables()
        path = cases / "states.json"
        path.write_text(path.read_text(encoding="utf-8").replace('"states":', '"stotes":'), encoding="utf-8")
        done = self.expect(2, "check", cases)
        self.assertRegex(done.stderr, r"(?m)^\S*states\.json:\d+:\d+: .*stotes")
        self.assertEqual(done.stdout, "")
        self.expect(2, "list", "--cases", cases)
        run = self.expect(2, "run", "--iut", "wine", "--cases", cases)
        self.assertTrue(run.stdout.endswith("result: bad file (exit 2)\n"), run.stdout)

    def test_no_tables(self):
        self.expect(2, "check", self.dir / "missing")

    def test_list(self):
        listed = json.loads(self.expect(0, "list", "--json").stdout)
        lines = self.expect(0, "list").stdout.splitlines()
        self.assertEqual(lines[-1], f"{len(listed)} cases")
        self.assertEqual([line.split("  ")[0] for line in lines[:-1]], [case["id"] for case in listed])
        self.assertEqual(sorted(case["id"] for case in listed), [case["id"] for case in listed])
        self.assertEqual({case["skip"] for case in listed}, {None})

    def test_list_with_skips(self):
        listed = json.loads(self.expect(0, "list", "--json", "--iut", "wine").stdout)
        skips = [case for case in listed if case["skip"]]
        self.assertGreater(len(skips), 0)
        self.assertTrue(all("wine" in case["skip"] or "runner" in case["skip"] for case in skips), skips)
        text = self.expect(0, "list", "--iut", "wine").stdout
        self.assertEqual(text.count("\n    skipped: "), len(skips))

    def test_selection(self):
        def suites(*args):
            ids = [case["id"] for case in json.loads(self.expect(0, "list", "--json", *args).stdout)]
            self.assertGreater(len(ids), 0)
            return {name.split("/")[0] for name in ids}

        self.assertEqual(suites("factory"), {"factory"})
        self.assertEqual(suites("factory/**"), {"factory"})
        self.assertEqual(suites("**", "--skip", "backup-complete"), suites() - {"backup-complete"})
        self.assertIn("'factori'; the nearest is 'factory'", self.expect(2, "list", "factori").stderr)
        self.expect(4, "list", "factory", "--skip", "factory")

    def test_explain(self):
        ids = [case["id"] for case in json.loads(self.expect(0, "list", "--json").stdout)][::10]
        lines = set(self.expect(0, "explain", *ids).stdout.splitlines())
        self.assertEqual([case for case in ids if case not in lines], [])
        done = self.expect(2, "explain", ids[-1] + "x")
        self.assertIn(f"did you mean {ids[-1]}?", done.stderr)

    def test_colours(self):
        plain = self.expect(0, "run", "--iut", "wine", "--dry-run", "factory").stdout
        self.assertNotIn("\x1b", plain)
        coloured = self.expect(0, "run", "--iut", "wine", "--dry-run", "factory", "--color", "always").stdout
        self.assertIn("\x1b[", coloured)

    def covered(self, *args, name="coverage"):
        path = self.dir / "covered.json"
        self.expect(0, name, *args, "--json", path)
        made = load(path)
        if jsonschema is None:
            self.skipTest("python3-jsonschema is missing")
        schema = "coverage" if name == "coverage" else "questions-report"
        validator = jsonschema.Draft202012Validator(load(SOURCE / f"reports/schema/{schema}.schema.json"))
        self.assertEqual([error.message[:300] for error in validator.iter_errors(made)], [])
        return made, validator

    def test_coverage(self):
        made, validator = self.covered()
        self.assertIsNone(made["run"])
        counted = {}
        for entry in made["entries"]:
            counts = counted.setdefault(entry["kind"], dict.fromkeys(("total", "checked", "asked", "unchecked", "missing"), 0))
            counts["total"] += 1
            counts[entry["status"]] += 1
        self.assertEqual({kind: counts for kind, counts in made["totals"].items() if counts["total"]}, counted)
        cases = {case["id"]: case for case in json.loads(self.expect(0, "list", "--json").stdout)}
        for entry in made["entries"]:
            self.assertEqual({cases[case]["question"] is None for case in entry["checks"]} - {True}, set(), entry)
            self.assertEqual({cases[case]["question"] is None for case in entry["asks"]} - {False}, set(), entry)
        rules = {name: entry for entry in made["entries"] for name in [entry.get("requirement")] if name}
        for case in cases.values():
            if case["question"] is None:
                self.assertTrue(all(case["id"] in rules[name]["checks"] for name in case["requirements"]), case)
        for spoil in (lambda e: e.update(more=1), lambda e: e.pop("method"), lambda e: e.update(status="good"),
                      lambda e: e.update(reason="none"), lambda e: e.update(state="new")):
            spoiled = copy.deepcopy(made)
            spoil(spoiled["entries"][0])
            self.assertFalse(validator.is_valid(spoiled))

    def test_coverage_as_text(self):
        text = self.expect(0, "coverage").stdout
        self.assertRegex(text, r"(?m)^methods of the requester in its states +\d+ +\d+ +[\d.]+% ")
        self.assertEqual(self.expect(0, "coverage", "--json", "-").stderr, text)
        self.assertIn("\n    IVssBackupComponents.BackupComplete: ppAsync = NULL  documented\n",
                      self.expect(0, "coverage", "--method", "BackupComplete").stdout)
        self.assertRegex(self.expect(0, "coverage", "--states").stdout, r"(?m)^BackupComplete +[doi?.-] ")
        self.assertIn("no method is 'Backup'", self.expect(2, "coverage", "--method", "Backup").stderr)
        self.assertIn("is not a whole number from 1 to 100", self.expect(2, "coverage", "--require", "0").stderr)

    def test_coverage_as_a_gate(self):
        """Tables without a case for a requirement are refused; here one question is asked by nobody."""
        cases = self.tables()
        self.expect(0, "coverage", "--cases", cases, "--require", "1")
        path = cases / "questions" / "more.json"
        asked = [f"q-more-{number}" for number in range(10000)]
        path.write_text(json.dumps({"format": 1, "kind": "questions", "questions": [
            {"id": name, "text": "?", "pages": [], "sides": []} for name in asked]}), encoding="utf-8")
        done = self.expect(1, "coverage", "--cases", cases, "--require", "60")
        self.assertRegex(done.stderr, r"^vsscts: open questions: \d\.\d % .*, 60 % are required\n$")
        self.assertIn("\n    q-more-9999\n", self.expect(0, "coverage", "--cases", cases, "--missing").stdout)

    def test_questions(self):
        made, validator = self.covered(name="questions")
        self.assertEqual([question["id"] for question in made["questions"]],
                         sorted(question["id"] for question in made["questions"]))
        listed = [case for case in json.loads(self.expect(0, "list", "--json").stdout) if case["question"]]
        self.assertEqual(sorted((question["id"], case["id"]) for question in made["questions"]
                                for case in question["cases"]),
                         sorted((case["question"], case["id"]) for case in listed))
        text = self.expect(0, "questions", "--question", listed[0]["question"]).stdout
        self.assertTrue(text.startswith(listed[0]["question"] + "\n    "), text)
        self.assertTrue(text.endswith("\n1 question\n"), text)
        self.assertIn("no question is 'q-x'", self.expect(2, "questions", "--question", "q-x").stderr)
        spoiled = copy.deepcopy(made)
        spoiled["questions"][0]["cases"].append({"id": "x", "title": "", "verdict": "recorded"})
        self.assertFalse(validator.is_valid(spoiled))


def has_worker():
    return (HOME / "x86_64/vsscts-worker.exe").exists() and (HOME / "x86_64/vssref.dll").exists()


@unittest.skipUnless(has_worker(), "the home folder has no worker for x86_64")
class Runs(Base):
    """run and report, with the reference implementation and with Wine's."""

    def run_reference(self, code, name, *args, **more):
        out = self.dir / name
        return self.expect(code, "run", "--iut", "reference", "--out", out, *args, **more), out

    def valid(self, report):
        if jsonschema is None:
            self.skipTest("python3-jsonschema is missing")
        schema = load(SOURCE / "reports/schema/report.schema.json")
        errors = jsonschema.Draft202012Validator(schema).iter_errors(report)
        self.assertEqual([f"{list(error.absolute_path)}: {error.message[:300]}" for error in errors], [])

    def test_the_printed_command_reproduces(self):
        bad = self.expect(1, "run", "--iut", "wine", "--no-expect", "--out", self.dir / "out", "factory")
        command = next(line.split(None, 1)[1] for line in bad.stdout.splitlines() if line.startswith("    again "))
        again = self.expect(1, *command.split()[1:])
        self.assertIn("1 case: 1 not_implemented", again.stdout)

    def test_two_runs_are_equal(self):
        """One worker, and three: the same happened, down to each value, but for what is marked."""
        suites = ("async", "backup-complete", "factory")
        _, first = self.run_reference(0, "first", "-j1", *RACES, *suites)
        _, second = self.run_reference(0, "second", "-j3", *RACES, *suites)
        self.assertEqual(stable(load(first / "report.json")), stable(load(second / "report.json")))

    def test_report_of_the_log_is_the_report(self):
        _, out = self.run_reference(0, "out", "factory", "--strict")
        self.expect(0, "report", out / "run.jsonl", "--json", self.dir / "again.json")
        self.assertEqual(stable(load(out / "report.json")), stable(load(self.dir / "again.json")))
        printed = self.expect(0, "report", out / "run.jsonl", "--json", "-")
        self.assertEqual(stable(json.loads(printed.stdout)), stable(load(out / "report.json")))
        self.assertTrue(printed.stderr.endswith("result: as expected (exit 0)\n"))

    def test_coverage_and_questions_of_a_log(self):
        """What was skipped is not covered; the answers of two runs are the same, whatever order they were run in."""
        answers = []
        for name, args in (("first", ()), ("second", ("--shuffle", "--seed", "3"))):
            _, out = self.run_reference(0, name, "factory", "backup-complete", *RACES, *args)
            log = out / "run.jsonl"
            self.expect(0, "coverage", log, "--json", self.dir / "c.json")
            covered = load(self.dir / "c.json")
            verdicts = {case["id"]: case["verdict"] for case in load(out / "report.json")["cases"]}
            seen = {case for entry in covered["entries"] for case in entry["checks"] + entry["asks"]}
            self.assertEqual(seen, {case for case, verdict in verdicts.items() if verdict in ("pass", "recorded")})
            self.assertEqual(covered["run"]["profile"]["name"], "reference")
            # what a question gave is known from the events, which are read from the log
            self.assertTrue(any(entry["kind"] == "result" and entry["asks"] for entry in covered["entries"]))
            self.expect(0, "questions", log, "--json", self.dir / "q.json")
            asked = stable(load(self.dir / "q.json"))
            answers.append(asked)
            recorded = {case["id"] for question in asked["questions"] for case in question["cases"]
                        if case.get("verdict") == "recorded"}
            self.assertEqual(recorded, {case for case, verdict in verdicts.items() if verdict == "recorded"})
            self.assertGreater(len(recorded), 0)
        self.assertEqual(*answers)

    def test_a_log_without_its_end(self):
        _, out = self.run_reference(0, "out", "factory")
        lines = (out / "run.jsonl").read_bytes().splitlines(keepends=True)
        ends = [number for number, line in enumerate(lines) if json.loads(line)["e"] == "end"]
        broken = self.dir / "broken.jsonl"
        broken.write_bytes(b"".join(lines[:ends[3] + 1]) + lines[ends[3] + 1][:20])
        done = self.expect(5, "report", broken, "--json", self.dir / "broken.json")
        self.assertIn("the log has no footer: the run was broken off, in the middle of a line", done.stdout)
        self.assertTrue(done.stdout.endswith("result: cases outstanding (exit 5)\n"))
        report = load(self.dir / "broken.json")
        self.valid(report)
        whole = load(out / "report.json")
        self.assertEqual([case["id"] for case in report["cases"]], [case["id"] for case in whole["cases"]])
        self.assertTrue(report["run"]["broken_off"])
        self.assertGreater(report["run"]["outstanding"], 0)
        self.assertEqual(report["run"]["outstanding"], report["totals"]["verdicts"]["error"])

    def test_logs_that_are_none(self):
        for name, text in (("empty", b""), ("text", b"hello\n"), ("array", b"[]\n"), ("late", b'{"e":"footer","t":1}\n'),
                           ("bare", b'{"e":"header","t":0,"log":1}\n'), ("new", b'{"e":"header","t":0,"log":9}\n')):
            with self.subTest(name=name):
                path = self.dir / name
                path.write_bytes(text)
                self.assertIn(name, self.expect(2, "report", path).stderr)

    def test_what_cannot_be_loaded(self):
        (self.dir / "text.dll").write_text("no program")
        worker = HOME / "x86_64/vsscts-worker.exe"
        for iut, message in ((self.dir / "missing.dll", "cannot be read"), (self.dir / "text.dll", "is no PE file"),
                             (worker, "that make a requester object")):
            with self.subTest(iut=iut):
                done = self.expect(3, "run", "--iut", iut, "--out", self.dir / "out")
                self.assertIn(message, done.stderr)
                self.assertTrue(done.stdout.endswith("result: the implementation cannot be loaded (exit 3)\n"))
                self.assertFalse((self.dir / "out/report.json").exists())

    def test_an_old_report_goes(self):
        (self.dir / "out").mkdir()
        (self.dir / "out/report.json").write_text("{}")
        self.expect(3, "run", "--iut", HOME / "x86_64/vsscts-worker.exe", "--out", self.dir / "out")
        self.assertFalse((self.dir / "out/report.json").exists())

    def test_nothing(self):
        done, _ = self.run_reference(4, "out", "factory", "--min-cases", "100000")
        self.assertIn("--min-cases wants 100000", done.stderr)
        self.assertTrue(done.stdout.endswith("result: nothing selected (exit 4)\n"))
        self.run_reference(4, "out", "factory", "--skip", "factory")

    def test_dry_run(self):
        done, out = self.run_reference(0, "out", "--dry-run")
        lines = done.stdout.splitlines()
        skips = [line for line in lines if line.startswith("skip  ")]
        self.assertTrue(all(line.endswith(")") for line in skips))
        self.assertEqual(lines[-1], f"{len(lines) - 1} cases: {len(lines) - 1 - len(skips)} to run, {len(skips)} skipped")
        self.assertFalse(out.exists())

    def test_where_things_lie(self):
        """Without --out: out/<implementation>-<architecture> below the current folder."""
        self.expect(0, "run", "--iut", "reference", "factory", "--quiet", cwd=self.dir)
        self.assertTrue((self.dir / "out/reference-x86_64/run.jsonl").exists())
        self.assertTrue((self.dir / "out/reference-x86_64/report.json").exists())
        done, out = self.run_reference(0, "out", "factory", "--json", self.dir / "elsewhere.json")
        self.assertIn(f"report: {self.dir}/elsewhere.json\n", done.stdout)
        self.assertFalse((out / "report.json").exists())

    def test_a_bare_dll(self):
        """Its architecture is read from the file; it claims nothing, so less is run."""
        out = self.dir / "out"
        self.expect(0, "run", "--iut", HOME / "x86_64/vssref.dll", "factory", "--out", out)
        report = load(out / "report.json")
        self.assertEqual(report["iut"]["arch"], "x86_64")
        self.assertEqual(report["profile"]["can"], [])

    def test_windows(self):
        """--windows changes what the cases are held against, in the report too."""
        _, out = self.run_reference(0, "out", "factory", "--windows", "10.0.17763")
        self.assertEqual(load(out / "report.json")["profile"]["windows"], "10.0.17763")
        self.assertIn("--windows 10.0.17763",
                      load(out / "report.json")["run"]["options"]["volatile"]["reproduce"])

    def test_quiet_and_json_on_the_output(self):
        done, _ = self.run_reference(0, "out", "factory", "--quiet")
        self.assertEqual(done.stdout, "result: as expected (exit 0)\n")
        done, _ = self.run_reference(0, "out", "factory", "--json", "-")
        self.valid(json.loads(done.stdout))
        self.assertTrue(done.stderr.endswith("result: as expected (exit 0)\n"))

    def test_unwritable(self):
        done, _ = self.run_reference(70, "out", "factory", "--json", self.dir / "no/such/folder.json")
        self.assertIn("cannot be written", done.stderr)
        self.assertTrue(done.stdout.endswith("result: input or output failed (exit 70)\n"))

    def test_expectations(self):
        """An entry that is better than expected counts, and so does one that nothing matches, as a warning."""
        expect = {"format": 1, "kind": "expectations", "iut": "reference", "entries": [
            {"cases": "factory/**", "verdicts": ["crash"], "reason": "it was worse once"},
            {"cases": "nothing/at-all", "verdicts": ["fail"], "reason": "gone"}]}
        path = self.dir / "expect.json"
        path.write_text(json.dumps(expect))
        done, out = self.run_reference(1, "out", "factory", "--expect", path)
        self.assertIn("improvements: ", done.stdout)
        self.assertIn("    crash -> pass  factory/", done.stdout)
        self.assertIn("entries of the expectation file that no case matches: nothing/at-all", done.stdout)
        self.valid(load(out / "report.json"))
        again = self.expect(1, "report", out / "run.jsonl", "--json", self.dir / "again.json")
        self.assertIn("    crash -> pass  factory/", again.stdout)
        self.assertEqual(stable(load(out / "report.json")), stable(load(self.dir / "again.json")))
        self.expect(0, "report", out / "run.jsonl", "--no-expect")

    @unittest.skipIf(sys.platform == "win32", "sends SIGINT")
    def test_interrupted(self):
        out = self.dir / "out"
        variables = dict(os.environ, VSSCTS_HOME=str(HOME), WINEDEBUG="-all")
        with subprocess.Popen([VSSCTS, "run", "--iut", "reference", "--out", out, "--repeat", "5000"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              encoding="utf-8", env=variables) as process:
            end = time.monotonic() + 60
            while time.monotonic() < end and not (out / "run.jsonl").exists():
                time.sleep(0.1)
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            text, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, text[-2000:])
        self.assertTrue(text.endswith("result: interrupted (exit 130)\n"), text[-300:])
        report = load(out / "report.json")
        self.valid(report)
        self.assertTrue(report["run"]["interrupted"])
        self.assertEqual(len(report["cases"]), report["run"]["selected"])

    def test_the_schema_sees_what_is_wrong(self):
        """A check that could not fail would be none."""
        if jsonschema is None:
            self.skipTest("python3-jsonschema is missing")
        _, out = self.run_reference(0, "out", "factory")
        report = load(out / "report.json")
        validator = jsonschema.Draft202012Validator(load(SOURCE / "reports/schema/report.schema.json"))
        self.assertTrue(validator.is_valid(report))
        ran = next(number for number, case in enumerate(report["cases"]) if case["steps"])
        for spoil in (lambda r: r.update(more=1), lambda r: r.pop("result"),
                      lambda r: r["cases"][ran].update(verdict="good"), lambda r: r["cases"][ran].update(more=1),
                      lambda r: r["cases"][ran]["steps"][0].update(us=1), lambda r: r["iut"].update(path="x"),
                      lambda r: r["totals"]["verdicts"].pop("hang"), lambda r: r["result"].update(exit_code=7)):
            wrong = copy.deepcopy(report)
            spoil(wrong)
            self.assertFalse(validator.is_valid(wrong))


if __name__ == "__main__":
    unittest.main()
