// fetch() with Django's token, for modules that post by themselves.
import { seatHeaders } from "./seat.js";

export function csrfToken() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  return meta ? meta.content : "";
}

export function send(url, options = {}) {
  const headers = new Headers({ ...seatHeaders(), ...(options.headers || {}) });
  headers.set("X-CSRFToken", csrfToken());
  headers.set("X-Requested-With", "fetch");
  return fetch(url, { credentials: "same-origin", ...options, headers });
}
