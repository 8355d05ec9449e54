"""Runs held against each other: compare and matrix.

What can differ is spoilt in logs of the fake worker, which needs no Wine; what does differ between versions and
implementations is seen with the reference and Wine's own DLL. The pages are driven in Chromium.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import test_html
from test_cli import RACES, SOURCE, VSSCTS, has_worker, load, stable, vsscts
from test_many import MAKE, WORKER

try:
    import jsonschema
except ImportError:
    jsonschema = None

FAILED, BAD_STATE = "0x8000FFFF", "0x80042301"
EVIL = "<script>evil</script>|`*\x1b[2J"


def gives(code):
    """The last call of a case gives this."""
    return lambda line: re.sub(r'("s":7,"hr":)"0x\d+"', rf'\1"{code}"', line)


def writes(value):
    """The last call of a case writes this."""
    return lambda line: line.replace('"v":"{obj:1}"', f'"v":{json.dumps(value)}') if '"s":7' in line else line


def differing(first, second):
    """Ids of the cases that are not the same in two reports: what compare must find, found in another way."""
    def told(case):
        case = stable(case)
        steps = sorted(case["steps"], key=lambda step: (step["s"] if step["s"] >= 0 else 9999, step.get("var", "")))
        return [case["verdict"]] + ([] if case["verdict"] == "skip" else [case.get("outcome"), case["findings"], steps])
    one, other = ({case["id"]: told(case) for case in report["cases"]} for report in (first, second))
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


class Base(unittest.TestCase):
    maxDiff = 4000

    def valid(self, comparison):
        if jsonschema is not None:
            validator = jsonschema.Draft202012Validator(load(SOURCE / "reports/schema/comparison.schema.json"))
            errors = validator.iter_errors(comparison)
            self.assertEqual([f"{list(error.absolute_path)}: {error.message[:300]}" for error in errors], [])


class Logs(Base):
    """A log, and others of the same tables that are spoilt."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-compare-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        subprocess.run([sys.executable, "-B", MAKE, VSSCTS, WORKER, cls.dir, "--matrices", "1", "--calls", "20"], check=True,
                       stdout=subprocess.DEVNULL)
        cls.old = cls.dir / "run.jsonl"
        cls.lines = cls.old.read_text(encoding="utf-8").splitlines(keepends=True)

    @classmethod
    def log(cls, name, changes=None, header=None, without=(), keep=None):
        """A log in which lines of cases are changed: {case: function of a line}; of some cases nothing is left."""
        of_run, made = {}, []
        for line in cls.lines[:keep]:
            event = json.loads(line)
            if event["e"] == "begin":
                of_run[event["run"]] = event["case"]
            case = of_run.get(event.get("run"))
            if event["e"] == "header":
                event["selected"] -= len(without)
                if header is not None:
                    header(event)
                line = json.dumps(event) + "\n"
            change = (changes or {}).get(case)
            if case not in without or case is None:
                made.append(line if change is None else change(line))
        path = cls.dir / name
        path.write_text("".join(made), encoding="utf-8")
        return path

    @classmethod
    def command(cls, name, *args):
        return vsscts(name, "--home", cls.dir, "--cases", cls.dir / "cases", *args)


class Spoilt(Logs):
    def compare(self, code, old, new, *args):
        done = self.command("compare", old, new, *args)
        self.assertEqual(done.returncode, code, done.stdout[-3000:] + done.stderr[-3000:])
        return done

    def kinds(self, code, old, new, *args):
        """The comparison as JSON, which is valid, and the kind of each case that differs."""
        self.compare(code, old, new, "--json", self.dir / "c.json", *args)
        comparison = load(self.dir / "c.json")
        self.valid(comparison)
        self.assertEqual(comparison["result"]["exit_code"], code)
        return comparison, {case["id"]: case["kind"] for case in comparison["cases"]}

    def test_the_same(self):
        """Times, numbers of executions and workers do not count."""
        def times(line):
            return re.sub(r'"(us|t|worker)":(\d+)', r'"\1":1\2', line)
        new = self.log("times.jsonl", {f"many/m00/c{number:02}/p0": times for number in range(20)})
        done = self.compare(0, self.old, new)
        self.assertIn("200 cases, the same: 200\nresult: the same (exit 0)\n", done.stdout)
        self.assertEqual(self.kinds(0, self.dir, new)[1], {})

    def test_every_kind(self):
        changes = {
            "many/m00/c00/p0": gives(FAILED),  # a pass that fails
            "many/m00/c09/p0": lambda line: gives(BAD_STATE)(writes(None)(line)),  # a failure that passes
            "many/m00/c09/p1": gives(FAILED),  # fails otherwise
            "many/m00/c03/p2": writes("other"),
            "many/m00/c19/p0": gives(BAD_STATE),  # another answer
            "many/m00/c00/p1": lambda line: line.replace('"how":"done"', '"how":"crash","at":7,"code":"0xC0000005"'),
        }
        new = self.log("spoilt.jsonl", changes, without=("many/m00/c01/p0",))
        comparison, kinds = self.kinds(11, self.old, new)
        wanted = {"many/m00/c00/p0": "regression", "many/m00/c00/p1": "regression", "many/m00/c01/p0": "gone",
                  "many/m00/c03/p2": "changed", "many/m00/c09/p0": "fix", "many/m00/c09/p1": "changed",
                  "many/m00/c19/p0": "answer"}
        self.assertEqual(kinds, wanted)
        self.assertEqual(list(kinds), sorted(kinds))
        self.assertEqual(comparison["totals"], {"same": 193, "regression": 2, "fix": 1, "changed": 2, "answer": 1, "new": 0,
                                                "gone": 1, "flakes": 0})
        cases = {case["id"]: case for case in comparison["cases"]}
        one = cases["many/m00/c00/p0"]
        self.assertEqual((one["old"]["verdict"], one["new"]["verdict"], one["before"], len(one["steps"])), ("pass", "fail", 7, 1))
        self.assertEqual([one["steps"][0][side]["hr_name"] for side in ("old", "new")], ["S_OK", "E_UNEXPECTED"])
        self.assertEqual(cases["many/m00/c03/p2"]["old"]["verdict"], cases["many/m00/c03/p2"]["new"]["verdict"])
        self.assertNotEqual(cases["many/m00/c19/p0"]["old"]["outcome"], cases["many/m00/c19/p0"]["new"]["outcome"])
        self.assertEqual(cases["many/m00/c00/p1"]["new"]["end"]["code"], "0xC0000005")
        self.assertIsNone(cases["many/m00/c01/p0"]["new"])
        # the other way round: what was a regression is a fix, what was gone is new
        other = {"regression": "fix", "fix": "regression", "gone": "new"}
        self.assertEqual(self.kinds(11, new, self.old)[1], {name: other.get(kind, kind) for name, kind in wanted.items()})

    def test_text(self):
        new = self.log("text.jsonl", {"many/m00/c00/p0": gives(FAILED),
                                      "many/m00/c19/p0": gives(BAD_STATE)})
        done = self.compare(11, self.old, new)
        self.assertIn("regressions: 1\npass -> fail  many/m00/c00/p0\n    bc.GetName(pbstrName)\n"
                      "        old  S_OK (0x00000000); pbstrName = {obj:1}\n"
                      "        new  E_UNEXPECTED (0x8000FFFF); pbstrName = {obj:1}\n", done.stdout)
        self.assertIn("other answers to questions: 1\nrecorded  many/m00/c19/p0\n", done.stdout)
        self.assertTrue(done.stdout.endswith("200 cases, the same: 198, regressions: 1, other answers to questions: 1\n"
                                             "result: regressions (exit 11)\n"), done.stdout)
        quiet = self.compare(11, self.old, new, "--quiet").stdout
        self.assertIn("many/m00/c00/p0", quiet)
        self.assertNotIn("many/m00/c19/p0", quiet)
        self.assertIn("\x1b[", self.compare(11, self.old, new, "--color", "always").stdout)
        printed = self.compare(11, self.old, new, "--json", "-")
        self.assertEqual(json.loads(printed.stdout)["totals"]["regression"], 1)
        self.assertTrue(printed.stderr.endswith("result: regressions (exit 11)\n"))

    def test_changed_without_regression(self):
        new = self.log("changed.jsonl", {"many/m00/c19/p0": gives(BAD_STATE)})
        self.assertEqual(self.kinds(10, self.old, new)[1], {"many/m00/c19/p0": "answer"})

    def test_what_cannot_be_compared(self):
        def set_fact(section, key, value):
            return lambda header: header[section].update({key: value})
        for name, header, reason in (
                ("version", set_fact("suite", "version", "9.9"), "the versions of the suite differ: 0.1.0 and 9.9"),
                ("tables", set_fact("suite", "tables", "0123"), "the tables differ: "),
                ("arch", set_fact("iut", "arch", "i686"), "the architectures differ: x86_64 and i686"),
                ("selection", set_fact("options", "skip", ["x"]), "they did not select the same cases (skip)")):
            with self.subTest(name=name):
                new = self.log(f"{name}.jsonl", header=header)
                for command in ("compare", "matrix"):
                    done = self.command(command, self.old, new)
                    self.assertEqual(done.returncode, 2, done.stderr)
                    self.assertIn(f"{new}: cannot be compared with {self.old}: {reason}", done.stderr)
                forced = self.compare(0, self.old, new, "--force", "--json", self.dir / "c.json")
                self.assertIn(f"compared all the same: {reason}", forced.stdout)
                self.assertIn(reason, load(self.dir / "c.json")["forced"])
        short = self.log("short.jsonl", keep=500)
        self.assertRegex(self.compare(2, self.old, short).stderr, r"a run was broken off: \d+ cases are outstanding")
        self.assertEqual(set(self.kinds(11, self.old, short, "--force")[1].values()), {"regression", "changed"})

    def test_wrong_usage(self):
        for args, message in (((self.old,), "compare needs OLD NEW"),
                              ((self.old, self.dir / "none"), "none: cannot be read"),
                              ((self.old, self.dir / "cases"), "run.jsonl: cannot be read"),
                              ((self.old, self.old, "--report", "junit=x"), "no junit of several runs"),
                              ((self.old, self.old, "--report", f"md={self.dir}/no/such/file"), "no/such/file")):
            with self.subTest(args=args):
                done = self.command("compare", *args)
                self.assertNotIn(done.returncode, (0, 10, 11))
                self.assertIn(message, done.stderr)
        done = self.command("matrix", self.old, "--report", "json=x")
        self.assertIn("no json of several runs", done.stderr)

    def test_markdown(self):
        """Nothing that a log holds is markup."""
        new = self.log("evil.jsonl", {"many/m00/c03/p2": writes(EVIL)},
                       header=lambda header: header["profile"].update(edition=EVIL))
        done = self.compare(10, self.old, new, "--report", f"md={self.dir / 'c.md'}")
        self.assertNotIn("\x1b", done.stdout)
        made = (self.dir / "c.md").read_text(encoding="utf-8")
        self.assertTrue(made.startswith("## VSS conformance: changed, no regression\n"))
        self.assertNotIn("<script>", made)
        self.assertIn(r"&lt;script\>evil&lt;/script\>\|\`\*", made)
        row = next(line for line in made.splitlines() if line.startswith("| `many/m00/c03/p2`"))
        self.assertEqual(len(re.findall(r"(?<!\\)\|", row)), 4, row)

    def test_markdown_fits_a_comment(self):
        """Long texts in cases of each kind: what has no room is counted."""
        def spoil(call):
            other = writes("<" * 400)
            return (lambda line: gives(FAILED)(other(line))) if call % 2 == 0 else other
        cases = {f"many/m00/c{call:02}/p{number}": spoil(call) for call in range(20) for number in range(10)}
        new = self.log("long.jsonl", cases)
        self.compare(11, self.old, new, "--report", f"md={self.dir / 'c.md'}")
        made = (self.dir / "c.md").read_text(encoding="utf-8")
        self.assertLess(len(made), 65536)
        self.assertGreater(len(made), 32768)
        shown, more = made.count("\n| `many/"), sum(map(int, re.findall(r"(?m)^(\d+) more;", made)))
        self.assertEqual(shown + more, sum(map(int, re.findall(r"(?m)^### .*: (\d+)$", made))))

    def test_matrix(self):
        second = self.log("second.jsonl", {"many/m00/c00/p0": gives(FAILED),
                                           "many/m00/c19/p0": gives(BAD_STATE)})
        third = self.log("third.jsonl", without=("many/m00/c05/p5",))
        command = ["matrix", self.old, second, third]
        done = self.command(*command, "--report", f"md={self.dir / 'm.md'}")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[-4:], [". F .  many/m00/c00/p0", ". . -  many/m00/c05/p5", "r r'r  many/m00/c19/p0",
                                      "200 cases in 3 runs, 3 differ"])
        self.assertEqual(len(self.command(*command, "-v").stdout.splitlines()), len(lines) + 197)
        made = (self.dir / "m.md").read_text(encoding="utf-8")
        self.assertIn("| `many/m00/c00/p0` | `.` | `F` | `.` |\n| `many/m00/c05/p5` | `.` | `.` | `-` |\n"
                      "| `many/m00/c19/p0` | `r` | `r`' | `r` |\n", made)
        self.assertIn("| `F` fail | 10 | 11 | 10 |\n", made)


class Pages(test_html.Browsed, Logs):
    """The pages of a matrix of three runs, and of a comparison of the first two."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        second = cls.log("second.jsonl", {"many/m00/c00/p0": gives(FAILED), "many/m00/c03/p2": writes(test_html.EVIL),
                                          "many/m00/c09/p0": lambda line: gives(BAD_STATE)(writes(None)(line)),
                                          "many/m00/c19/p0": gives(BAD_STATE)})
        third = cls.log("third.jsonl", without=("many/m00/c05/p5",),
                        header=lambda header: header["profile"].update(name=test_html.EVIL))
        cls.page = cls.dir / "matrix.html"
        cls.compared = cls.dir / "compare.html"
        for code, *args in ((0, "matrix", cls.old, second, third, "--report", f"html={cls.page}"),
                            (11, "compare", cls.old, second, "--report", f"html={cls.compared}")):
            done = cls.command(*args)
            if done.returncode != code:
                raise AssertionError(done.stdout + done.stderr)

    def letters(self):
        """What stands before each case that is seen: letters, in brackets where they have a frame."""
        return dict(self.js("""[...document.querySelectorAll(".item")].map((item) => [item.querySelector(".name").textContent,
            [...item.querySelectorAll(".badge")].map((badge) => badge.classList.contains("apart")
                ? `[${badge.textContent}]` : badge.textContent).join(" ")])"""))

    def test_differs(self):
        self.load()
        self.assertEqual(self.count(), "200 cases")
        self.assertIn("200 cases, 5 differ.", self.text(".overview"))
        self.click('[data-filter="differs:1"]')
        self.assertEqual((self.count(), self.fragment()), ("5 of 200 cases", "#differs=1"))
        self.assertEqual(self.letters(), {"many/m00/c00/p0": ". F .", "many/m00/c03/p2": ". [.] .", "many/m00/c05/p5": ". . –",
                                          "many/m00/c09/p0": "F . F", "many/m00/c19/p0": "r [r] r"})

    def test_only_one_fails(self):
        self.load()
        self.click('[data-filter="only:B"]')
        self.assertEqual((self.count(), self.fragment()), ("1 of 200 cases", "#only=B"))
        self.assertEqual(list(self.letters()), ["many/m00/c00/p0"])
        self.click('[data-filter="only:B"]')
        self.assertEqual(self.count(), "200 cases")
        self.load("#only=A")
        self.assertIn("No case is like that", self.text(".list"))

    def test_why_in_one_click(self):
        """One click: the runs that saw the same share a column, and the first call that differs is the first that is shown."""
        self.load("#differs=1")
        self.click(".item .badge")
        self.assertEqual((self.opened(), self.fragment()), ("many/m00/c00/p0", "#differs=1&case=many/m00/c00/p0"))
        heads = self.js("[...document.querySelectorAll('.side-head')].map((head) => head.innerText)")
        self.assertEqual(len(heads), 2)
        self.assertIn("A many, C ", heads[0])
        self.assertIn("B many: fail", heads[1])
        self.assertIn("The first 7 of 8 calls gave the same.", self.text(".right"))
        self.assertIn("bc.GetName(pbstrName)", self.text(".side-row.differs.call"))
        cells = self.js("[...document.querySelectorAll('.side-row.differs:not(.call)')[0].children].map((cell) => cell.innerText)")
        self.assertIn("S_OK (0x00000000)", cells[0])
        self.assertIn("E_UNEXPECTED (0x8000FFFF)", cells[1])
        self.assertEqual(self.js("document.querySelectorAll('.earlier .side-row').length"), 0)
        self.click(".earlier summary")
        self.assertEqual(self.js("document.querySelectorAll('.earlier .side-row.call').length"), 7)

    def test_not_in_a_run(self):
        self.load("#case=many/m00/c05/p5")
        self.assertIn("not in C", self.text(".trace-head"))
        self.load("#case=many/nothing")
        self.assertIn("No run has a case many/nothing", self.text(".right"))

    def test_each_case_has_its_own_trace(self):
        """Those that are alike stand once; every case finds them."""
        self.load()
        found = self.js("""vss.data("rows").map(([id]) => {
            location.hash = `#case=${id}`; dispatchEvent(new HashChangeEvent("hashchange"));
            const box = document.querySelector(".side-box");
            return [id, document.querySelector(".trace-title").textContent, box.querySelectorAll("thead th").length,
                    document.querySelector(".right").textContent.includes("Every call gave") || box.querySelectorAll(".call").length > 0];
        })""")
        self.assertEqual(len(found), 200)
        wide = {"many/m00/c00/p0", "many/m00/c03/p2", "many/m00/c09/p0", "many/m00/c19/p0"}
        for case, title, columns, has_calls in found:
            with self.subTest(case=case):
                self.assertTrue(title.startswith(case.split("/")[2]), title)
                self.assertEqual(columns, 2 if case in wide else 1)
                self.assertTrue(has_calls)

    def test_comparison(self):
        self.load("", self.compared)
        self.assertEqual(self.text(".top .pill"), "regressions")
        self.assertEqual(self.count(), "4 cases differ")
        self.assertEqual(self.js("[...document.querySelectorAll('.item .side')].map((kind) => kind.textContent)"),
                         ["regression", "changed", "fix", "answer"])
        self.click('[data-filter="kind:fix"]')
        self.assertEqual(self.letters(), {"many/m00/c09/p0": "F ."})
        self.click(".item")
        self.assertIn("old many: fail", self.text(".side-head"))
        self.browser.keys("c")
        self.browser.keys("k")
        self.assertEqual(self.opened(), "many/m00/c03/p2")
        self.browser.keys(["Escape"])
        self.assertIsNone(self.opened())

    def test_hostile_texts(self):
        for page in (self.page, self.compared):
            self.load("#case=many/m00/c03/p2", page)
            self.assertIn(test_html.EVIL_SEEN, self.js("document.querySelector('.right').textContent"))
            self.assertIsNone(self.js("window.evil ?? null"))
            self.assertNotIn("<img", page.read_text(encoding="utf-8"))
        self.load("", self.page)
        self.assertIn(test_html.EVIL_SEEN, self.js("document.querySelector('.top').textContent"))

    def test_phone(self):
        self.browser.look(390, 844, phone=True)
        self.load()
        self.assertFalse(self.js("document.querySelector('.right').checkVisibility()"))
        self.click(".item")
        self.assertTrue(self.js("document.querySelector('.right').checkVisibility()"))
        self.assertLessEqual(self.js("document.documentElement.scrollWidth"), 390)


@unittest.skipUnless(has_worker(), "the home folder has no worker for x86_64")
class Implementations(Base):
    """The reference as two versions of Windows, and Wine's own DLL."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-compare-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        for name in ("reference", "reference-vista", "wine"):
            done = vsscts("run", "--iut", name, "--out", cls.dir / name, "--no-retry", *RACES, "factory", "backup-complete")
            if done.returncode != 0:
                raise AssertionError(done.stdout[-2000:] + done.stderr)

    def compare(self, code, old, new):
        """The comparison has exactly the cases in which the reports differ."""
        path = self.dir / "c.json"
        done = vsscts("compare", self.dir / old, self.dir / new, "--json", path)
        self.assertEqual(done.returncode, code, done.stdout[-2000:] + done.stderr)
        comparison = load(path)
        self.valid(comparison)
        reports = [load(self.dir / name / "report.json") for name in (old, new)]
        self.assertEqual([case["id"] for case in comparison["cases"]], differing(*reports))
        return comparison

    def test_versions(self):
        comparison = self.compare(10, "reference", "reference-vista")
        self.assertEqual(comparison["totals"]["regression"], 0)
        case = next(case for case in comparison["cases"] if case["id"] == "backup-complete/errors/unexpected-in-call")
        self.assertEqual([case["steps"][0][side]["hr_name"] for side in ("old", "new")], ["VSS_E_UNEXPECTED", "E_UNEXPECTED"])

    def test_implementations(self):
        comparison = self.compare(11, "reference", "wine")
        self.assertGreater(comparison["totals"]["regression"], 10)
        self.assertEqual({case["new"]["verdict"] for case in comparison["cases"] if case["kind"] == "regression"},
                         {"not_implemented"})
        self.compare(11, "reference-vista", "wine")


if __name__ == "__main__":
    unittest.main()
