// IndexedDB in four words. Shared by the pages and the service worker (which gets this file without its exports).
const STORES = ["queue", "keys"];

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("wushi", 1);
    asked.onupgradeneeded = () => {
      for (const name of STORES) asked.result.createObjectStore(name, { keyPath: "id" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function inStore(name, mode, deed) {
  const db = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const move = db.transaction(name, mode);
      const asked = deed(move.objectStore(name));
      move.oncomplete = () => resolve(asked.result);
      move.onerror = move.onabort = () => reject(move.error);
    });
  } finally {
    db.close();
  }
}

export const put = (name, row) => inStore(name, "readwrite", (store) => store.put(row));
export const get = (name, id) => inStore(name, "readonly", (store) => store.get(id));
export const all = (name) => inStore(name, "readonly", (store) => store.getAll());
export const drop = (name, id) => inStore(name, "readwrite", (store) => store.delete(id));
