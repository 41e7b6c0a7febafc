/** What was said, as it grows. */
export class Transcript {
  /**
   * @param {HTMLElement} log where it stands, and what scrolls
   * @param {{susi: HTMLTemplateElement, you: HTMLTemplateElement}} templates an utterance each; `[data-text]` takes the text
   */
  constructor(log, templates) {
    /** @private */
    this.log = log;
    /** @private */
    this.templates = templates;
    /** @private @type {Map<string, HTMLElement>} */
    this.utterances = new Map();
  }

  /** Forgets the talk before. */
  clear() {
    this.utterances.clear();
    this.log.querySelectorAll("[data-utterance]").forEach((utterance) => utterance.remove());
  }

  /**
   * Writes down what somebody said, or what they are now known to have said.
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

  /** @private Whether the reader is at the end, and has not scrolled back to read something again. */
  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 48;
  }
}
