// What a hostile web page tries on the servers of this machine. It runs in the browser, in a page of a hostile server,
// and returns how each try ended. What it changed is seen at the servers.
(() => {
  /** A try that has not ended by then is `unanswered`, which proves nothing. Far longer than a filled machine needs. */
  const DEADLINE_MS = 60_000;
  /** Browsers open six connections to a host; frames and forms cost a document each. */
  const TRIES_AT_ONCE = 12;
  const MAX_TEXT_LENGTH = 120;
  const JSON_BODY = '{"seed":1,"name":"x","type":"latency","attributes":{"latency":1}}';
  const FORM_TYPES = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"];

  const withJson = (method, headers = {}) => ({
    method,
    headers: { "content-type": "application/json", ...headers },
    body: JSON_BODY,
  });

  const fetches = {
    "fetch GET": { method: "GET" },
    "fetch GET with credentials": { method: "GET", credentials: "include" },
    "fetch GET, opaque": { method: "GET", mode: "no-cors" },
    "fetch HEAD": { method: "HEAD" },
    "fetch POST of text": { method: "POST", body: JSON_BODY },
    "fetch POST of text, opaque": { method: "POST", mode: "no-cors", body: JSON_BODY },
    "fetch POST of nothing": { method: "POST" },
    "fetch POST of a form": { method: "POST", body: new URLSearchParams({ a: "1" }) },
    "fetch POST of JSON": withJson("POST"),
    "fetch POST with a key of its own": withJson("POST", {
      "idempotency-key": "hostile",
      "x-actor": "hostile",
    }),
    "fetch PUT of JSON": withJson("PUT"),
    "fetch PATCH of JSON": withJson("PATCH"),
    "fetch DELETE": { method: "DELETE" },
  };

  /** What a try found: the page read something, or it was refused. `how` is the browser's own word. */
  const read = (how, text = "") => ({ result: "read", how: String(how), text: text.slice(0, MAX_TEXT_LENGTH) });
  const refused = (how) => ({ result: "refused", how, text: "" });

  async function byFetch(url, init) {
    try {
      const answer = await fetch(url, { cache: "no-store", ...init, signal: AbortSignal.timeout(DEADLINE_MS) });
      if (answer.type === "opaque") return refused("opaque");
      return read(answer.status, await answer.text());
    } catch (error) {
      return error.name === "TimeoutError" ? { result: "unanswered", how: "", text: "" } : refused(error.name);
    }
  }

  /** Resolves with what `begin` calls back with, or as unanswered. Then the elements are removed, since frames cost. */
  function within(begin, ...elements) {
    return new Promise((resolve) => {
      const end = (finding) => {
        clearTimeout(timer);
        for (const element of elements) element.remove();
        resolve(finding);
      };
      const timer = setTimeout(() => end({ result: "unanswered", how: "", text: "" }), DEADLINE_MS);
      begin(end);
    });
  }

  function byElement(tag, attributes) {
    const element = Object.assign(document.createElement(tag), attributes);
    return within((end) => {
      element.onload = () => end(read("loaded"));
      element.onerror = () => end(refused("error"));
      document.body.append(element);
    }, element);
  }

  /** What the page may read of a frame that has loaded: nothing when it is another origin's. */
  function contentOf(frame) {
    try {
      return read("framed", frame.contentDocument.body.textContent);
    } catch (error) {
      return refused(error.name);
    }
  }

  function byFrame(url) {
    const frame = document.createElement("iframe");
    return within((end) => {
      frame.onload = () => end(contentOf(frame));
      frame.src = url;
      document.body.append(frame);
    }, frame);
  }

  function byForm(url, enctype) {
    const frame = Object.assign(document.createElement("iframe"), { name: `frame-${Math.random()}` });
    const form = Object.assign(document.createElement("form"), { method: "post", action: url, enctype });
    return within(
      (end) => {
        form.target = frame.name;
        form.append(Object.assign(document.createElement("input"), { name: '{"seed":1,"x":"', value: '"}' }));
        document.body.append(frame, form);
        frame.onload = () => end(contentOf(frame));
        form.submit();
      },
      frame,
      form,
    );
  }

  /** An event stream or a WebSocket: `open` is all that the page needs, since it reads what comes then. */
  function byConnection(connection) {
    return within((end) => {
      connection.onopen = () => end(read("open"));
      connection.onerror = () => end(refused("error"));
    }).finally(() => connection.close());
  }

  /** A beacon has no answer. */
  function byBeacon(url) {
    return navigator.sendBeacon(url, JSON_BODY)
      ? refused("sent")
      : { result: "unanswered", how: "not sent", text: "" };
  }

  const elements = {
    image: (url) => byElement("img", { src: url }),
    script: (url) => byElement("script", { src: url }),
    stylesheet: (url) => byElement("link", { rel: "stylesheet", href: url }),
    frame: byFrame,
    "event stream": (url) => byConnection(new EventSource(url)),
    beacon: byBeacon,
    ...Object.fromEntries(FORM_TYPES.map((type) => [`form of ${type}`, (url) => byForm(url, type)])),
  };

  /** A browser delays the WebSockets of a page after others failed, unless as many opened: one opens at home first. */
  async function bySocket(url, home) {
    const { result } = await byConnection(new WebSocket(home));
    if (result !== "read") return { result: "unanswered", how: "none at home", text: "" };
    return byConnection(new WebSocket(url.replace(/^http/, "ws")));
  }

  function triesOf({ origin, paths, elementPath, socketPath }) {
    const at = (path) => origin + path;
    return [
      ["WebSocket", at(socketPath), bySocket],
      ...Object.entries(elements).map(([means, go]) => [means, at(elementPath), go]),
      ...paths.flatMap((path) =>
        Object.entries(fetches).map(([means, init]) => [means, at(path), (url) => byFetch(url, init)]),
      ),
    ];
  }

  globalThis.meansOfAttack = [...Object.keys(fetches), ...Object.keys(elements), "WebSocket"];

  /** Tries everything on one server, some at once, and returns how each try ended. */
  globalThis.attack = async (target) => {
    const waiting = triesOf(target);
    const findings = [];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [means, url, go] = next;
        findings.push({ means, url, ...(await go(url, target.home)) });
      }
    };
    await Promise.all(Array.from({ length: TRIES_AT_ONCE }, work));
    return findings;
  };
})();
