// The same two verbs over HTTP, for networks without web sockets.
import { send } from "../csrf.js";

export async function readAfter(url, after) {
  const answer = await fetch(`${url}?after=${after}`, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

// Returns {event}, {refused: {detail, why}}, or {wait: seconds}; throws when nobody answered.
export async function postMessage(url, item) {
  const answer = await send(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ uuid: item.uuid, text: item.text }),
  });
  if (answer.ok) return { event: await answer.json() };
  if (answer.status === 429 || answer.status === 503) return { wait: Number(answer.headers.get("Retry-After")) || 5 };
  if (answer.status >= 500) throw new Error(String(answer.status));
  const problem = await answer.json().catch(() => ({}));
  const text = problem.errors && problem.errors.text;
  return { refused: { detail: (text && text[0]) || problem.detail || "", why: answer.status === 409 ? "otherwise" : "" } };
}

export function putRead(url, seq) {
  return send(url, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ seq }),
  }).catch(() => {});
}
