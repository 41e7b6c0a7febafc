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
    function confirmCopied() {
      confirm(button);
    }
    function copyInTheOldWay() {
      if (copyAsSelection(location.href)) {
        confirmCopied();
      }
    }
    if (navigator.clipboard) {
      // The browsers within Android's apps have a clipboard that they let no page write to.
      navigator.clipboard.writeText(location.href).then(confirmCopied, copyInTheOldWay);
    } else {
      copyInTheOldWay();
    }
  }

  var buttons = document.querySelectorAll("[data-action='copy-link']");
  for (var index = 0; index < buttons.length; index += 1) {
    buttons[index].addEventListener("click", copy);
  }
})();
