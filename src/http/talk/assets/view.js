/**
 * What is to be seen. All text stands in the page: this only decides which part of it shows.
 *
 * A view (`data-view`) is one of the page's faces, with its title (`data-title`) and its heading, which gets the focus. A
 * switch (`data-switch`) is a place where one of several texts (`data-case`) stands. A notice (`data-notice`) comes and
 * goes.
 */
export class View {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @private */
    this.root = root;
  }

  /** Shows a view and nothing else of the kind, and leads eye and screen reader to its heading. */
  show(name) {
    const views = [...this.root.querySelectorAll("[data-view]")];
    const shown = views.find((view) => view.dataset.view === name);
    views.forEach((view) => (view.hidden = view !== shown));
    document.title = shown.dataset.title;
    window.scrollTo(0, 0);
    shown.querySelector("h1").focus();
  }

  /** Shows one of the texts of each switch of this name. */
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

  /** Says of a control that stays pressed whether it is. */
  press(action, isPressed) {
    this.root.querySelectorAll(`[data-action="${action}"]`).forEach((control) => {
      control.setAttribute("aria-pressed", String(isPressed));
    });
  }
}

/** Whether a text belongs to this switch, and not to one within it. */
function isOf(text, place) {
  return text.parentElement.closest("[data-switch]") === place;
}
