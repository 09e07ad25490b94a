// A headless Chromium, driven through its debugging pipe: messages are JSON, each ended by a NUL.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/// How long a single command may take.
const PATIENCE = 60_000;

export class Browser {
  constructor(path) {
    this.profile = mkdtempSync(join(tmpdir(), "report-"));
    const flags = ["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", `--user-data-dir=${this.profile}`, "about:blank"];
    this.process = spawn(path, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.waiting = new Map();
    this.listeners = new Map();
    this.next = 1;
    let rest = "";
    this.process.stdio[4].setEncoding("utf8").on("data", (chunk) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop();
      messages.forEach((message) => this.receive(JSON.parse(message)));
    });
    this.process.on("exit", () => this.waiting.forEach(({ reject }) => reject(new Error("Chromium ended"))));
  }

  receive({ id, method, params, result, error }) {
    if (id === undefined) return (this.listeners.get(method) ?? []).forEach((listen) => listen(params));
    const { resolve, reject, timer } = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(timer);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  /// Calls `listen` on every event of that name.
  on(method, listen) {
    this.listeners.set(method, [...(this.listeners.get(method) ?? []), listen]);
  }

  /// Resolves with the next event of that name.
  once(method) {
    return new Promise((resolve) => this.on(method, resolve));
  }

  send(method, params = {}) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} took too long`)), PATIENCE);
      this.waiting.set(id, { resolve, reject, timer });
      this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId: this.session })}\0`);
    });
  }

  /// Attaches to the one page there is.
  async attach() {
    const { targetInfos } = await this.send("Target.getTargets");
    const { targetId } = targetInfos.find((target) => target.type === "page");
    this.session = (await this.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
    for (const domain of ["Page", "Runtime", "Network", "Log", "DOM", "CSS"]) await this.send(`${domain}.enable`);
  }

  async open(url) {
    const loaded = this.once("Page.loadEventFired");
    await this.send("Page.navigate", { url });
    await loaded;
    await this.evaluate("document.fonts.ready.then(() => true)");
  }

  /// The value of an expression in the page.
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /// Calls a function in the page with arguments that JSON can carry.
  call(f, ...values) {
    return this.evaluate(`(${f})(...${JSON.stringify(values)})`);
  }

  async move(x, y) {
    await this.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y });
  }

  async close() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.session = undefined;
    await this.send("Browser.close").catch(() => this.process.kill());
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
