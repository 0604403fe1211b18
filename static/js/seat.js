// Who has a place in several practices may have pages of two of them open. Each page says which one it belongs to, so
// that what is sent from it arrives there, whatever was opened since.
export function seat() {
  const meta = document.querySelector('meta[name="seat"]');
  return meta ? meta.content : "";
}

export function seatHeaders() {
  return seat() ? { "X-Seat": seat() } : {};
}

export function markForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!seat() || form.method !== "post" || form.querySelector('input[name="seat"]')) return;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "seat";
    field.value = seat();
    form.append(field);
  });
}
