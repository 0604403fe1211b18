// Reads the open block's fields back into its JSON: [data-field] by name, [data-list] as lines of fields.
export function readFields(root, block) {
  const read = { ...block };
  for (const field of root.querySelectorAll("[data-field]")) {
    if (!field.closest("[data-list]")) put(read, field);
  }
  for (const list of root.querySelectorAll("[data-list]")) {
    read[list.dataset.list] = [...list.querySelectorAll("[data-item]")].map((item, at) => {
      const line = { ...(block[list.dataset.list][at] || {}) };
      for (const field of item.querySelectorAll("[data-field]")) put(line, field);
      return line;
    });
  }
  return read;
}

function put(into, field) {
  const name = field.dataset.field;
  if (field.type === "checkbox") into[name] = field.checked;
  else if (field.dataset.kind === "number") putNumber(into, name, field);
  else if (field.value === "" && "optional" in field.dataset) delete into[name];
  else into[name] = field.value.replace(/\r\n/g, "\n");
}

function putNumber(into, name, field) {
  const number = Number(field.value);
  if (field.value === "" && "optional" in field.dataset) delete into[name];
  else if (field.value !== "" && Number.isFinite(number)) into[name] = number;
}

// What a block says, as plain lines, to compare two of them.
export function words(value) {
  if (Array.isArray(value)) return value.map(words).filter(Boolean).join("\n");
  if (value && typeof value === "object")
    return Object.entries(value)
      .filter(([key]) => !["id", "type", "kind"].includes(key))
      .map(([, inner]) => words(inner))
      .filter(Boolean)
      .join("\n");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
