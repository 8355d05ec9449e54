"""The page of a run, in Chromium: what a reader sees, clicks and types, and what hostile texts can do (nothing).

The run is one of the fake worker, which needs no Wine; its texts are made hostile in the log and in the page's data.
One browser serves all tests. VSSCTS_SHOTS is a folder for screenshots, to be looked at by a person.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import browser
from test_many import MAKE, SOURCE, VSSCTS, WORKER

# Whatever might end an element, begin one, run, hide or reorder.
EVIL = "</script><script>window.evil=1</script><!--<img src=x onerror=window.evil=1>\"'&amp;\u2028\u2029\u202e\u0007${evil}"
EVIL_SEEN = ("</script><script>window.evil=1</script><!--<img src=x onerror=window.evil=1>\"'&amp;"
             "\\u2028\\u2029\\u202E\\u0007${evil}")
MANY = 100000


def element(text, name):
    """The place of an element's data in a page."""
    return re.search(rf'(?<=<script type="application/json" id="{name}">).*?(?=</script>)', text, re.S)


class Browsed(unittest.TestCase):
    """A page in a browser: what a reader does, and sees. `page` is the one that is loaded."""

    page = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            cls.browser = browser.Browser()
        except FileNotFoundError as error:
            raise unittest.SkipTest(str(error)) from error
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.look(1280, 800)

    def load(self, fragment="", page=None):
        self.browser.open(page or self.page, fragment)
        self.browser.settle()

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])
        if "VSSCTS_SHOTS" in os.environ:
            self.browser.screenshot(pathlib.Path(os.environ["VSSCTS_SHOTS"]) / f"{self._testMethodName}.png")

    def js(self, expression, *args):
        return self.browser.js(f"return {expression};", *args)

    def text(self, selector):
        return self.js("document.querySelector(arguments[0]).innerText", selector)

    def count(self):
        return self.text(".count")

    def fill(self, name, text):
        """Writes into a field, as typing does."""
        self.browser.js("const field = document.querySelector(`[data-filter=\"${arguments[0]}\"]`);"
                        "field.value = arguments[1]; field.dispatchEvent(new Event(field.matches('select') ? 'change' : 'input'));",
                        name, text)
        self.browser.settle()

    def click(self, selector, number=0):
        self.browser.js("document.querySelectorAll(arguments[0])[arguments[1]].click();", selector, number)
        self.browser.settle()

    def fragment(self):
        return self.js("decodeURIComponent(location.hash)")

    def opened(self):
        return self.js("document.querySelector('.trace-id h2')?.textContent ?? null")


class Page(Browsed):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="vsscts-html-")
        cls.addClassCleanup(folder.cleanup)
        cls.dir = pathlib.Path(folder.name)
        subprocess.run([sys.executable, "-B", MAKE, VSSCTS, WORKER, cls.dir, "--matrices", "2", "--calls", "20"],
                       check=True, stdout=subprocess.DEVNULL)
        cls.lines = (cls.dir / "run.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        cls.page = cls.write("page.html", cls.lines)

    @classmethod
    def write(cls, name, lines):
        """The page of a log with these lines."""
        log, page = cls.dir / "other.jsonl", cls.dir / name
        log.write_text("".join(lines), encoding="utf-8")
        command = [VSSCTS, "report", "--home", cls.dir, "--cases", cls.dir / "cases", "--quiet", "--report", f"html={page}",
                   log]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
        if done.returncode != 1:
            raise AssertionError(done.stderr)
        return page

    # --- what it shows ---

    def test_overview(self):
        self.load()
        self.assertEqual(self.count(), "400 cases")
        self.assertEqual(self.text(".top h1"), "many")
        self.assertEqual(self.text(".top .pill"), "unexpected verdicts")
        facts = dict(self.js("[...document.querySelectorAll('.overview dl.facts dt')]"
                             ".map((name) => [name.textContent, name.nextElementSibling.textContent])"))
        self.assertEqual(facts["result"], "unexpected verdicts (exit 1)")
        self.assertEqual(facts["SHA-256"], "00")
        self.assertEqual(facts["seed"], "0")
        self.assertIn("Windows 10.0", facts["stands for"])
        self.assertIn(json.loads(self.lines[0])["suite"]["tables"], facts["suite"])

    def test_filters(self):
        self.load()
        self.click('[data-filter="verdict:fail"]')
        self.assertEqual(self.count(), "20 of 400 cases")
        self.assertEqual(self.fragment(), "#verdict=fail")
        self.click('[data-filter="verdict:recorded"]')
        self.assertEqual(self.count(), "40 of 400 cases")
        self.fill("q", "m01 preparation 3")
        self.assertEqual(self.count(), "2 of 400 cases")
        self.fill("q", "no such thing")
        self.assertIn("No case is like that", self.text(".list"))
        self.click(".empty button")
        self.assertEqual((self.count(), self.fragment()), ("400 cases", ""))
        self.fill("method", "getname")
        methods = self.count()
        self.assertRegex(methods, r"^[1-9]\d* of 400 cases$")
        self.fill("requirement", "concept#must")
        self.assertRegex(self.count(), r"^[1-9]\d* of 400 cases$")
        self.fill("method", "")
        self.fill("requirement", "")
        self.fill("suite", "many")
        self.assertEqual((self.count(), self.fragment()), ("400 cases", "#suite=many"))

    def test_filters_of_the_address(self):
        self.load("#verdict=fail&q=m00")
        self.assertEqual(self.count(), "10 of 400 cases")
        self.assertEqual(self.js("document.querySelector('[data-filter=\"q\"]').value"), "m00")
        self.assertEqual(self.js("document.querySelector('[data-filter=\"verdict:fail\"]').ariaPressed"), "true")

    def test_case(self):
        self.load("#verdict=fail")
        self.click(".item")
        self.assertEqual(self.opened(), "many/m00/c09/p0")
        self.assertEqual(self.fragment(), "#verdict=fail&case=many/m00/c09/p0")
        shown = self.text(".right")
        for part in ("fail, unexpected: pass was expected", "c09 after preparation 0", "bc.GetName(pbstrName)",
                     "VSS_E_BAD_STATE", "S_OK (0x00000000)", "must, documented", "concept#must", "PREAMBLE", "CASE", "It must.",
                     "Run it again"):
            self.assertIn(part, shown)
        self.assertEqual(self.js("document.querySelectorAll('.step.troubled').length"), 1)
        self.assertEqual(self.js("document.querySelector('.finding a').href"),
                         "https://learn.microsoft.com/en-us/windows/win32/api/test/nf-test-name")
        self.browser.js("history.back();")
        self.browser.settle()
        self.assertIn("What was tested", self.text(".right"))

    def test_each_case_has_its_own_trace(self):
        """Past the first element of cases and of parts too: title and steps belong together."""
        self.load()
        found = self.js("""vss.data("cases").map((row, i) => {
            const trace = vss.trace.load("run", i);
            return [row[2], trace !== null && trace.steps.length > 0 && trace.steps.every((step) => step !== null),
                    trace.findings.length > 0, row[3] === 1];
        })""")
        self.assertEqual(len(found), 400)
        for title, has_steps, has_findings, failed in found:
            self.assertTrue(has_steps, title)
            self.assertEqual(has_findings, failed, title)

    def test_question(self):
        self.load("#case=many/m00/c19/p0")
        shown = self.text(".right")
        self.assertIn("recorded, as expected", shown)
        self.assertIn("What is open", shown)
        self.assertRegex(shown, "outcome: .*S_OK")
        self.load("#state=advisory")
        self.assertEqual(self.count(), "0 of 400 cases")

    def test_permalink(self):
        self.load("#case=many/m01/c19/p9")
        self.assertEqual(self.opened(), "many/m01/c19/p9")
        self.assertTrue(self.js("document.querySelector('.item.open .name')?.textContent === 'm01/c19/p9'"))
        self.load("#case=many/nothing")
        self.assertIn("This run has no case many/nothing", self.text(".right"))

    def test_map(self):
        self.load()
        cells = self.js("vss.data('cells').cells.filter((cell) => Array.isArray(cell[2])).length")
        self.assertGreater(cells, 0)
        self.assertEqual(self.js("document.querySelectorAll('.heat td a').length"), cells)
        self.assertRegex(self.js("document.querySelector('.heat td a').parentNode.title"), r"^\w+ in \w.*: \w+, \d+ cases?$")
        self.click(".heat td a")
        self.assertRegex(self.fragment(), r"^#cell=\w+@[\w-]+&case=many/m")
        self.assertIsNotNone(self.opened())
        self.assertRegex(self.count(), r"^[1-9]\d* of 400 cases$")

    # --- keys ---

    def test_keys(self):
        self.load()
        self.browser.keys("jj")
        self.assertEqual(self.js("document.querySelector('.item.cursor .name').textContent"), "m00/c00/p1")
        self.assertIsNone(self.opened())
        self.browser.keys(["Enter"])
        self.assertEqual(self.opened(), "many/m00/c00/p1")
        self.browser.keys("k")
        self.assertEqual(self.opened(), "many/m00/c00/p0")
        self.browser.keys("n")
        self.assertEqual(self.opened(), "many/m00/c09/p0")
        self.browser.keys(["Escape"])
        self.assertIsNone(self.opened())
        self.browser.keys(["/", "c", "1", "9", "Enter"])
        self.assertEqual(self.fragment(), "#q=c19")
        self.assertEqual(self.js("document.querySelector('.item.cursor .name').textContent"), "m00/c19/p0")
        self.browser.keys("c?")
        self.assertEqual(self.count(), "400 cases")
        self.assertTrue(self.js("document.querySelector('dialog').open"))

    # --- looks ---

    def colours(self):
        """Paper, and what each verdict's badge looks like."""
        return self.js("""[getComputedStyle(document.body).backgroundColor, ...vss.verdicts.map(([name]) => {
            const badge = document.body.appendChild(vss.badge(name)), style = getComputedStyle(badge);
            const seen = `${badge.textContent} ${style.color} ${style.backgroundColor}`;
            badge.remove();
            return seen;
        })]""")

    def contrast(self, ink, paper):
        def light(colour):
            parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
            linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        high, low = sorted((light(ink), light(paper)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    def test_light_and_dark(self):
        papers = []
        for dark in (False, True):
            self.browser.look(1280, 800, dark=dark)
            self.load()
            paper, *badges = self.colours()
            papers.append(paper)
            self.assertEqual(len({badge.split(" ", 1)[0] for badge in badges}), 9, "a letter for each verdict")
            for badge in badges:
                with self.subTest(dark=dark, badge=badge):
                    ink, behind = re.findall(r"rgb\([^)]*\)", badge)
                    self.assertGreater(self.contrast(ink, behind), 4.5)
        self.assertEqual(papers[0], "rgb(255, 255, 255)")
        self.assertLess(max(map(int, re.findall(r"\d+", papers[1]))), 64)

    def test_phone(self):
        self.browser.look(390, 844, phone=True)
        self.load()
        self.assertFalse(self.js("document.querySelector('.right').checkVisibility()"))
        self.click(".item")
        self.assertTrue(self.js("document.querySelector('.right').checkVisibility()"))
        self.assertFalse(self.js("document.querySelector('.left').checkVisibility()"))
        self.assertLessEqual(self.js("document.documentElement.scrollWidth"), 390)
        self.assertLessEqual(self.js("document.querySelector('.right').scrollWidth"), 390)
        self.click(".to-list")
        self.assertTrue(self.js("document.querySelector('.left').checkVisibility()"))

    def test_print(self):
        self.load("#verdict=fail")
        self.browser.js("dispatchEvent(new Event('beforeprint'));")
        self.assertEqual(self.js("document.querySelectorAll('.printed tr').length"), 20)
        self.browser.js("dispatchEvent(new Event('afterprint'));")
        self.assertEqual(self.js("document.querySelectorAll('.printed tr').length"), 0)

    # --- what may not happen ---

    def test_hostile_texts(self):
        """Texts of the log: header and steps; in the data of the page: titles, ids, names and all else."""
        header = json.loads(self.lines[0])
        header["profile"]["edition"] = header["iut"]["file_version"] = header["host"]["os"] = EVIL
        lines = [json.dumps(header) + "\n"]
        for line in self.lines[1:]:
            event = json.loads(line)
            if event["e"] == "step":
                event["skipped"] = EVIL
                event["events"] = [{"event": EVIL, EVIL: EVIL}]
            lines.append(json.dumps(event, ensure_ascii=False) + "\n")
        page = self.write("hostile.html", lines)
        text = page.read_text(encoding="utf-8")
        self.assertNotIn("<script>window", text)
        self.assertNotIn("<img", text)
        self.load("#case=many/m00/c00/p0", page)
        self.assertIn(EVIL_SEEN, self.js("document.querySelector('.top').textContent"))
        self.assertIn(f"not made: {EVIL_SEEN}", self.js("document.querySelector('.steps').textContent"))
        self.assertIn(EVIL_SEEN, self.js("document.querySelector('.seen td').textContent"))
        self.assertIsNone(self.js("window.evil ?? null"))
        self.assertEqual(self.js("document.querySelectorAll('img, iframe, object').length"), 0)

    def test_hostile_data(self):
        """Every text of the data is hostile, links too, and so is the address."""
        text = self.page.read_text(encoding="utf-8")
        escaped = json.dumps(EVIL).replace("<", "\\u003c")
        rows = json.loads(element(text, "cases")[0])
        for row in rows:
            row[1] += EVIL
            row[2] = row[9] = EVIL
        needs = json.loads(element(text, "requirements")[0])
        for need in needs:
            need.update(id=EVIL, text=EVIL, page=f"javascript:window.evil=1//{EVIL}")
        for name, value in (("cases", rows), ("requirements", needs)):
            place = element(text, name)
            text = text[:place.start()] + json.dumps(value).replace("<", "\\u003c") + text[place.end():]
        text = text.replace('"https://learn.microsoft.com/en-us/windows/win32/api/test/nf-test-name"', '"javascript:window.evil=1"')
        text = re.sub(r'"call":"bc\.[^"]*"', lambda _: f'"call":{escaped}', text)
        page = self.dir / "data.html"
        page.write_text(text, encoding="utf-8")
        self.load("#verdict=fail", page)
        self.click(".item")
        self.assertEqual(self.opened(), f"many/m00/c09/p0{EVIL_SEEN}")
        self.assertIn(EVIL_SEEN, self.js("document.querySelectorAll('.step-call')[1].textContent"))
        self.assertEqual(self.js("[...document.querySelectorAll('a')].filter((a) => !/^(https:|file:)/.test(a.href)).length"), 0)
        self.load(f"#case={EVIL}&verdict={EVIL}&cell={EVIL}&q={EVIL}".replace("&amp;", ""), page)
        self.assertIsNone(self.js("window.evil ?? null"))

    def test_policy(self):
        """Even if markup came in, no program of another would run and nothing would be loaded."""
        self.load()
        self.browser.js("""const script = document.createElement("script");
            script.textContent = "window.evil = 1"; document.body.append(script);
            const image = new Image(); image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw="; document.body.append(image);""")
        self.browser.settle()
        self.assertIsNone(self.js("window.evil ?? null"))
        refused = self.browser.complaints()
        self.assertTrue(any("script-src" in message for message in refused), refused)
        self.assertTrue(any("img-src" in message or "default-src" in message for message in refused), refused)
        self.assertNotRegex(self.page.read_text(encoding="utf-8"), r'(src|href)="')

    # --- many ---

    def test_many(self):
        """100,000 cases: all are there, few are in the document, and each way of moving about works."""
        text = self.page.read_text(encoding="utf-8")
        place = element(text, "cases")
        rows = json.loads(place[0])
        parts = [json.dumps([row[0], f"x{i:03}/{row[1]}", *row[2:]]).replace("<", "\\u003c")
                 for i in range(MANY // len(rows)) for row in rows]
        page = self.dir / "many.html"
        page.write_text(f"{text[:place.start()]}[{','.join(parts)}]{text[place.end():]}", encoding="utf-8")
        self.load("", page)
        self.assertEqual(self.count(), "100,000 cases")
        self.assertLess(self.js("document.querySelectorAll('.item').length"), 100)
        self.browser.js("const list = document.querySelector('.list'); list.scrollTop = list.scrollHeight;")
        self.browser.settle()
        self.assertEqual(self.js("[...document.querySelectorAll('.item .name')].map((name) => name.textContent).sort().at(-1)"),
                         "x249/m01/c19/p9")
        self.fill("q", "x249 c19 p9")
        self.assertEqual(self.count(), "2 of 100,000 cases")
        self.fill("q", "")
        self.click('[data-filter="verdict:fail"]')
        self.assertEqual(self.count(), "5,000 of 100,000 cases")
        self.browser.keys("j")
        self.assertEqual(self.js("document.querySelector('.item.cursor .name').textContent"), "x000/m00/c09/p0")


if __name__ == "__main__":
    unittest.main()
