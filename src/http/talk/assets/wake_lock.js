/** Keeps the screen on during a talk: a phone that turns its screen off stops the microphone. */
export class WakeLock {
  /** @private */
  isWanted = false;

  /** @private @type {WakeLockSentinel | null} */
  sentinel = null;

  /** Must be called again whenever the page becomes visible: browsers release the lock of a hidden page. */
  async hold() {
    this.isWanted = true;
    try {
      const sentinel = await navigator.wakeLock?.request("screen");
      this.letGo();
      this.sentinel = sentinel ?? null;
    } catch {
      // Refused, for example because the battery is low. The talk works without it.
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
