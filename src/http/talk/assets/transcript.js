/** The transcript of the talk, as it grows. */
export class Transcript {
  /**
   * @param {HTMLElement} log the element that shows it and scrolls
   * @param {{susi: HTMLTemplateElement, you: HTMLTemplateElement}} templates for an utterance, whose text
   *   goes to `[data-text]`
   */
  constructor(log, templates) {
    /** @private */
    this.log = log;
    /** @private */
    this.templates = templates;
    /** @private @type {Map<string, HTMLElement>} */
    this.utterances = new Map();
  }

  /** Removes the previous talk. */
  clear() {
    this.utterances.clear();
    this.log.querySelectorAll("[data-utterance]").forEach((utterance) => utterance.remove());
  }

  /**
   * Adds an utterance, or corrects the one with this id.
   * @param {"susi" | "you"} speaker
   * @param {number} id
   * @param {string} text
   */
  write(speaker, id, text) {
    const key = `${speaker} ${id}`;
    const place = this.utterances.get(key) ?? this.add(speaker, key);
    const isRead = this.isAtEnd();
    place.textContent = text;
    if (isRead) {
      this.log.scrollTop = this.log.scrollHeight;
    }
  }

  /** @private */
  add(speaker, key) {
    const isRead = this.isAtEnd();
    this.log.append(this.templates[speaker].content.cloneNode(true));
    const place = this.log.lastElementChild.querySelector("[data-text]");
    this.utterances.set(key, place);
    if (isRead) {
      this.log.scrollTop = this.log.scrollHeight;
    }
    return place;
  }

  /** @private Whether the reader is at the end, rather than scrolled back to reread something. */
  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 48;
  }
}
