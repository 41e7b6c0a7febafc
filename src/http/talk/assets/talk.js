/**
 * One talk, from the click that starts it to its end.
 *
 *     asking ──▶ connecting ──▶ talking ──▶ leaving ──▶ over
 *       the        Susi is      both may     Susi has
 *    microphone   being called   speak       said goodbye
 *
 * Any stage may go straight to `over`, with an outcome: the name of the view that the candidate then sees.
 */

import { Line, whyRefused } from "./line.js";
import { closeMicrophone, openMicrophone } from "./microphone.js";
import { Sound } from "./sound.js";
import { WakeLock } from "./wake_lock.js";

/** Outcomes by the service's reason for ending the talk. */
const OUTCOMES = new Map([
  ["agent", "goodbye"],
  ["candidate", "ended"],
  ["too_long", "too-long"],
  ["idle", "idle"],
  ["shutdown", "shutdown"],
  ["taken_over", "taken-over"],
  ["busy", "busy"],
  ["unavailable", "unavailable"],
  ["lost_agent", "lost-agent"],
]);

/** Timeouts in milliseconds: for the audio scripts to load, for the line to open, for Susi to be ready, for her last
 * words to be played, and for the service to confirm an end. The service gives up earlier; these are for when it cannot
 * say so. */
const PATIENCE = { loaded: 30_000, opened: 20_000, ready: 75_000, lastWords: 90_000, farewell: 2_000 };

export class Talk {
  /**
   * @param {URL} address of the session
   * @param {(event: {type: string}) => void} report gets `stage` (with `stage`), `over` (with `outcome`), `notice`
   *   (with `name` and `shown`), `muted` (with `muted`), and what the line says and hears; see `line.js`
   */
  constructor(address, report) {
    /** @private */
    this.address = address;
    /** @private */
    this.report = report;
    /** @private */
    this.stage = "new";
    /** @private */
    this.isMuted = false;
    /** @private Whether the line was ever open. */
    this.wasOpened = false;
    /** @private @type {Sound | null} */
    this.sound = null;
    /** @private @type {MediaStream | null} */
    this.stream = null;
    /** @private @type {Line | null} */
    this.line = null;
    /** @private */
    this.wakeLock = new WakeLock();
    /** @private */
    this.timer = 0;
    /** @private Removes the listeners that this talk has added to document and window. */
    this.leaving = new AbortController();
  }

  /** Starts the talk. Must be called from a click handler: only then do browsers let a page play sound. */
  async begin() {
    try {
      this.enter("asking");
      this.sound = new Sound(() => this.notice("sound-paused", this.sound.isPaused));
      this.listenTo(await openMicrophone());
      if (this.stage === "over") {
        return;
      }
      this.enter("connecting", PATIENCE.loaded, () => this.finish("incomplete"));
      const ports = await this.sound.connect();
      if (this.stage !== "over") {
        this.sound.listenTo(this.stream);
        this.waitFor(PATIENCE.opened, () => this.findOutWhyRefused());
        this.line = new Line(this.address, ports, (event) => this.hear(event));
      }
    } catch (error) {
      this.finish(error.trouble ?? "broken");
    }
  }

  /** Switches the microphone off or on. */
  mute(muted) {
    this.isMuted = muted;
    this.stream?.getAudioTracks().forEach((track) => (track.enabled = !muted));
    this.line?.mute(muted);
    this.report({ type: "muted", muted });
  }

  /** Ends the talk at the candidate's request. */
  end() {
    this.line?.end();
    this.finish("ended");
  }

  /** Resumes sound that the browser has paused. To be called from a click handler. */
  resumeSound() {
    this.sound?.resume();
  }

  /** Asks for a microphone again, after the last one was lost. */
  async replaceMicrophone() {
    try {
      const stream = await openMicrophone();
      this.listenTo(stream);
      if (this.stream === stream) {
        this.sound.listenTo(stream);
        this.notice("microphone-lost", false);
      }
    } catch {
      this.notice("microphone-lost", true);
    }
  }

  /** @private Handles an event of the line. */
  hear(event) {
    if (this.stage === "over") {
      // The service has confirmed the end that the candidate asked for.
      if (event.type === "ended" || event.type === "lost") {
        this.line.close();
      }
      return;
    }
    switch (event.type) {
      case "opened":
        this.wasOpened = true;
        this.waitFor(PATIENCE.ready, () => this.finish("unavailable"));
        break;
      case "ready":
        this.startTalking();
        break;
      case "closing_soon":
        this.notice("closing-soon", true);
        break;
      case "stuck":
        this.notice("slow-network", event.stuck);
        break;
      case "ended":
        this.endWith(event.reason);
        break;
      case "finished":
        this.finish("goodbye");
        break;
      case "lost":
        this.lose();
        break;
      default:
        this.report(event);
    }
  }

  /** @private */
  startTalking() {
    this.enter("talking");
    // The candidate may have muted the microphone while waiting.
    this.line.mute(this.isMuted);
    this.notice("sound-paused", this.sound.isPaused);
    const { signal } = this.leaving;
    document.addEventListener("visibilitychange", () => this.wake(), { signal });
    window.addEventListener("offline", () => this.notice("slow-network", true), { signal });
    window.addEventListener("online", () => this.notice("slow-network", false), { signal });
    this.wakeLock.hold();
  }

  /** @private The service ended the talk. If Susi did, her last words are still played. */
  endWith(reason) {
    if (reason !== "agent") {
      this.finish(OUTCOMES.get(reason) ?? "broken");
      return;
    }
    closeMicrophone(this.stream);
    this.enter("leaving", PATIENCE.lastWords, () => this.finish("goodbye"));
  }

  /** @private The line is gone, and the service gave no reason. */
  lose() {
    if (this.wasOpened) {
      this.finish("connection-lost");
    } else {
      this.findOutWhyRefused();
    }
  }

  /** @private */
  async findOutWhyRefused() {
    clearTimeout(this.timer);
    // A line that opens now would be too late.
    this.line?.close();
    this.finish(await whyRefused(this.address));
  }

  /** @private */
  listenTo(stream) {
    if (this.stage === "over" || this.stage === "leaving") {
      closeMicrophone(stream);
      return;
    }
    if (this.stream) {
      // Two clicks may have opened two microphones: only one may stay on.
      closeMicrophone(this.stream);
    }
    this.stream = stream;
    this.notice("microphone-silent", false);
    const [track] = stream.getAudioTracks();
    track.enabled = !this.isMuted;
    track.onended = () => this.replaceMicrophone();
    track.onmute = () => this.notice("microphone-silent", true);
    track.onunmute = () => this.notice("microphone-silent", false);
  }

  /** @private Resumes sound and wake lock when the page is visible again. While it is hidden, neither is possible. */
  wake() {
    if (document.visibilityState === "visible") {
      this.sound.resume();
      this.wakeLock.hold();
    }
  }

  /** @private */
  notice(name, shown) {
    if (this.stage === "connecting" || this.stage === "talking") {
      this.report({ type: "notice", name, shown });
    }
  }

  /** @private */
  enter(stage, patience, onTimeout) {
    this.stage = stage;
    this.report({ type: "stage", stage });
    this.waitFor(patience, onTimeout);
  }

  /** @private Replaces the timeout: there is one at a time. Without `patience`, there is none. */
  waitFor(patience, onTimeout) {
    clearTimeout(this.timer);
    if (patience) {
      this.timer = setTimeout(onTimeout, patience);
    }
  }

  /** @private Releases everything and reports the outcome. */
  finish(outcome) {
    if (this.stage === "over") {
      return;
    }
    this.stage = "over";
    clearTimeout(this.timer);
    this.leaving.abort();
    this.wakeLock.release();
    if (this.stream) {
      closeMicrophone(this.stream);
    }
    this.sound?.close();
    if (this.line) {
      // A request to end the talk may still be on its way.
      setTimeout(() => this.line.close(), PATIENCE.farewell);
    }
    this.report({ type: "over", outcome });
  }
}
