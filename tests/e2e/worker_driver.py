"""Drives vsscts-worker.exe over pipes by docs/protocol.md, without the engine."""

import hashlib
import json
import os
import pathlib
import queue
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time

TOKEN = "0123456789abcdef"
PENDING = "0x00042309"
FINISHED = "0x0004230A"
S_OK = "0x00000000"

HOME = pathlib.Path(os.environ.get("VSSCTS_HOME", "/nonexistent"))


def loader(arch):
    """The command that runs a program of that architecture: None where there is none."""
    if os.name == "nt":
        return []
    if arch == "i686":
        named = os.environ.get("VSSCTS_WINE_I686")
        if named:
            return named.split()
        return ["/usr/lib/wine/wine"] if os.path.exists("/usr/lib/wine/wine") else None
    named = os.environ.get("VSSCTS_WINE", "wine")
    return named.split() if shutil.which(named.split()[0]) else None


def why_not(arch):
    """Why the worker of that architecture cannot be tested here, or None."""
    if not (HOME / arch / "vsscts-worker.exe").exists():
        return f"no {arch}/vsscts-worker.exe in VSSCTS_HOME"
    if not (HOME / arch / "hostile" / "callee.dll").exists():
        return f"no {arch}/hostile/callee.dll in VSSCTS_HOME"
    if loader(arch) is None:
        return f"nothing here runs {arch} programs (Wine of that architecture, or VSSCTS_WINE_I686)"
    return None


def windows_path(path):
    """The path under which a Windows program sees a file."""
    path = str(path)
    return path if os.name == "nt" else "Z:" + path.replace("/", "\\")


class Prefix:
    """A Wine prefix in which programs can be started: its services are up, with no pipe of ours."""

    def __init__(self, arch):
        self.folder = tempfile.mkdtemp(prefix="vsscts-worker-test-")
        self.holder = None
        self.env = dict(os.environ)
        if os.name != "nt":
            self.env.update(WINEDEBUG="-all", WINEPREFIX=os.path.join(self.folder, "wine"))
        self.log = open(os.path.join(self.folder, "stderr"), "ab")
        # Wine's services inherit what the first program of a prefix was given, and keep it.
        answer = os.path.join(self.folder, "holder")
        with open(answer, "wb") as out:
            self.holder = subprocess.Popen(
                loader(arch) + [str(HOME / arch / "vsscts-worker.exe"), TOKEN],
                stdin=subprocess.PIPE, stdout=out, stderr=self.log, env=self.env)
        end = time.monotonic() + 120
        while b"hello" not in pathlib.Path(answer).read_bytes():
            if time.monotonic() > end or self.holder.poll() is not None:
                raise RuntimeError("the worker does not start at all")
            time.sleep(0.05)

    def close(self):
        self.holder.stdin.close()
        self.holder.wait(20)
        self.log.close()
        if os.name != "nt":
            subprocess.run(["wineserver", "-k"], env=self.env, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=20,
                           check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Worker:
    """A running worker. Messages come as dicts; None means that the process has ended."""

    def __init__(self, prefix, arch, arguments=(TOKEN,), program=None):
        self.arch, self.prefix, self.arguments = arch, prefix, arguments
        self.program = program or HOME / arch / "vsscts-worker.exe"
        self.spawn()

    def spawn(self):
        self.stderr_path = os.path.join(tempfile.mkdtemp(dir=self.prefix.folder), "stderr")
        with open(self.stderr_path, "wb") as err:
            self.process = subprocess.Popen(
                loader(self.arch) + [str(self.program), *self.arguments],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, env=self.prefix.env)
        self.lines = queue.Queue()
        self.chunks = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        rest = b""
        with self.process.stdout as pipe:
            while chunk := os.read(pipe.fileno(), 1 << 16):
                self.chunks.append(chunk)
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self.lines.put(line)
        if rest:
            self.lines.put(rest)
        self.lines.put(None)

    def send_line(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        self.send_line(json.dumps(message).encode() + b"\n")

    def receive(self, seconds=20):
        """The next message; None after the last one. Fails where a line has no token."""
        line = self.lines.get(timeout=seconds)
        if line is None:
            self.lines.put(None)
            return None
        if not line.startswith(TOKEN.encode() + b" "):
            raise AssertionError(f"garbage on the channel: {line!r}")
        return json.loads(line[len(TOKEN) + 1:])

    def load(self, dll, factory=("CalleeCreate",), environment=None, arch=None):
        """Loads and returns the answer, after hello."""
        self.hello = self.receive()
        if self.hello is None:
            # Seen once in some thousand starts under Wine, cause unknown. The engine starts such a worker once more, too.
            print(f"no hello: exit code {self.process.wait(20)}, standard error",
                  repr(pathlib.Path(self.stderr_path).read_text(errors="replace")), file=sys.stderr)
            self.spawn()
            self.hello = self.receive()
        self.send({"m": "load", "path": dll, "arch": arch or self.arch, "factory": list(factory),
                   "environment": environment or {}})
        return self.receive()

    def run(self, steps, final=(), apartment="mta", seq=1, exhaust=None, **more):
        """Runs a program, again and again where `exhaust` says so; returns a Run."""
        program = {"id": "test", "apartment": apartment, "steps": numbered(steps),
                   "finally": numbered(final, 1000)}
        if exhaust is not None:
            program["exhaust"] = exhaust
        self.send({"m": "run", "seq": seq, "program": program, **more})
        messages = []
        while True:
            message = self.receive()
            if message is None:
                break
            messages.append(message)
            if message["m"] in ("done", "error"):
                break
        return Run(messages)

    def stderr(self):
        return pathlib.Path(self.stderr_path).read_bytes()

    def quit(self):
        self.send({"m": "quit"})
        answer = self.receive()
        self.process.wait(20)
        self.process.stdin.close()
        return answer

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)
        if not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass


class Run:
    """What came back from a program."""

    def __init__(self, messages):
        self.messages = messages
        self.ends = [m for m in messages if m["m"] == "e"]
        self.last = messages[-1] if messages else None

    def __getitem__(self, s):
        """The only `e` of step s."""
        found = [e for e in self.ends if e["s"] == s]
        if len(found) != 1:
            raise AssertionError(f"step {s} ended {len(found)} times: {self.messages}")
        return found[0]

    def value(self, s, name):
        return self[s]["out"][name]["v"]

    def teardown(self):
        return [e for e in self.ends if e["s"] == -1]

    def crash(self):
        found = [m for m in self.messages if m["m"] == "crash"]
        return found[0] if len(found) == 1 and self.messages[-1] is found[0] else None


def numbered(steps, first=0):
    """Copies of the steps with their numbers, depth first."""
    counter = [first]

    def number(step):
        step = dict(step, s=counter[0])
        counter[0] += 1
        if "steps" in step:
            step["steps"] = [number(inner) for inner in step["steps"]]
        return step

    return [number(step) for step in steps]


def arg(name, kind, value):
    """An in argument: a value, or "$variable"."""
    if isinstance(value, str) and value.startswith("$"):
        return {"n": name, "d": "in", "k": kind, "var": value[1:]}
    return {"n": name, "d": "in", "k": kind, "v": value}


def out(name, kind, keep=None, **more):
    result = dict({"n": name, "d": "out", "k": kind}, **more)
    if keep:
        result["as"] = keep
    return result


def create(variable="c", **more):
    return dict({"op": "export", "names": ["CalleeCreate"], "ret": "hresult",
                 "args": [out("pp", "iface", variable)]}, **more)


def call(slot, *args, on="c", ret="hresult", **more):
    return dict({"op": "call", "on": on, "slot": slot, "ret": ret, "args": list(args)}, **more)


def query(on, iid, keep=None):
    return call(0, arg("riid", "guid_ref", iid), out("ppv", "iface", keep), on=on, qi=True)


def release(on, **more):
    return dict({"op": "release", "on": on}, **more)


def pe_facts(path):
    """What the worker must say of a file, found by other means."""
    data = pathlib.Path(path).read_bytes()
    at = struct.unpack_from("<I", data, 0x3C)[0]
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data),
            "timestamp": "0x%08X" % struct.unpack_from("<I", data, at + 8)[0]}
