// What a person wrote and the server has not: unsent messages and drafts, in this browser, per person.
// Signing out removes it (behaviours/forget.js); another person on this device never sees it.
const WHO = "rapport-person";
const UNSENT = "unsent";
const DRAFTS = "drafts";

export function databaseName(person) {
  return `rapport-words-${person}`;
}

export class Store {
  constructor(person) {
    this.memory = { [UNSENT]: new Map(), [DRAFTS]: new Map() };
    this.opening = open(person);
  }

  unsent(conversation) {
    return this.all(UNSENT).then((rows) => rows.filter((row) => row.conversation === conversation));
  }

  keep(item) {
    return this.put(UNSENT, item.uuid, item);
  }

  drop(uuid) {
    return this.remove(UNSENT, uuid);
  }

  draft(conversation) {
    return this.get(DRAFTS, conversation);
  }

  keepDraft(conversation, text) {
    return text ? this.put(DRAFTS, conversation, text) : this.remove(DRAFTS, conversation);
  }

  // Without IndexedDB (a private window) the page's own memory has to do.
  async act(table, mode, work, instead) {
    const database = await this.opening;
    if (!database) return instead(this.memory[table]);
    return new Promise((resolve) => {
      const request = work(database.transaction(table, mode).objectStore(table));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(instead(this.memory[table]));
    });
  }

  all(table) {
    return this.act(table, "readonly", (rows) => rows.getAll(), (rows) => [...rows.values()]);
  }

  get(table, key) {
    return this.act(table, "readonly", (rows) => rows.get(key), (rows) => rows.get(key));
  }

  put(table, key, value) {
    return this.act(table, "readwrite", (rows) => rows.put(value, key), (rows) => rows.set(key, value));
  }

  remove(table, key) {
    return this.act(table, "readwrite", (rows) => rows.delete(key), (rows) => rows.delete(key));
  }
}

function open(person) {
  return new Promise((resolve) => {
    try {
      const before = localStorage.getItem(WHO);
      if (before && before !== person) indexedDB.deleteDatabase(databaseName(before));
      localStorage.setItem(WHO, person);
      const request = indexedDB.open(databaseName(person), 1);
      request.onupgradeneeded = () => [UNSENT, DRAFTS].forEach((table) => request.result.createObjectStore(table));
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => resolve(null);
    } catch (error) {
      resolve(null);
    }
  });
}

export function forgetEverything() {
  try {
    const person = localStorage.getItem(WHO);
    if (person) indexedDB.deleteDatabase(databaseName(person));
    localStorage.removeItem(WHO);
  } catch (error) {
    /* storage is closed: there is nothing to forget */
  }
}
