/** A headless Chromium, by its debugging protocol: pages as people see them, in a test. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { removeFolder } from "../scripts/remove.cjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** The path of a browser on this machine; undefined where there is none. */
export function findBrowser(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find((file) => existsSync(file));
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

export class Browser {
  readonly #process: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), "browser-"));
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #pages = new Map<string, (message: Message) => void>();
  #last = 0;

  constructor(file: string) {
    const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"];
    const here = ["--remote-debugging-pipe", `--user-data-dir=${this.#folder}`, "about:blank"];
    this.#process = spawn(file, [...args, ...here], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      // A group of its own, so that all its processes end at once.
      detached: true,
    });
    let text = "";
    const output = this.#process.stdio[4] as Readable;
    output.setEncoding("utf8").on("data", (chunk: string) => {
      const messages = `${text}${chunk}`.split("\0");
      text = messages.pop() ?? "";
      for (const message of messages) this.#receive(JSON.parse(message) as Message);
    });
  }

  #receive(message: Message): void {
    if (message.id === undefined) this.#pages.get(message.sessionId ?? "")?.(message);
    else this.#waiting.get(message.id)?.(message);
  }

  async send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    this.#last += 1;
    const id = this.#last;
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    (this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answer;
    this.#waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  /** A new page of that size, light unless told; less than 600 pixels are a phone's. */
  async open(
    url: string,
    { scheme = "light", ...size }: { width: number; height: number; scheme?: "light" | "dark" },
  ): Promise<Page> {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, String(sessionId));
    this.#pages.set(String(sessionId), (message) => page.receive(message.method, message.params));
    const screen = { ...size, deviceScaleFactor: 1, mobile: size.width < 600 };
    for (const domain of ["Page", "Runtime", "Log", "Network", "Accessibility"])
      await page.send(`${domain}.enable`);
    await page.send("Emulation.setDeviceMetricsOverride", screen);
    await page.send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: scheme }],
    });
    await page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    process.kill(-Number(this.#process.pid), "SIGKILL");
    await ended;
    removeFolder(this.#folder);
  }
}

export class Page {
  /** Addresses that it asked for. */
  readonly requests: string[] = [];
  /** Errors of its scripts. */
  readonly errors: string[] = [];
  /** What it printed, what the browser says about it, and its dialogs. */
  readonly messages: string[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly session: string,
  ) {}

  receive(method = "", params: Record<string, unknown> = {}): void {
    if (method === "Network.requestWillBeSent")
      this.requests.push((params["request"] as { url: string }).url);
    if (/^(?:Runtime\.consoleAPICalled|Log\.entryAdded|Page\.javascriptDialogOpening)$/.test(method))
      this.messages.push(JSON.stringify(params));
    if (method === "Runtime.exceptionThrown") this.errors.push(JSON.stringify(params["exceptionDetails"]));
  }

  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    return await this.browser.send(method, params, this.session);
  }

  async goto(url: string): Promise<void> {
    await this.send("Page.navigate", { url });
    await this.until(`location.href === ${JSON.stringify(url)} && document.readyState === "complete"`);
  }

  /** The value of an expression in the page. */
  async value<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(`${expression}: ${JSON.stringify(exceptionDetails).slice(0, 500)}`);
    return (result as { value: T }).value;
  }

  /** Waits until an expression is true; the test's own limit ends it. */
  async until(expression: string): Promise<void> {
    while (!(await this.value<boolean>(`Boolean(${expression})`)))
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Clicks the first element of a selector, as soon as it is there. */
  async click(selector: string): Promise<void> {
    const element = `document.querySelector(${JSON.stringify(selector)})`;
    await this.until(element);
    await this.value(`${element}.click()`);
  }

  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
  }

  /** Presses a key, such as `Tab` with the code 9. */
  async press(key: string, code: number): Promise<void> {
    const given = { key, code: key, windowsVirtualKeyCode: code, ...(key === "Enter" ? { text: "\r" } : {}) };
    for (const type of ["keyDown", "keyUp"]) await this.send("Input.dispatchKeyEvent", { type, ...given });
  }

  /** Returns a picture of the whole page, or of what the screen shows of its beginning, as a PNG. */
  async screenshot(part: "page" | "screen" = "page"): Promise<Buffer> {
    const { cssContentSize, cssLayoutViewport } = (await this.send("Page.getLayoutMetrics")) as {
      cssContentSize: { width: number; height: number };
      cssLayoutViewport: { clientHeight: number };
    };
    const height = part === "page" ? cssContentSize.height : cssLayoutViewport.clientHeight;
    const clip = { width: cssContentSize.width, height, x: 0, y: 0, scale: 1 };
    const { data } = await this.send("Page.captureScreenshot", { captureBeyondViewport: true, clip });
    return Buffer.from(String(data), "base64");
  }
}
