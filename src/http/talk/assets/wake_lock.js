/** Keeps the screen on during a talk: a telephone that goes dark stops the microphone. */
export class WakeLock {
  /** @private */
  isWanted = false;

  /** @private @type {WakeLockSentinel | null} */
  sentinel = null;

  /** Also to be called when the page is seen again: browsers let go of the screen meanwhile. */
  async hold() {
    this.isWanted = true;
    try {
      const sentinel = await navigator.wakeLock?.request("screen");
      this.letGo();
      this.sentinel = sentinel ?? null;
    } catch {
      // Refused, as when the battery is low. The talk does not depend on it.
    }
    if (!this.isWanted) {
      this.letGo();
    }
  }

  release() {
    this.isWanted = false;
    this.letGo();
  }

  /** @private */
  letGo() {
    this.sentinel?.release().catch(() => {});
    this.sentinel = null;
  }
}
