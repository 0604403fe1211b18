// Start from the page again, but never in a circle: at most once in half a minute.
const KEY = "rapport-reloaded";
const REST = 30000;

export function reload() {
  try {
    if (Date.now() - Number(sessionStorage.getItem(KEY) || 0) < REST) return;
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch (error) {
    return; // without storage nobody could count
  }
  location.reload();
}
