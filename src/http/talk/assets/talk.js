/**
 * One talk, from the click that begins it to its end.
 *
 *     asking ──▶ connecting ──▶ talking ──▶ leaving ──▶ over
 *       the        Susi is      both may     Susi has
 *    microphone   being called   speak       said goodbye
 *
 * From every stage it may be over at once, with an outcome: the name of the view that says so to the candidate.
 */

import { Line, whyRefused } from "./line.js";
import { closeMicrophone, openMicrophone } from "./microphone.js";
import { Sound } from "./sound.js";
import { WakeLock } from "./wake_lock.js";

/** Outcomes by the reasons for which the service ends a talk. */
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

/** Milliseconds until the scripts for the sound must be there, until a line must be open, until Susi must be there, until
 * her last words must be spoken, and until the service must have confirmed an end. The service gives up earlier; these are
 * for when it cannot say so. */
const PATIENCE = { loaded: 30_000, opened: 20_000, ready: 75_000, lastWords: 90_000, farewell: 2_000 };

export class Talk {
  /**
   * @param {URL} address of the session
   * @param {(event: {type: string}) => void} report hears `stage` (with `stage`), `over` (with `outcome`), `notice` (with
   *   `name` and `shown`), `muted` (with `muted`), and what the line says and hears; see `line.js`
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
    /** @private Undoes what this talk has asked of page and window. */
    this.leaving = new AbortController();
  }

  /** Begins. Must be called within a click: browsers give sound to a page only then. */
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

  /** Ends it as the candidate wishes. */
  end() {
    this.line?.end();
    this.finish("ended");
  }

  /** After sound was stopped by the browser: goes on. To be called within a click. */
  resumeSound() {
    this.sound?.resume();
  }

  /** After the microphone was lost: asks for one again. */
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

  /** @private What the line says and hears. */
  hear(event) {
    if (this.stage === "over") {
      // The service has confirmed an end that was wished for.
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
    // The candidate may have switched it off while waiting.
    this.line.mute(this.isMuted);
    this.notice("sound-paused", this.sound.isPaused);
    const { signal } = this.leaving;
    document.addEventListener("visibilitychange", () => this.wake(), { signal });
    window.addEventListener("offline", () => this.notice("slow-network", true), { signal });
    window.addEventListener("online", () => this.notice("slow-network", false), { signal });
    this.wakeLock.hold();
  }

  /** @private The service ended the talk. Susi's last words are still heard. */
  endWith(reason) {
    if (reason !== "agent") {
      this.finish(OUTCOMES.get(reason) ?? "broken");
      return;
    }
    closeMicrophone(this.stream);
    this.enter("leaving", PATIENCE.lastWords, () => this.finish("goodbye"));
  }

  /** @private The line is gone without a word. */
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
    // Whatever comes of it now, comes too late.
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
      // Two presses may have asked for two: only one may stay on.
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

  /** @private The page is seen again, or out of sight: then nothing can be done. */
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

  /** @private Waits for one thing at a time. Without patience, for ever. */
  waitFor(patience, onTimeout) {
    clearTimeout(this.timer);
    if (patience) {
      this.timer = setTimeout(onTimeout, patience);
    }
  }

  /** @private Gives everything back and says how it ended. */
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
      // An end that was wished for is still on its way.
      setTimeout(() => this.line.close(), PATIENCE.farewell);
    }
    this.report({ type: "over", outcome });
  }
}
