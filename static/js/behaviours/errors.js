// Puts the focus on what to mend, so that it is heard and seen first.
export function start(summary) {
  summary.focus();
}
