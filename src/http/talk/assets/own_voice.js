/**
 * Shows the candidate that they are heard: a bar for the eye, and words for what the bar says.
 *
 * The words are `muted`, `heard`, `waiting`, and `unheard` after a while in which it was their turn and nothing came.
 */

/** The level from which on somebody is speaking. */
const SPEAKING = 0.3;

/** Milliseconds for which the words stay after the last sound. */
const STAYS = 2_500;

/** Milliseconds of silence on the candidate's turn after which something may be wrong. */
const SUSPICIOUS = 9_000;

export class OwnVoice {
  /**
   * @param {HTMLElement} bar gets `--level`, from 0 to 1
   * @param {(words: "muted" | "heard" | "waiting" | "unheard") => void} onChange
   */
  constructor(bar, onChange) {
    /** @private */
    this.bar = bar;
    /** @private */
    this.onChange = onChange;
    this.reset();
  }

  /** Begins with a new talk. */
  reset() {
    /** @private */
    this.isMuted = false;
    /** @private */
    this.isSusisTurn = true;
    /** @private When there was something to hear, or a reason why not. */
    this.lastHeard = performance.now() - STAYS;
    /** @private */
    this.words = "waiting";
    this.hear(0);
  }

  /** @param {boolean} isMuted */
  mute(isMuted) {
    this.isMuted = isMuted;
    this.hear(0);
  }

  /** @param {boolean} isSpeaking whether Susi speaks: nobody else has to, then */
  letSusiSpeak(isSpeaking) {
    this.isSusisTurn = isSpeaking;
    this.excuse();
  }

  /** @param {number} level from 0 to 1 */
  hear(level) {
    this.bar.style.setProperty("--level", level.toFixed(2));
    if (level >= SPEAKING) {
      this.lastHeard = performance.now();
    } else if (this.isMuted || this.isSusisTurn) {
      this.excuse();
    }
    this.say(this.isMuted ? "muted" : this.judge(performance.now() - this.lastHeard));
  }

  /** @private Silence up to now is nothing to worry about. */
  excuse() {
    this.lastHeard = Math.max(this.lastHeard, performance.now() - STAYS);
  }

  /** @private */
  judge(silence) {
    if (silence < STAYS) {
      return "heard";
    }
    return silence < SUSPICIOUS ? "waiting" : "unheard";
  }

  /** @private */
  say(words) {
    if (words !== this.words) {
      this.words = words;
      this.onChange(words);
    }
  }
}
