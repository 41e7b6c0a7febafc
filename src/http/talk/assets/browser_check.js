/*
 * Decides whether this browser can lead a talk, and says so if not. An ordinary script in the language of 2009, so that
 * the browsers it is meant for can read it. German stands in the page.
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
      // Without its mark the page's own script was not understood.
      show("unsupported");
    } else {
      document.getElementById("start").disabled = false;
    }
  }

  // Also where a script that ours imports did not arrive. What else is missing may be an extension's.
  function noteFailure(event) {
    if (event.target.id === "main") {
      failedToLoad = true;
    }
  }

  document.addEventListener("error", noteFailure, true);
  window.addEventListener("load", check);
})();
