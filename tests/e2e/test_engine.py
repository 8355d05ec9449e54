"""The engine with real workers: implementations that cannot be loaded, that end or hold up their process, that leave
something behind; interruption; the Wine prefix.

VSSCTS is the program, VSSCTS_HOME its home folder, VSSCTS_SOURCE the checkout.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

SOURCE = pathlib.Path(os.environ.get("VSSCTS_SOURCE", pathlib.Path(__file__).parents[2]))
VSSCTS = os.environ.get("VSSCTS", str(SOURCE / "build/native-debug/bin/vsscts"))
HOME = pathlib.Path(os.environ.get("VSSCTS_HOME", SOURCE / "build/home"))
HOSTILE = HOME / "x86_64" / "hostile"
CASE = "factory/create/object"
CHECK = SOURCE / "tests" / "e2e" / "check_log.py"


def left_behind(mark):
    """Processes that carry the mark in their environment and are no part of Wine's own services."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if f"VSSCTS_E2E={mark}".encode() in environment and b"VSSCTS_SERVICE=1" not in environment:
            found.append(command)
    return found


class Base(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="vsscts-engine-")
        self.addCleanup(folder.cleanup)
        self.dir = pathlib.Path(folder.name)
        self.mark = uuid.uuid4().hex

    def start(self, iut, *args, **env):
        command = [VSSCTS, "run", "--home", HOME, "--iut", iut, "--out", self.dir / "out", "--no-expect", *args]
        variables = dict(os.environ, WINEDEBUG="-all", VSSCTS_E2E=self.mark, **env)
        return subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=variables)

    def finish(self, process, timeout=120):
        """Also proves that nobody holds the program's own output open: communicate() waits for its end."""
        with process:
            try:
                output, messages = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        self.assertEqual(left_behind(self.mark), [])
        return process.returncode, output, messages

    def run_it(self, iut, *args, **env):
        return self.finish(self.start(iut, *args, **env))

    def log(self):
        checked = subprocess.run([sys.executable, CHECK, self.dir / "out"], capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        text = (self.dir / "out" / "run.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]


class Loading(Base):
    """Exit code 3 and one line that names the file and the reason."""

    def cannot(self, iut, reason, *args):
        code, output, messages = self.run_it(iut, *args)
        self.assertEqual(code, 3, output + messages)
        lines = [line for line in messages.splitlines() if pathlib.Path(iut).name in line]
        self.assertEqual(len(lines), 1, messages)
        self.assertRegex(lines[0], reason)
        self.assertFalse((self.dir / "out" / "run.jsonl").exists())

    def test_dllmain_returns_false(self):
        self.cannot(HOSTILE / "bad_dllmain_false.dll", r"DllMain returned FALSE")

    def test_dllmain_crashes(self):
        self.cannot(HOSTILE / "bad_dllmain_crash.dll",
                    r"DllMain crashed \(0xC0000005 at bad_dllmain_crash\.dll\+0x[0-9A-F]+\)")

    def test_dllmain_hangs(self):
        began = time.monotonic()
        self.cannot(HOSTILE / "bad_dllmain_hang.dll", r"not loaded within 2000 ms; DllMain hangs",
                    "--time-scale", "0.2")
        self.assertLess(time.monotonic() - began, 30)

    def test_dllmain_ends_the_process(self):
        self.cannot(HOSTILE / "bad_dllmain_exit.dll", r"the process ended while it was loaded \(exit status 0\)")

    def test_no_factory(self):
        self.cannot(HOSTILE / "bad_no_factory.dll", r"exports none of the functions .*CreateVssBackupComponents")

    def test_other_architecture(self):
        other = HOME / "i686" / "hostile" / "bad_no_factory.dll"
        if not other.exists():
            self.skipTest("no i686 build")
        code, output, messages = self.run_it(other, "--arch", "x86_64")
        self.assertIn(code, (2, 3), output + messages)
        self.assertRegex(messages, r"i686")

    def test_not_a_pe_file(self):
        path = self.dir / "text.dll"
        path.write_text("MZ, but nothing else that a PE file has\n" * 10)
        code, output, messages = self.run_it(path, "--arch", "x86_64")
        self.assertIn(code, (2, 3), output + messages)
        self.assertRegex(messages, r"PE")


class Calls(Base):
    """A factory that misbehaves while it is called: the run goes on, and says how it ended."""

    def ends(self, what, *args):
        profile = self.dir / "bad.json"
        profile.write_text(json.dumps({
            "format": 1, "kind": "profile", "name": "bad", "dll": str(HOSTILE / "bad_factory.dll"),
            "claims": {"windows": "10.0.19045", "edition": "client"}, "can": [], "volumes": [],
            "environment": {"BAD_FACTORY": what}}))
        code, output, messages = self.run_it(profile, "-j", "1", "--no-retry", *args, CASE)
        self.assertEqual(code, 1, output + messages)
        events = self.log()
        self.events = events
        return [event for event in events if event["e"] == "end"]

    def test_exit(self):
        end, = self.ends("exit")
        self.assertEqual((end["how"], end["status"]), ("exit", 0))
        self.assertIn("at", end)

    def test_terminate(self):
        end, = self.ends("terminate")
        self.assertEqual(end["how"], "exit")  # its exit status looks like one of a crash: that says nothing

    def test_hang(self):
        end, = self.ends("hang", "--time-scale", "0.1")
        self.assertEqual(end["how"], "hang")
        self.assertEqual(sum(event["e"] == "slow" for event in self.events), 1)

    def test_every_handle_closed(self):
        end, = self.ends("close", "--time-scale", "0.1")
        self.assertIn(end["how"], ("closed", "hang", "crash"))

    def test_prints(self):
        end, = self.ends("print")
        self.assertIn(end["how"], ("done", "stopped"))
        output, = [event for event in self.events if event["e"] == "output"]
        self.assertEqual(output["run"], 1)
        self.assertIn("printed to the standard output\n", output["text"])
        self.assertIn("printed to the standard error\n", output["text"])

    def test_process_left(self):
        self.ends("process", "--repeat", "3")  # run_it() sees to it that none stays

    def test_every_case_in_a_row(self):
        ends = self.ends("exit", "--repeat", "10")
        self.assertEqual([end["how"] for end in ends], 10 * ["exit"])


class Interruption(Base):
    def interrupted(self, number, after):
        process = self.start("reference", "--repeat", "100000", "-j", "2", "--no-retry", CASE)
        log = self.dir / "out" / "run.jsonl"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not (log.exists() and log.stat().st_size > 2000):
            time.sleep(0.01)
        time.sleep(after)
        process.send_signal(number)
        began = time.monotonic()
        code, output, messages = self.finish(process)
        self.assertEqual(code, 130, output + messages)
        self.assertLess(time.monotonic() - began, 20)
        footer = self.log()[-1]
        self.assertTrue(footer["interrupted"])

    def test_interrupt(self):
        self.interrupted(signal.SIGINT, 0.05)

    def test_terminate(self):
        self.interrupted(signal.SIGTERM, 0.2)


class Prefix(Base):
    def test_two_runs_make_one_prefix(self):
        prefix = self.dir / "prefix"
        env = {"VSSCTS_WINEPREFIX": "", "XDG_CACHE_HOME": str(self.dir / "cache")}
        other = tempfile.TemporaryDirectory(prefix="vsscts-engine-")
        self.addCleanup(other.cleanup)
        prefix = self.dir / "cache" / "vsscts" / "wine-x86_64"
        self.addCleanup(subprocess.run, ["wineserver", "-k"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL, timeout=30, check=False, env=dict(os.environ, WINEPREFIX=str(prefix)))
        first = self.start("reference", CASE, **env)
        time.sleep(1)
        mine, self.dir = self.dir, pathlib.Path(other.name)
        second = self.start("reference", CASE, **env)
        results = []
        for process in (first, second):
            output, messages = process.communicate(timeout=180)
            results.append((process.returncode, output, messages))
        self.dir = mine
        self.assertEqual([result[0] for result in results], [0, 0], results)
        self.assertIn("making a Wine prefix", results[0][2])
        self.assertIn("waiting for another process", results[1][2])
        self.assertNotIn("making", results[1][2])
        self.assertEqual(left_behind(self.mark), [])
        self.log()
        self.assertEqual(self.run_it("reference", CASE, **env)[0], 0)


if __name__ == "__main__":
    unittest.main()
