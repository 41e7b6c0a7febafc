/*
 * Checks whether this browser is capable of a talk, and shows a view that says so if it is not. A classic script in the
 * JavaScript of 2009, so that the browsers it is meant for can run it. The German texts stand in the page.
 */
(function () {
  "use strict";

  var failedToLoad = false;

  function show(name) {
    var views = document.querySelectorAll("[data-view]");
    for (var index = 0; index < views.length; index += 1) {
      views[index].hidden = views[index].getAttribute("data-view") !== name;
      if (!views[index].hidden) {
        document.title = views[index].getAttribute("data-title");
      }
    }
  }

  function canTalk() {
    return Boolean(
      window.WebSocket &&
        window.Worker &&
        window.AudioContext &&
        window.AudioWorkletNode &&
        window.URLSearchParams &&
        navigator.mediaDevices &&
        navigator.mediaDevices.getUserMedia
    );
  }

  function check() {
    if (window.isSecureContext === false) {
      show("insecure");
    } else if (canTalk() && failedToLoad) {
      show("incomplete");
    } else if (!canTalk() || document.documentElement.getAttribute("data-ready") === null) {
      // Without the mark, the browser did not understand the page's own script.
      show("unsupported");
    } else {
      document.getElementById("start").disabled = false;
    }
  }

  // Fires as well when a module that ours imports failed to load. Other failures may be those of a browser extension.
  function noteFailure(event) {
    if (event.target.id === "main") {
      failedToLoad = true;
    }
  }

  document.addEventListener("error", noteFailure, true);
  window.addEventListener("load", check);
})();
