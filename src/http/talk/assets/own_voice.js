/**
 * Shows candidates whether they are heard: as a bar, and in words.
 *
 * The words are `muted`, `heard`, `waiting`, and `unheard`: nothing for a while, though it is the candidate's turn.
 */

/** The level from which sound counts as speech. */
const SPEAKING = 0.3;

/** Milliseconds for which `heard` is shown after the last sound. */
const STAYS = 2_500;

/** Milliseconds of silence during the candidate's turn after which something may be wrong. */
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

  /** Starts over, for a new talk. */
  reset() {
    /** @private */
    this.isMuted = false;
    /** @private */
    this.isSusisTurn = true;
    /** @private When something was heard, or silence was last expected. */
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

  /** @param {boolean} isSpeaking whether Susi speaks: then silence is expected */
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

  /** @private Silence up to now was expected. */
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
