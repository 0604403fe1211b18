// A long list of checkboxes with a search field above it that hides what doesn't match; ticked ones stay in sight.
export function start(list) {
  const search = list.querySelector("[data-pick-search]");
  const items = [...list.querySelectorAll("[data-pick-items] > li")];
  if (items.length < 8) return;
  search.hidden = false;
  const field = search.querySelector("input");
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLocaleLowerCase();
    for (const item of items)
      item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted) && !item.querySelector("input").checked;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = items.find((item) => !item.hidden && !item.querySelector("input").checked);
    if (first) first.querySelector("input").click();
    field.select();
  });
}
