/**
 * Decides which parts of the page are visible. All texts are in the page itself.
 *
 * A view (`data-view`) is one screen of the page, with a title (`data-title`) and a heading, which gets the focus. A
 * switch (`data-switch`) is a place that shows one of several texts (`data-case`). A notice (`data-notice`) comes and
 * goes.
 */
export class View {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @private */
    this.root = root;
  }

  /** Shows this view instead of all others, and moves the viewport and the screen reader to its heading. */
  show(name) {
    const views = [...this.root.querySelectorAll("[data-view]")];
    const shown = views.find((view) => view.dataset.view === name);
    views.forEach((view) => (view.hidden = view !== shown));
    document.title = shown.dataset.title;
    window.scrollTo(0, 0);
    shown.querySelector("h1").focus();
  }

  /** Shows the text for this value in each switch of this name. */
  choose(name, value) {
    this.root.querySelectorAll(`[data-switch="${name}"]`).forEach((place) => {
      place.dataset.chosen = value;
      const texts = [...place.querySelectorAll("[data-case]")].filter((text) => isOf(text, place));
      texts.forEach((text) => (text.hidden = text.dataset.case !== value));
    });
  }

  /** Shows or hides a notice. */
  notice(name, isShown) {
    this.root.querySelectorAll(`[data-notice="${name}"]`).forEach((notice) => (notice.hidden = !isShown));
  }

  /** Hides all notices. */
  clearNotices() {
    this.root.querySelectorAll("[data-notice]").forEach((notice) => (notice.hidden = true));
  }

  /** Calls back when a control for this action (`data-action`) is used. */
  on(action, callback) {
    this.root.querySelectorAll(`[data-action="${action}"]`).forEach((control) => {
      control.addEventListener("click", () => callback(control));
    });
  }

  /** Marks a toggle button as pressed or not. */
  press(action, isPressed) {
    this.root.querySelectorAll(`[data-action="${action}"]`).forEach((control) => {
      control.setAttribute("aria-pressed", String(isPressed));
    });
  }
}

/** Whether a text belongs to this switch, and not to one nested in it. */
function isOf(text, place) {
  return text.parentElement.closest("[data-switch]") === place;
}
