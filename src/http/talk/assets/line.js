/** The page's handle on the line to the service. A worker holds the line itself; see `line_worker.js`. */

const PROTOCOL = "talk.v1";

/** Milliseconds within which the service must say why the line did not open. */
const ANSWER_PATIENCE = 8_000;

/**
 * Why the line did not open, by the service's answer to a plain request to the same address: its status or its `error`.
 * @type {Map<number | string, string>}
 */
const REFUSALS = new Map([
  [403, "wrong-address"],
  [404, "link-damaged"],
  [409, "other-tab"],
  [410, "link-expired"],
  // The only thing wrong is that this was no WebSocket, so something on the way blocks those.
  [426, "blocked"],
  ["Too many talks", "too-many"],
  ["Too many starts", "too-often"],
  ["Shutting down", "restarting"],
]);

export class Line {
  /**
   * Opens the line.
   * @param {URL} address of the session; http or https
   * @param {{microphone: MessagePort, loudspeaker: MessagePort}} ports are transferred to the worker
   * @param {(event: {type: string}) => void} onEvent gets the service's messages, and `opened`, `stuck`, `lost`,
   *   `heard`, `said`, `speaking`, `finished`
   */
  constructor(address, { microphone, loudspeaker }, onEvent) {
    const url = new URL(address);
    url.protocol = url.protocol.replace("http", "ws");
    /** @private */
    this.worker = new Worker(new URL("./line_worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => onEvent(data);
    this.worker.onerror = () => onEvent({ type: "lost" });
    this.worker.postMessage({ type: "open", url: url.href, protocol: PROTOCOL, microphone, loudspeaker }, [
      microphone,
      loudspeaker,
    ]);
  }

  /** Sends silence while muted, and tells the service that it is intended. */
  mute(muted) {
    this.worker.postMessage({ type: "mute", muted });
  }

  /** Asks the service to end the talk; it answers with `ended`. */
  end() {
    this.worker.postMessage({ type: "end" });
  }

  /** Drops the line. */
  close() {
    this.worker.terminate();
  }
}

/**
 * Finds out why the line did not open.
 * @param {URL} address of the session
 * @returns {Promise<string>} the outcome that says so
 */
export async function whyRefused(address) {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(), ANSWER_PATIENCE);
  try {
    // A browser says where a WebSocket is opened from, but not where a request to the page's own address comes from.
    const headers = { "Talk-Origin": location.origin };
    const response = await fetch(address, { cache: "no-store", headers, signal: impatience.signal });
    // An answer that is not JSON comes from something on the way.
    const { error } = await response.json().catch(() => ({}));
    return REFUSALS.get(error) ?? REFUSALS.get(response.status) ?? "unavailable";
  } catch {
    return "offline";
  } finally {
    clearTimeout(timer);
  }
}
