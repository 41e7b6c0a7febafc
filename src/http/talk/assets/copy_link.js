/* Copies the page's address, for another browser or another device. A classic script, for old browsers, too. */
(function () {
  "use strict";

  function copyAsSelection(text) {
    var field = document.createElement("textarea");
    field.value = text;
    document.body.appendChild(field);
    field.select();
    var isCopied = document.execCommand("copy");
    document.body.removeChild(field);
    return isCopied;
  }

  function confirm(button) {
    var status = button.parentNode.querySelector("[data-copied]");
    status.hidden = false;
    button.focus();
  }

  function copy(event) {
    var button = event.currentTarget;
    if (navigator.clipboard) {
      navigator.clipboard.writeText(location.href).then(function () { confirm(button); }, function () {});
    } else if (copyAsSelection(location.href)) {
      confirm(button);
    }
  }

  var buttons = document.querySelectorAll("[data-action='copy-link']");
  for (var index = 0; index < buttons.length; index += 1) {
    buttons[index].addEventListener("click", copy);
  }
})();
