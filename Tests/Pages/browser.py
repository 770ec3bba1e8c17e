"""A headless Chromium, driven through the DevTools protocol over two pipes: no package and no network is needed.

    with Browser() as browser:
        with browser.page() as page:
            page.open("/tmp/report.html")
            page.value("document.title")

Protocol: https://chromedevtools.github.io/devtools-protocol/. Messages are JSON texts that end with a NUL byte.
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Seconds for one answer. A page of ten thousand rows takes some seconds on a busy machine.
PATIENCE = 120


class Failure(Exception):
    """The browser did not do what it was asked for."""


def program():
    """The path of a Chromium; None where there is none."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


class Browser:
    """A running browser with a profile of its own, both gone at the end."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="unmask-pages-")
        to_browser, from_us = os.pipe()
        from_browser, to_us = os.pipe()
        arguments = [
            program(), "--headless", "--remote-debugging-pipe", "--user-data-dir=" + self.profile, "--disable-gpu", "--no-first-run",
            "--disable-extensions", "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars",
            "--allow-file-access-from-files"]
        # In a container the user is root, for whom Chromium's sandbox does not start.
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        # The browser reads file 3 and writes file 4; a shell puts the pipes there.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f'exec "$@" 3<&{to_browser} 4>&{to_us}', "sh", *arguments], pass_fds=(to_browser, to_us),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(to_us)
        self.out, self.into = from_us, from_browser
        self.number, self.buffer, self.events = 0, bytearray(), []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
            self.process.wait(10)
        except (Failure, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.into)
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, session=None, **parameters):
        """The result of a method. Events that come before it are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            answer = self.receive(end)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Failure(f"{method}: {answer['error'].get('message')}")
                return answer["result"]
            self.events.append(answer)

    def receive(self, end):
        # A message may have a hundred megabytes, so what was searched is not searched again.
        searched = 0
        while (mark := self.buffer.find(0, searched)) < 0:
            searched = len(self.buffer)
            if not select.select([self.into], [], [], max(end - time.monotonic(), 0))[0]:
                raise Failure("Chromium gives no answer")
            data = os.read(self.into, 1 << 20)
            if not data:
                raise Failure("Chromium ended")
            self.buffer += data
        text = bytes(self.buffer[:mark])
        del self.buffer[:mark + 1]
        return json.loads(text)

    def page(self):
        return Page(self)


class Page:
    """A tab."""

    def __init__(self, browser):
        self.browser = browser
        self.target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "Accessibility"):
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.browser.call("Target.closeTarget", targetId=self.target)

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def set(self, dark=False, width=1280, height=900, scripts=True):
        """How the next page is shown."""
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)

    def open(self, path):
        """Loads a file; returns the seconds until it was loaded and drawn."""
        self.browser.events.clear()
        start = time.monotonic()
        self.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        end = start + PATIENCE
        while not any(event.get("method") == "Page.loadEventFired" for event in self.browser.events):
            self.browser.events.append(self.browser.receive(end))
        # Taking a picture waits for the layout.
        self.call("Page.captureScreenshot", clip={"x": 0, "y": 0, "width": 10, "height": 10, "scale": 1})
        return time.monotonic() - start

    def value(self, expression):
        """The value of an expression in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise Failure(f"{expression}: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def markup(self, selector):
        """The markup of all elements that a selector finds; works without scripts too."""
        root = self.call("DOM.getDocument", depth=0)["root"]["nodeId"]
        nodes = self.call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
        return [self.call("DOM.getOuterHTML", nodeId=node)["outerHTML"] for node in nodes]

    def complaints(self):
        """Requests for anything but the page itself, errors of its script, and what its policy refused."""
        found = []
        for event in self.browser.events:
            kind, parameters = event.get("method"), event.get("params", {})
            if kind == "Network.requestWillBeSent" and parameters["type"] != "Document" and not parameters["request"]["url"].startswith("data:"):
                found.append("it requests " + parameters["request"]["url"][:200])
            elif kind == "Runtime.exceptionThrown":
                found.append("its script fails: " + parameters["exceptionDetails"].get("text", ""))
            elif kind == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                found.append("the browser says: " + parameters["entry"]["text"])
        return found

    def picture(self, path, height=None):
        """Writes the page, or the first `height` pixels of it, as a PNG file."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], height or 16000), "scale": 1}
        data = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def pdf(self):
        """The page on A4, as bytes."""
        answer = self.call(
            "Page.printToPDF", paperWidth=210 / 25.4, paperHeight=297 / 25.4, printBackground=True, preferCSSPageSize=True,
            transferMode="ReturnAsBase64")
        return base64.b64decode(answer["data"])

    def tree(self):
        """The nodes that a screen reader gets, in order: role, name, level, and the node's own number and its parent's."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        found = []
        for node in nodes:
            if node.get("ignored"):
                continue
            properties = {entry["name"]: entry["value"].get("value") for entry in node.get("properties", [])}
            found.append({
                "id": node["nodeId"], "parent": node.get("parentId"), "role": node.get("role", {}).get("value"),
                "name": node.get("name", {}).get("value", ""), "level": properties.get("level"),
            })
        return found
