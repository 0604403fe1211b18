// Before the first paint: says that script is there, and applies the reader's own light or dark choice.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("rapport-theme");
    if ((theme === "light" || theme === "dark") && !root.hasAttribute("data-theme")) root.setAttribute("data-theme", theme);
  } catch (error) {
    /* storage may be closed; the system's choice stays */
  }
})();
