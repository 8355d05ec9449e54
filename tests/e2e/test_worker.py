"""The worker against callee.dll: every message and every step of docs/protocol.md, and what must
never bring the worker down or fool it."""

import json
import os
import pathlib
import shutil
import tempfile
import time
import unittest

import worker_memory
from worker_driver import (FINISHED, HOME, PENDING, S_OK, Prefix, Worker, arg, call, create, out,
                           pe_facts, query, release, why_not, windows_path)

IUNKNOWN = "00000000-0000-0000-c000-000000000046"
SECOND = "6c8a2f10-5b1e-4a55-9a1b-0f6f3f2f7c01"
ACCESS_VIOLATION = "0xC0000005"

NUMBERS, GUIDS, GUID_ARRAY, TEXTS, CLONE, UNWRITTEN = 3, 4, 5, 6, 7, 8
WRITE_BEFORE, WRITE_BEHIND, CRASH, PRINT, POP_MORE, POP_LESS = 9, 10, 11, 12, 13, 14
BAD_TEXTS, BAD_OBJECT, GET_STRUCT, GET_STRUCTS, TAKE_STRUCT = 15, 16, 17, 18, 19
BEGIN, FINISH, MANY, FAIL, REPLACE_FILTER, BLOCK, APARTMENT = 20, 21, 22, 23, 24, 25, 26
KEEP_TEXT, READ_KEPT, INOUT, SPOIL_HEAP, ENVIRONMENT, ULONG, VOID = 27, 28, 29, 30, 31, 32, 33
WRITE_LATE, READ_BEHIND, TWO_BASES, CROOKED, LEAVE, LEND_STRUCT = 34, 35, 36, 37, 38, 39

POLLS, HELD, PUMPED, FAILS, REFUSES = 0, 1, 2, 3, 4


def by_query(on, ms=5000):
    return {"op": "await", "on": on, "by": "query", "query_slot": 5, "wait_slot": 4,
            "pending": PENDING, "ms": ms}


def by_wait(on, ms=5000):
    return dict(by_query(on, ms), by="wait")


def live():
    """How many objects of callee.dll live."""
    return {"op": "export", "names": ["CalleeLive"], "ret": "ulong", "args": []}


def thread(name, *steps, apartment="mta"):
    return {"op": "thread", "id": name, "apartment": apartment, "steps": list(steps)}


def join(name, ms=5000):
    return {"op": "join", "id": name, "ms": ms}


class Base(unittest.TestCase):
    """Tests of one architecture; those that leave the worker alive share one."""

    arch = None
    prefix = None
    shared = None

    @classmethod
    def setUpClass(cls):
        reason = why_not(cls.arch)
        if reason:
            raise unittest.SkipTest(reason)
        cls.dll = HOME / cls.arch / "hostile" / "callee.dll"
        cls.prefix = prefixes.setdefault(cls.arch, None) or Prefix(cls.arch)
        prefixes[cls.arch] = cls.prefix

    @classmethod
    def tearDownClass(cls):
        if cls.shared is not None:
            cls.shared.kill()

    def start(self, *arguments):
        worker = Worker(self.prefix, self.arch, *arguments)
        self.addCleanup(worker.kill)
        return worker

    def loaded(self, **more):
        """A worker of its own, with callee.dll loaded."""
        worker = self.start()
        self.assertEqual(worker.load(windows_path(self.dll), **more)["m"], "loaded")
        return worker

    def run_program(self, steps, final=(), apartment="mta", **more):
        """In the shared worker; it must reach `done`."""
        if self.shared is None or self.shared.process.poll() is not None:
            type(self).shared = Worker(self.prefix, self.arch)
            self.shared.load(windows_path(self.dll))
        run = self.shared.run(steps, final, apartment, seq=12345, **more)
        self.assertEqual(run.last and run.last["m"], "done", run.messages[-1:])
        self.assertEqual(run.last["seq"], 12345)
        return run

    def run_to_end(self, steps, apartment="mta"):
        """In a worker of its own, which is expected to end; returns the run."""
        worker = self.loaded()
        run = worker.run(steps, apartment=apartment)
        self.assertNotEqual(run.last and run.last["m"], "done", run.messages[-1:])
        worker.process.wait(20)
        self.assertIsNone(worker.receive())
        return run


class Channel(Base):
    def test_hello(self):
        hello = self.start().receive()
        self.assertEqual((hello["m"], hello["protocol"], hello["arch"]), ("hello", 1, self.arch))
        self.assertGreater(hello["pid"], 0)
        self.assertRegex(hello["os"]["version"], r"^\d+\.\d+\.\d+$")
        if os.name != "nt":
            self.assertRegex(hello["os"]["wine"], r"^\d+\.")
            self.assertIn("wine", hello["os"]["wine_build"])
        else:
            self.assertIsNone(hello["os"]["wine"])

    def test_quit_says_bye_and_ends_well(self):
        worker = self.loaded()
        self.assertEqual(worker.quit(), {"m": "bye"})
        self.assertEqual(worker.process.returncode, 0)

    def test_without_an_engine_it_ends(self):
        worker = self.start()
        worker.receive()
        worker.process.stdin.close()
        worker.process.wait(20)
        self.assertIsNone(worker.receive())

    def test_a_wrong_token_is_wrong_usage(self):
        for arguments in ((), ("0123456789abcde",), ("0123456789abcdeg",), ("0" * 16, "more")):
            worker = self.start(arguments)
            self.assertIsNone(worker.receive())
            self.assertEqual(worker.process.wait(20), 2)
            self.assertIn(b"usage", worker.stderr())

    def test_what_is_no_message_is_refused(self):
        for line in (b"hello\n", b"{\n", b"[]\n", b'{"m":"dance"}\n', b'{"m":"quit","m":"quit"}\n',
                     b'{"m":"run","seq":1,"program":{}}\n'):
            worker = self.start()
            worker.receive()
            worker.send_line(line)
            self.assertEqual(worker.receive()["m"], "error", line)
            worker.process.wait(20)
            self.assertIsNone(worker.receive())

    def test_malformed_programs_are_refused(self):
        bad = [{"op": "dance"}, {"op": "call", "on": "c"}, call(-1), call(5000),
               call(ULONG, {"n": "a", "d": "in", "k": "dance", "v": 1}),
               call(ULONG, {"n": "a", "d": "in", "k": "u32"}),
               call(GUIDS, arg("v", "guid", "00112233")),
               call(TEXTS, arg("v", "wstr", 5)), call(CLONE, out("s", "struct")),
               call(ULONG, *[arg("a", "u32", 1)] * 30), {"op": "await", "on": "c"},
               *[call(CLONE, out("o", "iface", unknown=wrong)) for wrong in (0, 16, "1")],
               thread("t", apartment="swamp"), {"op": "join"}, {"op": "compare", "a": "c"},
               {"op": "lookup"}, {"op": "lookup", "name": "CalleeCreate", "other": 5},
               *[{"op": "identity", "on": "c", "ids": wrong} for wrong in
                 ([], [{"n": "x"}], [{"n": "x", "iid": "1"}], [{"n": "x", "iid": IUNKNOWN}] * 17)]]
        for step in bad:
            worker = self.loaded()
            run = worker.run([create(), step])
            self.assertEqual(run.last["m"], "error", step)
            worker.process.wait(20)

    def test_printing_spoils_nothing(self):
        worker = self.loaded()
        run = worker.run([create(), call(PRINT, out("read", "i32")), call(CLONE, out("o", "iface"))])
        self.assertEqual(run.last["m"], "done")
        self.assertEqual(run.value(1, "read"), 0)
        self.assertEqual(run[2]["hr"], S_OK)
        self.assertEqual(worker.quit(), {"m": "bye"})
        self.assertEqual(worker.stderr().count(b'"done"'), 3)

    def test_begin_stands_before_every_end(self):
        run = self.run_program([create(), {"op": "repeat", "times": 3, "steps": [
            call(CLONE, out("o", "iface", "d")), release("d")]}])
        order = [(m["m"], m.get("s"), m.get("i")) for m in run.messages]
        rounds = [(m, s, i) for i in (1, 2, 3) for s in (2, 3) for m in "be"]
        self.assertEqual(order, [("b", 0, None), ("e", 0, None), ("b", 1, None), *rounds,
                                 ("e", 1, None), ("b", -1, None), ("e", -1, None),
                                 ("done", None, None)])
        self.assertEqual(run[1]["rounds"], 3)

    def test_a_step_begins_in_the_write_that_ends_the_one_before(self):
        """Short writes come whole, so no read ends between an `e` and the `b` that it brings along.
        The steps take long enough for each write to be read by itself."""
        worker = self.loaded()
        count = len(worker.chunks)
        run = worker.run([create(), call(BEGIN, arg("how", "u32", HELD), out("a", "iface", "a")),
                          *[by_query("a", 30)] * 10])
        self.assertEqual(run.last["m"], "done")
        ends = [json.loads(chunk.splitlines()[-1][17:])["m"] for chunk in worker.chunks[count:]]
        self.assertEqual(set(ends), {"b", "done"})


class Load(Base):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.prefix.folder))

    def refused(self, path, **more):
        answer = self.start().load(path if isinstance(path, str) else windows_path(path), **more)
        self.assertEqual(answer["m"], "load_failed", answer)
        self.assertRegex(answer["code"], "^0x[0-9A-F]{8}$")
        self.assertTrue(answer["text"])
        return answer["reason"]

    def test_facts(self):
        worker = self.start()
        iut = worker.load(windows_path(self.dll))["iut"]
        expected = dict(pe_facts(self.dll), path=windows_path(self.dll),
                        loaded_as=windows_path(self.dll), builtin=False, file_version=None,
                        arch=self.arch, exports=["CalleeCreate", "CalleeLive", "CalleeVoid"])
        self.assertEqual(iut, expected)

    def test_file_version(self):
        reference = HOME / self.arch / "vssref.dll"
        if not reference.exists():
            self.skipTest("no vssref.dll in VSSCTS_HOME")
        answer = self.start().load(windows_path(reference), factory=[])
        self.assertRegex(answer["iut"]["file_version"], r"^\d+\.\d+\.\d+\.\d+$")

    def test_what_is_no_module(self):
        text = self.folder / "text.dll"
        text.write_text("no module\n")
        empty = self.folder / "empty.dll"
        empty.write_bytes(b"")
        cut = self.folder / "cut.dll"
        cut.write_bytes(self.dll.read_bytes()[:300])
        self.assertEqual(self.refused(text), "not_pe")
        self.assertEqual(self.refused(empty), "not_pe")
        self.assertEqual(self.refused(cut), "not_pe")
        self.assertEqual(self.refused(self.folder), "directory")
        self.assertEqual(self.refused(self.folder / "nothing.dll"), "not_found")
        self.assertEqual(self.refused(self.folder / "nowhere" / "nothing.dll"), "not_found")

    def test_headers_that_lie_do_no_harm(self):
        """Every byte of the headers wrong, one after another: an answer, whichever it is."""
        data = bytearray(self.dll.read_bytes())
        start = int.from_bytes(data[0x3C:0x40], "little")
        path = self.folder / "lie.dll"
        worker = self.start()
        worker.receive()
        for at in [0x3C, 0x3D, 0x3F, *range(start, start + 24, 3), start + 0x14, start + 0x15]:
            lie = bytearray(data)
            lie[at] ^= 0xFF
            # Wrong for the loader too, so that nothing of it is ever run.
            lie[start + 4] = 0
            path.write_bytes(lie)
            worker.send({"m": "load", "path": windows_path(path), "arch": self.arch,
                         "factory": [], "environment": {}})
            self.assertEqual(worker.receive()["m"], "load_failed", at)

    def test_another_architecture(self):
        other = "i686" if self.arch == "x86_64" else "x86_64"
        foreign = HOME / other / "hostile" / "callee.dll"
        if foreign.exists():
            self.assertEqual(self.refused(foreign), "wrong_arch")
        self.assertEqual(self.refused(self.dll, arch=other), "wrong_arch")

    def test_no_factory(self):
        self.assertEqual(self.refused(self.dll, factory=["CreateNothing", "CreateLess"]),
                         "no_factory")
        worker = self.start()
        answer = worker.load(windows_path(self.dll), factory=["CreateNothing", "CalleeCreate"])
        self.assertEqual(answer["m"], "loaded")

    def test_after_a_refusal_another_may_be_loaded(self):
        worker = self.start()
        worker.load("Z:\\nothing.dll")
        worker.send({"m": "load", "path": windows_path(self.dll), "factory": []})
        self.assertEqual(worker.receive()["m"], "loaded")
        self.assertEqual(worker.run([create()])[0]["hr"], S_OK)

    def test_dllmain(self):
        self.assertEqual(self.refused(self.dll, environment={"CALLEE_DLLMAIN": "fail"}),
                         "dllmain_failed")

    def test_a_crash_of_dllmain_has_no_step(self):
        worker = self.start()
        crash = worker.load(windows_path(self.dll), environment={"CALLEE_DLLMAIN": "crash"})
        self.assertEqual((crash["m"], crash["code"], crash["target"]),
                         ("crash", ACCESS_VIOLATION, "0x10"))
        self.assertEqual(crash["module"], "callee.dll")
        self.assertNotIn("s", crash)
        self.assertIsNone(worker.receive())

    def test_an_exit_of_dllmain_is_silent(self):
        worker = self.start()
        self.assertIsNone(worker.load(windows_path(self.dll),
                                      environment={"CALLEE_DLLMAIN": "exit"}))

    def test_environment_reaches_both_worlds(self):
        worker = self.loaded(environment={"CALLEE_TEST": "wörd"})
        run = worker.run([create(), call(ENVIRONMENT, arg("name", "wstr", "CALLEE_TEST"),
                                         out("system", "bstr"), out("library", "bstr"))])
        self.assertEqual(run.value(1, "system"), "wörd")
        self.assertEqual(run.value(1, "library"), "wörd")

    def test_a_module_that_is_missing_is_named(self):
        data = self.dll.read_bytes()
        path = self.folder / "needs.dll"
        # Its imports name ole32.dll in whatever case the linker wrote it.
        at = data.lower().index(b"ole32.dll\0")
        path.write_bytes(data[:at] + b"nonesuch.x\0"[:9] + data[at + 9:])
        worker = self.start()
        answer = worker.load(windows_path(path))
        self.assertEqual((answer["m"], answer["reason"], answer["code"]),
                         ("load_failed", "other", "0x0000007E"))
        self.assertIn("nonesuch.", answer["text"])

    def test_what_lies_beside_is_found(self):
        """Also where the file itself is mapped from a copy in another folder."""
        shutil.copy(self.dll, self.folder / "beside.d")
        data = self.dll.read_bytes()
        at = data.lower().index(b"ole32.dll\0")
        for name in ("needs.dll", "vssapi.dll"):
            (self.folder / name).write_bytes(data[:at] + b"beside.d\0" + data[at + 9:])
            answer = self.start().load(windows_path(self.folder / name))
            # It is found, but has not got the functions of the module whose place it takes: Windows
            # refuses that with an error of its own, Wine goes on.
            expected = ("load_failed", "0x0000007F") if os.name == "nt" else ("loaded", None)
            self.assertEqual((answer["m"], answer.get("code")), expected, name)

    @unittest.skipIf(os.name == "nt", "a matter of Wine")
    def test_under_the_name_of_a_builtin_the_file_itself_is_mapped(self):
        path = self.folder / "vssapi.dll"
        shutil.copy(self.dll, path)
        worker = self.start()
        iut = worker.load(windows_path(path))["iut"]
        self.assertEqual(iut["path"], windows_path(path))
        self.assertEqual(iut["sha256"], pe_facts(self.dll)["sha256"])
        self.assertFalse(iut["builtin"])
        run = worker.run([create(), call(ULONG, arg("a", "u32", 77), ret="ulong"),
                          call(CRASH, arg("how", "u32", 0))])
        self.assertEqual(run[1]["n"], 77)
        self.assertEqual(run.crash()["module"], "vssapi.dll")

    @unittest.skipIf(os.name == "nt", "a matter of Wine")
    def test_the_copy_is_deleted(self):
        def copies():
            return sorted(pathlib.Path(self.prefix.env["WINEPREFIX"]).rglob("vsscts-iut-*.dll"))

        path = self.folder / "vssapi.dll"
        shutil.copy(self.dll, path)
        worker = self.start()
        copied = worker.load(windows_path(path))["iut"]["loaded_as"] != windows_path(path)
        self.assertEqual(len(copies()) > 0, copied)
        mine = copies()
        worker.kill()
        again = self.start()
        again.load(windows_path(path))
        self.assertFalse(set(mine) & set(copies()) and copied, "what a dead worker left is there")
        self.assertEqual(again.quit(), {"m": "bye"})
        self.assertEqual(copies(), [])

    @unittest.skipIf(os.name == "nt", "a matter of Wine")
    def test_the_system_s_own(self):
        worker = self.start()
        answer = worker.load("@system", factory=["CreateVssBackupComponentsInternal"])
        self.assertEqual(answer["m"], "loaded", answer)
        self.assertTrue(answer["iut"]["builtin"])
        self.assertTrue(answer["iut"]["path"].lower().endswith("\\vssapi.dll"))
        self.assertIn("VssFreeSnapshotPropertiesInternal", answer["iut"]["exports"])


class Values(Base):
    def test_numbers(self):
        names = [("u32", 4294967295), ("i32", -5), ("u64", 1 << 40), ("i64", -(1 << 40)),
                 ("bool", True), ("enum", 3), ("hresult", 0x80042301)]
        run = self.run_program([create(), call(
            NUMBERS, *[arg("in_" + k, k, v) for k, v in names], *[out(k, k) for k, _ in names])])
        self.assertEqual(run[1]["hr"], S_OK)
        for kind, value in names:
            shown = "0x80042301" if kind == "hresult" else value
            self.assertEqual(run[1]["out"][kind], {"w": True, "v": shown})
        self.assertIs(run.value(1, "bool"), True)

    def test_limits_of_numbers(self):
        run = self.run_program([create(), call(
            NUMBERS, arg("a", "u32", 0), arg("b", "i32", -(1 << 31)),
            arg("c", "u64", "0xFFFFFFFFFFFFFFFF"), arg("d", "i64", -(1 << 63)),
            arg("e", "bool", False), arg("f", "enum", 0x7FFFFFFF), arg("g", "hresult", 0),
            out("u32", "u32"), out("i32", "i32"), out("u64", "u64"), out("i64", "i64"),
            out("bool", "bool"), out("enum", "enum"), out("hresult", "hresult"))])
        shown = {name: value["v"] for name, value in run[1]["out"].items()}
        self.assertEqual(shown, {"u32": 0, "i32": -(1 << 31), "u64": "0xFFFFFFFFFFFFFFFF",
                                 "i64": -(1 << 63), "bool": False, "enum": 0x7FFFFFFF,
                                 "hresult": S_OK})

    def test_guids_by_value_and_reference(self):
        one, two = "00112233-4455-6677-8899-aabbccddeeff", "FFEEDDCC-bbaa-9988-7766-554433221100"
        echo = [out("v", "guid", "kept"), out("r", "guid", "other"), out("m", "i32")]
        run = self.run_program([
            create(),
            call(GUIDS, arg("v", "guid", one), arg("r", "guid_ref", two), arg("m", "i32", 7), *echo),
            call(GUIDS, arg("v", "guid", "$other"), arg("r", "guid_ref", "$kept"),
                 arg("m", "i32", 8), out("v", "guid"), out("r", "guid"), out("m", "i32")),
            call(GUIDS, arg("v", "guid", "GUID_NULL"), arg("r", "guid_ref", one.upper()),
                 arg("m", "i32", 9), out("v", "guid"), out("r", "guid"), out("m", "i32"))])
        shown = [{n: o["v"] for n, o in run[s]["out"].items()} for s in (1, 2, 3)]
        self.assertEqual(shown, [{"v": "{id:1}", "r": "{id:2}", "m": 7},
                                 {"v": "{id:2}", "r": "{id:1}", "m": 8},
                                 {"v": "GUID_NULL", "r": "{id:1}", "m": 9}])

    def test_guid_arrays(self):
        guids = [f"{k:08x}-0000-0000-0000-000000000000" for k in range(1, 200)]
        run = self.run_program([
            create(),
            call(GUIDS, arg("v", "guid", guids[-1]), arg("r", "guid_ref", guids[0]),
                 arg("m", "i32", 0), out("v", "guid"), out("r", "guid"), out("m", "i32")),
            call(GUID_ARRAY, arg("n", "i32", len(guids)), arg("l", "guid_array", guids),
                 out("last", "guid")),
            call(GUID_ARRAY, arg("n", "i32", 0), arg("l", "guid_array", []), out("last", "guid")),
            call(GUID_ARRAY, arg("n", "i32", 1), arg("l", "guid_array", None),
                 out("last", "guid"))])
        self.assertEqual(run.value(2, "last"), "{id:1}")
        self.assertEqual(run[3]["hr"], "0x80070057")
        self.assertEqual(run[4]["hr"], "0x80070057")

    def test_texts(self):
        def texts(text, bstr):
            return call(TEXTS, arg("t", "wstr", text), arg("b", "bstr", bstr), out("ot", "wstr"),
                        out("ob", "bstr"), out("length", "u32"))

        run = self.run_program([create(), texts("héllo \U0001F600", "bstr \U0001F600"),
                                texts("", ""), texts(None, None), texts("x" * 5000, "y" * 5000)])
        for s, text, bstr, length in ((1, "héllo \U0001F600", "bstr \U0001F600", 7), (2, "", "", 0),
                                      (3, None, None, 0), (4, "x" * 5000, "y" * 5000, 5000)):
            self.assertEqual((run.value(s, "ot"), run.value(s, "ob"), run.value(s, "length")),
                             (text, bstr, length))

    def test_texts_in_variables(self):
        def texts(text, bstr, *keep):
            return call(TEXTS, arg("t", "wstr", text), arg("b", "bstr", bstr),
                        out("ot", "wstr", *keep[:1]), out("ob", "bstr", *keep[1:]),
                        out("length", "u32"))

        run = self.run_program([create(), texts("one", "two", "a", "b"), texts("$b", "$a"),
                                texts(None, None, "n", "m"), texts("$n", "x")])
        self.assertEqual((run.value(2, "ot"), run.value(2, "ob")), ("two", "one"))
        self.assertEqual(run[4]["skipped"], "empty variable n")

    def test_many_arguments(self):
        values = [1000 + 7 * k for k in range(17)]
        run = self.run_program([create(), call(MANY, *[arg(f"a{k}", "u32", v)
                                                       for k, v in enumerate(values)],
                                               out("sum", "u32"))])
        self.assertEqual(run.value(1, "sum"), sum(v * (k + 1) for k, v in enumerate(values)))

    def test_results_that_are_no_hresult(self):
        run = self.run_program([
            create(), call(ULONG, arg("a", "u32", 0x80004005), ret="ulong"),
            call(VOID, out("n", "i32"), ret="void"),
            {"op": "export", "names": ["Nothing", "CalleeVoid"], "ret": "void",
             "args": [out("n", "i32")]},
            live()])
        self.assertEqual(run[1]["n"], 0x80004005)
        self.assertNotIn("hr", run[1])
        self.assertEqual((run.value(2, "n"), run.value(3, "n"), run[4]["n"]), (5, 7, 1))
        self.assertFalse({"hr", "n"} & run[2].keys())

    def test_exports(self):
        run = self.run_program([
            {"op": "export", "names": ["Nothing"], "ret": "hresult", "args": []},
            {"op": "export", "names": ["CalleeCreate"], "ret": "hresult",
             "args": [{"n": "pp", "d": "out", "k": "iface", "null": True}]}])
        self.assertEqual(run[0], {"m": "e", "s": 0, "missing": True})
        self.assertEqual((run[1]["hr"], run[1]["out"]), ("0x80070057", {}))

    def test_inout(self):
        def inout(name, kind, value):
            return dict(arg(name, kind, value), d="inout")

        one = "00000001-0000-0000-0000-000000000000"
        run = self.run_program([create(), call(INOUT, inout("n", "u32", 41), inout("g", "guid", one),
                                               inout("same", "i32", 6))])
        self.assertEqual(run[1]["out"], {"n": {"w": True, "v": 42}, "g": {"w": True, "v": "{id:1}"},
                                         "same": {"w": False}})

    def test_zero(self):
        """A buffer that is zero before the call: the callee finds it so, and it is unwritten while it stays so."""
        def zero(name, kind):
            return {"n": name, "d": "out", "k": kind, "zero": True}

        run = self.run_program([create(), call(INOUT, zero("n", "u32"), zero("g", "guid"), zero("same", "i32"))])
        self.assertEqual(run[1]["out"], {"n": {"w": True, "v": 1}, "g": {"w": True, "v": "{id:1}"},
                                         "same": {"w": False}})

    def fields(self):
        wide = self.arch == "x86_64"
        return {"size": 48 if wide else 40, "fields": [
            {"name": "id", "kind": "guid", "offset": 0},
            {"name": "name", "kind": "wstr", "offset": 16},
            {"name": "number", "kind": "i32", "offset": 24 if wide else 20},
            {"name": "big", "kind": "u64", "offset": 32 if wide else 24},
            {"name": "choice", "kind": "enum", "offset": 40 if wide else 32},
            {"name": "half", "kind": "u16", "offset": 44 if wide else 36}]}

    def test_structures(self):
        run = self.run_program([create()] + [
            call(GET_STRUCT, arg("how", "u32", how), out("s", "struct", **self.fields()))
            for how in range(3)])
        whole = {"id": "{id:1}", "name": "name", "number": -1, "big": 1 << 33, "choice": 3,
                 "half": 65535}
        self.assertEqual(run[1]["out"]["s"], {"w": True, "v": whole})
        self.assertEqual(run[2]["out"]["s"], {"w": True, "v": {"number": -1}})
        self.assertEqual(run[3]["out"]["s"], {"w": True, "v": dict(whole, name=None), "bad": True})

    def test_structures_in_variables(self):
        run = self.run_program([
            create(), call(GET_STRUCT, arg("how", "u32", 0), out("s", "struct", "s", **self.fields())),
            call(GET_STRUCT, arg("how", "u32", 0), out("s", "struct", "left", **self.fields())),
            call(TAKE_STRUCT, arg("s", "struct", "$s"), out("n", "i32")),
            call(TAKE_STRUCT, arg("s", "struct", "$none"), out("n", "i32"))])
        self.assertEqual(run.value(3, "n"), -1)
        self.assertEqual(run[4]["skipped"], "empty variable none")

    def test_structures_of_the_callee(self):
        def lend(how, name=None):
            return call(LEND_STRUCT, arg("how", "u32", how), out("s", "struct_ptr", name, **self.fields()))

        run = self.run_program([
            create(), lend(0, "s"), lend(1), lend(2),
            call(TAKE_STRUCT, arg("s", "struct_ptr", "$s"), out("n", "i32")), lend(0)])
        whole = {"id": "{id:1}", "name": "name", "number": -1, "big": 1 << 33, "choice": 3,
                 "half": 65535}
        self.assertEqual(run[1]["out"]["s"], {"w": True, "v": whole})
        self.assertEqual(run[2]["out"]["s"], {"w": True, "v": None})
        self.assertEqual(run[3]["out"]["s"], {"w": True, "bad": True})
        self.assertEqual(run.value(4, "n"), -1)
        self.assertEqual(run[5]["out"]["s"], {"w": True, "v": whole})

    def test_arrays_of_structures(self):
        run = self.run_program([create(), call(
            GET_STRUCTS, arg("count", "u32", 200), out("list", "struct_array", len=200,
                                                       **self.fields()), out("got", "u32"))])
        values = run.value(1, "list")
        self.assertEqual((run[1]["hr"], run.value(1, "got"), len(values)), ("0x00000001", 199, 200))
        self.assertEqual([v["number"] for v in values[:199]], [-k for k in range(1, 200)])
        self.assertIsNone(values[199])

    def test_texts_that_cannot_be_trusted(self):
        def texts(how):
            return call(BAD_TEXTS, arg("how", "u32", how), out("t", "wstr", "t"), out("b", "bstr"))

        bad, null = {"w": True, "bad": True}, {"w": True, "v": None}
        lone = {"w": True, "v": "a\ufffdb\ufffd"}
        pair = {"w": True, "v": "\U0001F600"}
        cut = {"w": True, "v": "x" * 32768, "cut": 100000}
        expected = [(bad, bad), (bad, bad), (null, bad), (null, bad), (lone, lone),
                    (null, {"w": True, "v": "a\ufffdb"}), (cut, cut), (null, bad), (pair, pair)]
        run = self.run_program([create()] + [texts(how) for how in range(len(expected))])
        for how, (text, bstr) in enumerate(expected):
            self.assertEqual(run[how + 1]["hr"], S_OK)
            self.assertEqual(run[how + 1]["out"], {"t": text, "b": bstr}, how)

    def test_values_of_failed_calls_are_shown_not_taken(self):
        def fail(write):
            return call(FAIL, arg("hr", "hresult", 0x80004005), arg("w", "u32", write),
                        out("o", "iface", "o"), out("b", "bstr", "b"))

        run = self.run_program([create(), fail(1), fail(0), release("o")])
        self.assertEqual(run[1]["out"]["b"], {"w": True, "bad": True})
        self.assertRegex(run[1]["out"]["o"]["v"], r"^\{obj:\d\}$")
        self.assertEqual(run[2]["out"], {"o": {"w": True, "v": None}, "b": {"w": True, "v": None}})
        self.assertEqual(run[3]["skipped"], "empty variable o")


class Fences(Base):
    def test_unwritten(self):
        run = self.run_program([create(), call(UNWRITTEN, out("o", "iface", "o"), out("b", "bstr"),
                                               out("n", "i32"))])
        self.assertEqual(run[1]["out"], {name: {"w": False} for name in "obn"})

    def test_before_the_buffer(self):
        run = self.run_program([create(), call(WRITE_BEFORE, out("n", "i32")),
                                *[call(CLONE, out("o", "iface"))] * 100])
        self.assertEqual(run[1]["out"], {"n": {"w": True, "v": 1, "over": True}})
        for s in range(2, 102):
            self.assertNotIn("over", run[s]["out"]["o"])

    def test_behind_the_buffer(self):
        crash = self.run_to_end([create(), call(WRITE_BEHIND, out("n", "i32"))]).crash()
        self.assertEqual((crash["s"], crash["code"], crash["access"]), (1, ACCESS_VIOLATION, "write"))
        self.assertEqual(int(crash["target"], 16) % 4096, 0)

    def test_behind_a_string(self):
        def read(kind, index):
            return call(READ_BEHIND, arg("t", kind, "text"), arg("i", "u32", index), out("c", "u32"))

        run = self.run_program([create(), read("wstr", 4)])
        self.assertEqual(run.value(1, "c"), 0)
        crash = self.run_to_end([create(), read("wstr", 5)]).crash()
        self.assertEqual((crash["s"], crash["access"]), (1, "read"))
        self.assertEqual(int(crash["target"], 16) % 4096, 0)
        crash = self.run_to_end([create(), read("bstr", 6)]).crash()
        self.assertEqual((crash["s"], crash["access"]), (1, "read"))

    def test_a_string_that_was_kept_too_long_is_no_more(self):
        run = self.run_program([create(), call(KEEP_TEXT, arg("t", "wstr", "text")),
                                *[call(ULONG, arg("a", "u32", 1), ret="ulong")] * 5,
                                call(READ_KEPT, out("c", "u32"))])
        self.assertEqual(run.value(7, "c"), 0xA5A5)

    def test_a_late_write_is_not_charged_to_the_next_call(self):
        run = self.run_program([create(), {"op": "repeat", "times": 100, "steps": [
            call(WRITE_LATE, out("n", "i32")),
            call(UNWRITTEN, out("o", "iface"), out("b", "bstr"), out("n", "i32"))]}])
        for end in run.ends:
            if end["s"] == 2:
                self.assertEqual(end["out"], {"n": {"w": True, "v": 1}})
            elif end["s"] == 3:
                self.assertEqual(end["out"], {name: {"w": False} for name in "obn"})


class Objects(Base):
    def test_families(self):
        run = self.run_program([
            create(), query("c", IUNKNOWN, "u"), query("c", SECOND, "s"), query("s", IUNKNOWN, "u2"),
            {"op": "compare", "a": "u", "b": "u2", "is": "equal"},
            {"op": "compare", "a": "u", "b": "s", "is": "different"},
            query("c", "12345678-0000-0000-0000-000000000000", "x"),
            {"op": "compare", "a": "x", "b": "nothing", "is": "equal"},
            {"op": "compare", "a": "x", "b": "u", "is": "different"}])
        self.assertEqual([run.value(s, "ppv") for s in (1, 2, 3)], ["{obj:1}", "{obj:2}", "{obj:1}"])
        self.assertEqual([run[s]["equal"] for s in (4, 5, 7, 8)], [True, False, True, False])
        self.assertEqual(run[6]["hr"], "0x80004002")
        down = [(e["var"], e["n"], e["object"], e.get("of")) for e in run.teardown()]
        self.assertEqual(down, [("u2", 3, "{obj:1}", None), ("s", 2, "{obj:2}", "{obj:1}"),
                                ("u", 1, "{obj:1}", None), ("c", 0, "{obj:1}", None)])
        begins = [m["var"] for m in run.messages if m["m"] == "b" and m["s"] == -1]
        self.assertEqual(begins, ["u2", "s", "u", "c"])

    def test_two_bases(self):
        """IUnknown in the second base; slots 0 to 2 of the first do other things than its methods."""
        run = self.run_program([
            create(), call(TWO_BASES, out("o", "iface", "t", unknown=1)), {"op": "addref", "on": "t"},
            call(0, out("count", "i32"), on="t"), release("t", keep=True),
            query("t", IUNKNOWN, "u"), query("u", IUNKNOWN, "u2"), call(2, out("second", "iface", "s"), on="t"),
            {"op": "compare", "a": "u", "b": "s", "is": "equal"}, call(0, out("count", "i32"), on="t"),
            release("u"), release("u2"), release("s"), call(0, out("count", "i32"), on="t"), release("t"),
            live()])
        self.assertEqual([run[s]["n"] for s in (2, 4, 10, 11, 12, 14, 15)], [2, 1, 3, 2, 1, 0, 1])
        self.assertEqual([run.value(s, "count") for s in (3, 9, 13)], [2, 4, 1])
        self.assertEqual([run[s]["object"] for s in (2, 4, 14)], ["{obj:2}"] * 3)
        self.assertEqual([run.value(s, "ppv") for s in (5, 6)], ["{obj:3}"] * 2)
        self.assertTrue(run[8]["equal"])

    def test_two_bases_are_let_go_everywhere(self):
        """Not kept, set again, at the end, inside a thread: Release goes to the second base each time."""
        run = self.run_program([
            create(), call(TWO_BASES, out("o", "iface", unknown=1)),
            call(TWO_BASES, out("o", "iface", "t", unknown=1)),
            call(1, out("o", "iface", unknown=1), on="t"), call(1, out("o", "iface", "t", unknown=1), on="t"),
            thread("w", call(1, out("o", "iface", "v", unknown=1), on="t"), release("v")), join("w"),
            call(1, out("o", "iface", "v", unknown=1), on="t"), live()])
        self.assertEqual([run[s].get("freed") for s in (1, 3)], [{"o": 0}] * 2)
        self.assertEqual(run[4]["replaced"], {"t": 0})
        self.assertEqual(run[7]["n"], 0)
        self.assertEqual(run[10]["n"], 3)
        self.assertEqual([(e["var"], e["n"]) for e in run.teardown()], [("v", 0), ("t", 0), ("c", 0)])
        self.assertEqual(self.run_program([live()])[0]["n"], 0)

    def test_references(self):
        run = self.run_program([
            create(), {"op": "addref", "on": "c"}, release("c", keep=True),
            {"op": "addref", "on": "c"}, release("c", keep=True), release("c"), release("c"),
            call(ULONG, ret="ulong")])
        self.assertEqual([run[s].get("n") for s in (1, 2, 3, 4, 5)], [2, 1, 2, 1, 0])
        self.assertEqual([run[s]["object"] for s in (1, 2, 3, 4, 5)], ["{obj:1}"] * 5)
        self.assertEqual([run[s]["skipped"] for s in (6, 7)], ["empty variable c"] * 2)
        self.assertEqual(run.teardown(), [])

    def test_what_is_not_kept_is_released(self):
        run = self.run_program([create(), call(CLONE, out("o", "iface")),
                                query("c", SECOND),
                                live()])
        self.assertEqual(run[1]["freed"], {"o": 0})
        self.assertEqual(run[2]["freed"], {"ppv": 1})
        self.assertEqual(run[3]["n"], 1)

    def test_a_variable_set_again_lets_go(self):
        run = self.run_program([create(), {"op": "repeat", "times": 3, "steps": [
            call(CLONE, out("o", "iface", "d"))]},
            live()])
        rounds = [e.get("replaced") for e in run.ends if e["s"] == 2]
        self.assertEqual(rounds, [None, {"d": 0}, {"d": 0}])
        self.assertEqual(run[3]["n"], 2)
        self.assertEqual([e["n"] for e in run.teardown()], [0, 0])

    def test_a_new_object_gets_a_new_number(self):
        run = self.run_program([create(), {"op": "repeat", "times": 20, "steps": [
            call(CLONE, out("o", "iface"))]}])
        shown = [e["out"]["o"]["v"] for e in run.ends if e["s"] == 2]
        self.assertEqual(shown, ["{obj:%d}" % k for k in range(2, 22)])

    def test_nothing_leaks_from_one_program_to_the_next(self):
        for _ in range(3):
            run = self.run_program([create("gone"), create("c"), call(CLONE, out("o", "iface", "d"))])
            self.assertEqual([e["n"] for e in run.teardown()], [0, 0, 0])
        run = self.run_program([release("c"), {"op": "export", "names": ["CalleeLive"],
                                               "ret": "ulong", "args": []}])
        self.assertEqual((run[0]["skipped"], run[1]["n"]), ("empty variable c", 0))


class Identity(Base):
    """The step `identity`: an object is asked for all its interfaces from each of them."""
    IDS = [{"n": "IUnknown", "iid": IUNKNOWN}, {"n": "second", "iid": SECOND},
           {"n": "none", "iid": "12345678-0000-0000-0000-000000000000"}]

    def ask(self, *steps, on="c"):
        run = self.run_program([create(), *steps, {"op": "identity", "on": on, "ids": self.IDS}, release(on), live()])
        self.assertEqual(run[len(steps) + 2]["n"], 0)
        self.assertEqual(run[len(steps) + 3]["n"], 0 if on == "c" else 1)
        return run[len(steps) + 1]["identity"]

    def test_an_object_that_keeps_the_rules(self):
        shown = self.ask()
        self.assertEqual(shown["ids"], ["IUnknown", "second", "none"])
        self.assertEqual([row.get("from") for row in shown["rows"]], [None, None, "IUnknown", "second"])
        self.assertEqual([row.get("same") for row in shown["rows"]], [None, True, True, True])
        for row in shown["rows"]:
            self.assertEqual(row["hr"], [S_OK, S_OK, "0x80004002"])

    def test_iunknown_as_second_base(self):
        shown = self.ask(call(TWO_BASES, out("o", "iface", "t", unknown=1)), on="t")
        self.assertEqual([row.get("same") for row in shown["rows"]], [None, True, True, True])

    def test_an_object_that_breaks_them(self):
        rows = self.ask(call(CROOKED, out("o", "iface", "t")), on="t")["rows"]
        self.assertEqual([row.get("same") for row in rows], [None, True, True, False])
        self.assertEqual(rows[3]["hr"], [S_OK, "0x80004002", "0x80004002"])

    def test_an_empty_variable(self):
        run = self.run_program([create(), {"op": "identity", "on": "d", "ids": self.IDS}])
        self.assertEqual(run[1]["skipped"], "empty variable d")



class Lookup(Base):
    """The step `lookup`: a name is looked up and not called."""

    def look_up(self, *names):
        step = dict(zip(("name", "other"), names), op="lookup")
        run = self.run_program([step, live()])
        self.assertEqual(run[1]["n"], 0)
        return {key: run[0][key] for key in ("missing", "equal", "hr", "n") if key in run[0]}

    def test_one_name(self):
        self.assertEqual(self.look_up("CalleeCreate"), {})
        self.assertEqual(self.look_up("CalleeNothing"), {"missing": True})
        self.assertEqual(self.look_up("calleecreate"), {"missing": True})

    def test_two_names(self):
        self.assertEqual(self.look_up("CalleeCreate", "CalleeCreate"), {"equal": True})
        self.assertEqual(self.look_up("CalleeCreate", "CalleeLive"), {"equal": False})
        self.assertEqual(self.look_up("CalleeCreate", "CalleeNothing"), {"missing": True})
        self.assertEqual(self.look_up("CalleeNothing", "CalleeNothing"), {"missing": True})


class Footprint(Base):
    """A repeat whose `leaks` is true tells what the process holds after a fifth, three fifths, all rounds."""
    LEFT = {"handles": 0, "threads": 1, "blocks": 2}

    def marks(self, what, times=50):
        run = self.loaded().run([create(), {"op": "repeat", "times": times, "leaks": True,
                                            "steps": [call(LEAVE, arg("what", "u32", what))]}], scale=0.1)
        return run[1]["footprint"]

    def test_what_is_left_each_round_is_seen(self):
        for what, number in self.LEFT.items():
            marks = self.marks(number)
            self.assertEqual([mark["round"] for mark in marks], [10, 30, 50])
            for other in self.LEFT:
                grown = marks[2][other] - marks[1][other], marks[1][other] - marks[0][other]
                if other == what:
                    self.assertTrue(all(20 <= number <= 22 for number in grown), (what, marks))
                elif what != "threads":  # a thread has handles and memory of its own
                    self.assertTrue(all(number < 10 for number in grown), (what, marks))

    def test_nothing_left_nothing_seen(self):
        marks = self.marks(3)
        self.assertTrue(all(marks[0][key] > 0 for key in self.LEFT))
        for key in self.LEFT:
            self.assertLess(abs(marks[2][key] - marks[0][key]), 10, marks)

    def test_only_where_it_is_asked_for(self):
        run = self.run_program([create(), {"op": "repeat", "times": 20, "steps": [call(LEAVE, arg("w", "u32", 3))]}])
        self.assertNotIn("footprint", run[1])


class Need(Base):
    def test_an_unmet_need_stops_the_steps_alone(self):
        run = self.run_program(
            [create(need=[S_OK]), call(FAIL, arg("hr", "hresult", 0x80004005), arg("w", "u32", 0),
                                       out("o", "iface"), out("b", "bstr"), need=[S_OK, "0x00000001"]),
             call(ULONG, ret="ulong")],
            final=[call(ULONG, arg("a", "u32", 9), ret="ulong", need=[S_OK])])
        self.assertEqual([e["s"] for e in run.ends], [0, 1, 1000, -1])
        self.assertEqual(run[1000]["n"], 9)
        self.assertTrue(run.last["stopped"])

    def test_a_met_need_goes_on(self):
        run = self.run_program([create(need=[S_OK]), call(
            FAIL, arg("hr", "hresult", 0x80004005), arg("w", "u32", 0), out("o", "iface"),
            out("b", "bstr"), need=["0x80004005"]), call(ULONG, arg("a", "u32", 1), ret="ulong")])
        self.assertEqual(run[2]["n"], 1)
        self.assertFalse(run.last["stopped"])

    def test_what_is_not_made_meets_no_need(self):
        for step in (call(CLONE, out("o", "iface"), on="none", need=[S_OK]),
                     {"op": "export", "names": ["Nothing"], "ret": "hresult", "args": [],
                      "need": [S_OK]}):
            run = self.run_program([step, create()])
            self.assertEqual([e["s"] for e in run.ends], [0])
            self.assertTrue(run.last["stopped"])

    def test_a_need_ends_a_repeat(self):
        run = self.run_program([create(), {"op": "repeat", "times": 5, "steps": [
            {"op": "await", "on": "none", "by": "query", "query_slot": 5, "pending": PENDING,
             "ms": 1, "need": [FINISHED]}]}])
        self.assertEqual(run[1]["rounds"], 1)

    def test_a_need_on_a_thread_stops_the_program(self):
        run = self.run_program([create(), thread("t", call(
            FAIL, arg("hr", "hresult", 0x80004005), arg("w", "u32", 0), out("o", "iface"),
            out("b", "bstr"), need=[S_OK]), call(ULONG, ret="ulong")), join("t"), create("d")])
        self.assertNotIn(3, [e["s"] for e in run.ends])
        self.assertTrue(run.last["stopped"])


class Await(Base):
    def test_by_query(self):
        run = self.run_program([create(), call(BEGIN, arg("how", "u32", POLLS), out("a", "iface", "a")),
                                dict(by_query("a"), need=[FINISHED]), release("a")])
        self.assertEqual((run[2]["hr"], run[2]["query_hr"], run[2]["polls"]), (FINISHED, S_OK, 40))
        self.assertGreater(run[2]["us"], 0)
        self.assertEqual(run[3]["n"], 0)

    def test_a_timeout(self):
        begin = time.monotonic()
        run = self.run_program([create(), call(BEGIN, arg("how", "u32", HELD), out("a", "iface", "a")),
                                dict(by_query("a", 150), need=[FINISHED]), create("d")])
        self.assertGreater(time.monotonic() - begin, 0.14)
        self.assertEqual((run[2]["hr"], run[2]["timeout"]), (PENDING, True))
        self.assertEqual(run[2]["ms"], 150)
        self.assertTrue(run.last["stopped"])

    def test_the_time_scale(self):
        begin = time.monotonic()
        run = self.run_program([create(), call(BEGIN, arg("how", "u32", HELD), out("a", "iface", "a")),
                                by_query("a", 50), thread("t", call(BLOCK)), join("t", 20), call(FINISH),
                                join("t")], scale=3)
        self.assertGreater(time.monotonic() - begin, 0.2)
        self.assertEqual((run[2]["timeout"], run[2]["ms"]), (True, 150))

    def test_by_wait(self):
        run = self.run_program([create(), call(BEGIN, arg("how", "u32", HELD), out("a", "iface", "a")),
                                thread("t", call(FINISH)), by_wait("a"), join("t")])
        end = run[4]
        self.assertEqual((end["hr"], end["wait_hr"], end["query_hr"], end["polls"]),
                         (FINISHED, S_OK, S_OK, 1))

    def test_other_ends(self):
        run = self.run_program([
            create(), call(BEGIN, arg("how", "u32", FAILS), out("a", "iface", "a")), by_query("a"),
            call(BEGIN, arg("how", "u32", REFUSES), out("a", "iface", "b")),
            dict(by_query("b"), need=["0x8000FFFF"])])
        self.assertEqual((run[2]["hr"], run[2]["polls"]), ("0x80004004", 1))
        self.assertEqual(run[4]["query_hr"], "0x8000FFFF")
        self.assertNotIn("hr", run[4])
        self.assertTrue(run.last["stopped"])

    def test_what_is_pending_at_the_end_is_settled(self):
        def left(how, ms):
            settle = {"query_slot": 5, "pending": PENDING, "ms": ms}
            run = self.run_program([create(), call(BEGIN, arg("how", "u32", how),
                                                   out("a", "iface", "a", settle=settle))])
            return [(e["var"], e["n"], e.get("pending")) for e in run.teardown()]

        self.assertEqual(left(POLLS, 5000), [("a", 0, None), ("c", 0, None)])
        self.assertEqual(left(POLLS, 0)[0][0:3:2], ("a", True))
        begin = time.monotonic()
        self.assertEqual(left(HELD, 150)[0][0:3:2], ("a", True))
        self.assertGreater(time.monotonic() - begin, 0.14)

    def test_messages_are_pumped_in_an_sta(self):
        steps = [create(), call(BEGIN, arg("how", "u32", PUMPED), out("a", "iface", "a")),
                 by_query("a", 5000)]
        self.assertEqual(self.run_program(steps, apartment="sta")[2]["hr"], FINISHED)
        run = self.run_program([create(), call(BEGIN, arg("how", "u32", PUMPED), out("a", "iface", "a")),
                                by_query("a", 50)])
        self.assertTrue(run[2]["timeout"])


class Threads(Base):
    def test_apartments(self):
        def kind(name):
            return call(APARTMENT, out("type", "i32"), out("hr", "hresult"))

        sta, mta, main_sta = 0, 1, 3
        run = self.run_program([create(), kind("main"), thread("a", kind("a"), apartment="sta"),
                                join("a"), thread("b", kind("b")), join("b")])
        self.assertEqual(run.value(1, "type"), mta)
        self.assertIn(run.value(3, "type"), (sta, main_sta))
        self.assertEqual(run.value(6, "type"), mta)
        run = self.run_program([create(), kind("main")], apartment="sta")
        self.assertIn(run.value(1, "type"), (sta, main_sta))
        run = self.run_program([create(), kind("main")], apartment="none")
        self.assertEqual(run.value(1, "hr"), "0x800401F0")  # CO_E_NOTINITIALIZED
        self.assertEqual(self.run_program([create(), kind("main")]).value(1, "type"), mta)

    def test_steps_run_beside_one_another(self):
        run = self.run_program([create(), call(BEGIN, arg("how", "u32", HELD), out("a", "iface", "a")),
                                thread("t", call(BLOCK)), join("t", 50), call(FINISH), join("t"),
                                join("t"), join("u")])
        self.assertTrue(run[2]["ok"])
        self.assertEqual(run[4].get("timeout"), True)
        self.assertEqual(run[3]["hr"], S_OK)
        self.assertTrue(run[6]["ok"])
        self.assertEqual((run[7]["skipped"], run[8]["skipped"]), ("no thread t", "no thread u"))

    def test_many_threads(self):
        names = [f"t{k}" for k in range(8)]
        work = {"op": "repeat", "times": 50, "steps": [
            call(TEXTS, arg("t", "wstr", "text"), arg("b", "bstr", "more"), out("ot", "wstr"),
                 out("ob", "bstr"), out("n", "u32")), call(CLONE, out("o", "iface"))]}
        run = self.run_program([create(), *[thread(name, work) for name in names],
                                *[join(name, 20000) for name in names]])
        self.assertEqual(sum("freed" in e for e in run.ends), 400)
        for end in run.ends:
            self.assertNotIn("over", json.dumps(end))
            if "freed" in end:
                self.assertEqual(end["freed"], {"o": 0})

    def test_a_thread_that_is_not_joined_is_given_a_grace(self):
        run = self.run_program([create(), thread("t", call(CLONE, out("o", "iface")))])
        self.assertEqual(run[2]["hr"], S_OK)
        self.assertNotIn("threads_left", run.last)
        self.assertEqual(run.teardown()[0]["n"], 0)

    def test_a_thread_that_stays_is_reported(self):
        worker = self.loaded()
        run = worker.run([create(), call(BEGIN, arg("how", "u32", HELD), out("a", "iface", "a")),
                          thread("t", call(BLOCK)), join("t", 10)])
        self.assertEqual(run.last, {"m": "done", "seq": 1, "stopped": False, "threads_left": 1})
        self.assertEqual(run.teardown(), [])
        worker.process.wait(20)
        self.assertIsNone(worker.receive())


class Crashes(Base):
    def crash(self, how, where=None):
        return self.run_to_end([create(), where or call(CRASH, arg("how", "u32", how))]).crash()

    def test_what_the_filter_says(self):
        for how, code, access, target in (
                (0, ACCESS_VIOLATION, "write", "0x8"), (1, ACCESS_VIOLATION, "read", "0xC"),
                (4, "0x80000003", None, None), (5, "0xE0001234", None, None),
                (6, "0xC000001D", None, None), (11, "0x80000100", None, None),
                (12, "0xC0000094", None, None)):
            crash = self.crash(how)
            self.assertIsNotNone(crash, how)
            self.assertEqual((crash["s"], crash["code"], crash.get("access"), crash.get("target"),
                              crash["thread"]), (1, code, access, target, "case"), how)
            self.assertRegex(crash["address"], "^0x[0-9A-F]+$")
            if access:
                self.assertEqual(crash["module"], "callee.dll")
                self.assertRegex(crash["offset"], "^0x[0-9A-F]+$")

    def test_a_call_of_nothing(self):
        crash = self.crash(2)
        self.assertEqual((crash["s"], crash["address"], crash["module"]), (1, "0x0", None))

    def test_a_stack_overflow(self):
        for apartment in ("mta", "sta"):
            run = self.run_to_end([create(), call(CRASH, arg("how", "u32", 3))], apartment)
            self.assertEqual((run.crash()["s"], run.crash()["code"]), (1, "0xC00000FD"))
        run = self.run_to_end([create(), thread("t", call(CRASH, arg("how", "u32", 3))), join("t")])
        self.assertEqual((run.crash()["s"], run.crash()["code"]), (2, "0xC00000FD"))

    def test_on_a_thread_of_the_program(self):
        run = self.run_to_end([create(), thread("t", call(CRASH, arg("how", "u32", 0))),
                               join("t"), create("d")])
        self.assertEqual((run.crash()["s"], run.crash()["thread"]), (2, "case"))

    def test_on_a_thread_of_the_implementation(self):
        crash = self.crash(7)
        self.assertEqual((crash["s"], crash["thread"], crash["target"]), (1, "other", "0x18"))

    def test_between_programs_there_is_no_step(self):
        worker = self.loaded()
        run = worker.run([create(), call(CRASH, arg("how", "u32", 14))])
        self.assertEqual(run.last["m"], "done")
        crash = worker.receive()
        self.assertEqual((crash["m"], crash["thread"], crash["module"]),
                         ("crash", "other", "callee.dll"))
        self.assertNotIn("s", crash)

    def test_ends_without_a_word(self):
        for how in (8, 9, 10):
            run = self.run_to_end([create(), call(CRASH, arg("how", "u32", how))])
            self.assertEqual(run.last, {"m": "b", "s": 1}, how)

    def test_in_a_repeat_the_round_is_named(self):
        run = self.run_to_end([create(), {"op": "repeat", "times": 3, "steps": [
            call(CRASH, arg("how", "u32", 0))]}])
        self.assertEqual((run.crash()["s"], run.crash()["i"]), (2, 1))

    def test_a_filter_of_the_implementation_s_is_put_back(self):
        run = self.run_to_end([create(), call(REPLACE_FILTER), call(CRASH, arg("how", "u32", 0))])
        self.assertEqual(run.crash()["s"], 2)

    def test_objects_that_are_none(self):
        for how in (1, 2):
            crash = self.crash(None, call(BAD_OBJECT, arg("how", "u32", how), out("o", "iface")))
            self.assertEqual((crash["s"], crash["code"], crash["access"]),
                             (1, ACCESS_VIOLATION, "read"), how)
        crash = self.crash(None, call(BAD_OBJECT, arg("how", "u32", 3), out("o", "iface")))
        self.assertEqual((crash["s"], crash["address"]), (1, "0x0"))
        run = self.run_program([create(), call(BAD_OBJECT, arg("how", "u32", 0), out("o", "iface", "o")),
                                release("o")])
        self.assertEqual((run.value(1, "o"), run[2]["skipped"]), (None, "empty variable o"))

    def test_in_the_teardown_the_variable_is_named(self):
        run = self.run_to_end([create(), call(BAD_OBJECT, arg("how", "u32", 3), out("o", "iface", "o"))])
        self.assertEqual((run.crash()["s"], run.crash()["var"]), (-1, "o"))

    def test_a_spoiled_heap_is_not_the_worker_s(self):
        worker = self.loaded()
        run = worker.run([create(), call(SPOIL_HEAP), call(ULONG, arg("a", "u32", 3), ret="ulong"),
                          {"op": "repeat", "times": 200, "steps": [
                              call(WRITE_LATE, out("n", "i32"))]}])
        self.assertEqual((run[1]["hr"], run[2]["n"], run[3]["rounds"]), (S_OK, 3, 200))

    def test_a_hang_is_the_engine_s_to_end(self):
        worker = self.loaded()
        worker.send({"m": "run", "seq": 1, "program": {"id": "h", "apartment": "mta", "steps": [
            dict(create(), s=0), dict(call(CRASH, arg("how", "u32", 13)), s=1)]}})
        while worker.receive() != {"m": "b", "s": 1}:
            pass
        with self.assertRaises(Exception):
            worker.receive(0.3)
        self.assertIsNone(worker.process.poll())

    def test_the_stack_is_put_right(self):
        more, less = (4, -4) if self.arch == "i686" else (None, None)
        run = self.run_program([create()] + [call(POP_MORE, arg("a", "u32", 1)),
                                             call(POP_LESS, arg("a", "u32", 1)),
                                             call(CLONE, out("o", "iface"))] * 50)
        for s in range(1, 151, 3):
            self.assertEqual((run[s].get("stack"), run[s + 1].get("stack"), run[s + 2].get("stack")),
                             (more, less, None))


class Memory(worker_memory.Memory, Base):
    pass


prefixes = {}


def tearDownModule():
    for prefix in prefixes.values():
        if prefix:
            prefix.close()
    prefixes.clear()


def load_tests(loader, _tests, _pattern):
    """Every test once for each architecture."""
    suite = unittest.TestSuite()
    for arch in ("x86_64", "i686"):
        for base in (Channel, Load, Values, Fences, Objects, Identity, Lookup, Footprint, Need, Await, Threads,
                     Crashes, Memory):
            case = type(f"{base.__name__}_{arch}", (base,), {"arch": arch, "__module__": __name__})
            suite.addTests(loader.loadTestsFromTestCase(case))
    return suite


if __name__ == "__main__":
    unittest.main()
