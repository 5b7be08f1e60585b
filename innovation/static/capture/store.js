// What this device keeps: clinics with their tokens, and ideas until they have arrived. Another page, as that for visits,
// has a store of its own, whose "clinics" are the pilots that were taken along and whose "ideas" are the visits.

let name = "gatehouse-capture";

// Each step leads from one version of what is kept to the next; none is ever changed once it was released.
const STEPS = [
  (db) => {
    db.createObjectStore("clinics", { keyPath: "key" });
    db.createObjectStore("ideas", { keyPath: "id" });
  },
  (db, change) => {
    db.createObjectStore("kept", { keyPath: "key" });
    change.objectStore("ideas").createIndex("state", "state");
  },
];

let opened = null;

export const storeName = () => name;

export function open(which = name) {
  name = which;
  opened =
    opened ||
    new Promise((done, failed) => {
      const asked = indexedDB.open(name, STEPS.length);
      asked.onupgradeneeded = (event) => {
        for (const step of STEPS.slice(event.oldVersion)) step(asked.result, asked.transaction);
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => {
          asked.result.close();
          opened = null;
          window.dispatchEvent(new Event("gatehouse:newer"));
        };
        done(asked.result);
      };
      asked.onerror = () => failed(asked.error);
    });
  opened.catch(() => (opened = null));
  return opened;
}

async function within(list, mode, act) {
  const db = await open();
  return new Promise((done, failed) => {
    const change = db.transaction(list, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
    let result;
    change.oncomplete = () => done(result);
    change.onerror = change.onabort = () => failed(change.error);
    act(change.objectStore(list), (value) => (result = value));
  });
}

const read = (list, ask) =>
  within(list, "readonly", (store, give) => {
    const asked = ask(store);
    asked.onsuccess = () => give(asked.result);
  });

export const all = (list) => read(list, (store) => store.getAll());
export const get = (list, key) => read(list, (store) => store.get(key));
export const put = (list, value) => within(list, "readwrite", (store) => store.put(value));
export const remove = (list, key) => within(list, "readwrite", (store) => store.delete(key));
export const empty = (list) => within(list, "readwrite", (store) => store.clear());

// Look and write in one go, so that no other tab comes in between. ``decide`` is given what is there, and returns
// what to keep instead; nothing leaves it as it is. The promise is of what is there afterwards.
export const change = (list, key, decide) =>
  within(list, "readwrite", (store, give) => {
    const asked = store.get(key);
    asked.onsuccess = () => {
      const value = decide(asked.result);
      give(value === undefined ? asked.result : value);
      if (value !== undefined) store.put(value);
    };
  });

export async function setting(key, fallback) {
  const found = await get("kept", key);
  return found ? found.value : fallback;
}

export const set = (key, value) => put("kept", { key, value });

// A key that no other device makes; also where the connection is not secured.
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
