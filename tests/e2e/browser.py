"""A small client of WebDriver: what the tests of pages need of a browser, over HTTP, and no more.

VSSCTS_CHROMIUM and VSSCTS_CHROMEDRIVER name the programs where they are not found by name.
"""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request


def found(variable, *names):
    """The program of this name, or None."""
    return os.environ.get(variable) or next((path for name in names if (path := shutil.which(name))), None)


class Browser:
    """Chromium without a window. Ends with close()."""

    def __init__(self):
        driver = found("VSSCTS_CHROMEDRIVER", "chromedriver")
        chromium = found("VSSCTS_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
        if driver is None or chromium is None:
            raise FileNotFoundError("no chromium with its chromedriver")
        self.folder = tempfile.TemporaryDirectory(prefix="vsscts-browser-")
        self.session = None
        # the driver says which port it took; from its log nobody needs to guess or wait
        self.driver = subprocess.Popen([driver, "--port=0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        try:
            self.address = f"http://127.0.0.1:{self._port()}"
            # no sandbox: containers of CI have none to give, and the pages are our own
            args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                    f"--user-data-dir={pathlib.Path(self.folder.name) / 'profile'}"]
            made = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {
                "goog:loggingPrefs": {"browser": "ALL"},
                "goog:chromeOptions": {"binary": chromium, "args": args}}}})
            self.session = f"/session/{made['sessionId']}"
        except BaseException:
            self.close()
            raise

    def _port(self):
        for line in self.driver.stdout:
            if "started successfully on port" in line:
                return int(line.rstrip().rstrip(".").rsplit(" ", 1)[1])
        raise RuntimeError("chromedriver did not start")

    def _ask(self, method, path, body=None):
        request = urllib.request.Request(self.address + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"].splitlines()[0]) from None

    def close(self):
        try:
            if self.session is not None:
                self._ask("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(timeout=30)
            self.driver.stdout.close()
            self.folder.cleanup()

    def open(self, path, fragment=""):
        """Loads a file anew; what its program does at once has been done then."""
        self._ask("POST", self.session + "/url", {"url": "about:blank"})
        self._ask("POST", self.session + "/url", {"url": pathlib.Path(path).resolve().as_uri() + fragment})

    def js(self, script, *args):
        """Runs the body of a function; the value that it returns. A promise is waited for."""
        return self._ask("POST", self.session + "/execute/sync", {"script": script, "args": list(args)})

    def settle(self):
        """Waits until the events that are under way were handled and the page was drawn."""
        self.js("return new Promise((done) => setTimeout(() => requestAnimationFrame(() => "
                "requestAnimationFrame(() => done(true))), 0));")

    def keys(self, text):
        """Types, as a person would, into what has the focus. A list may have names of keys: ["/", "Escape"]."""
        for key in text:
            value = {"Escape": "\ue00c", "Enter": "\ue007"}.get(key, key)
            self._ask("POST", self.session + "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
                {"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]}]})
        self.settle()

    def look(self, width, height, dark=False, phone=False):
        """The size of the window, and how the system likes its colours."""
        self._cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        self._cdp("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def _cdp(self, command, **params):
        return self._ask("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": params})

    def screenshot(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self._ask("GET", self.session + "/screenshot")))

    def complaints(self):
        """What the browser's console had to say since it was last asked: errors of scripts, what a policy forbade."""
        return [entry["message"] for entry in self._ask("POST", self.session + "/se/log", {"type": "browser"})]
