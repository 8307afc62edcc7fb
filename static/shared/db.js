/**
 * The phone's memory: IndexedDB as it is, behind promises. Writes are durable before they resolve
 * (`durability: "strict"`): a report on the phone must outlive a flat battery.
 *
 * Stores, by their key:
 * - `kept` (name): what the server said last and the page needs offline: me, catalogue, areas, feed.
 * - `drafts` (id): what is being written, or was refused.
 * - `outbox` (id): what was sealed, with its receipt once there is one.
 * - `photos` (hash): the bytes of photos until the server has them.
 * - `views` (key): reports and events as the feed shows them.
 */

const NAME = "zaiqing";
/** Each entry brings the schema from version n to n + 1. An entry, once released, never changes. */
const STEPS = [
  (db) => {
    db.createObjectStore("kept", { keyPath: "name" });
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("outbox", { keyPath: "id" });
    db.createObjectStore("photos", { keyPath: "hash" });
    db.createObjectStore("views", { keyPath: "key" });
  },
];

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, STEPS.length);
    request.onupgradeneeded = ({ oldVersion }) => STEPS.slice(oldVersion).forEach((step) => step(request.result));
    request.onsuccess = () => {
      const db = request.result;
      // A newer page in another tab wants to change the schema, or the browser closed it: open anew next time.
      db.onversionchange = () => { db.close(); opened = null; };
      db.onclose = () => { opened = null; };
      resolve(db);
    };
    request.onerror = () => { opened = null; reject(request.error); };
    request.onblocked = () => reject(new Error("blocked by an older page"));
  });
  return opened;
}

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {string} store @param {IDBValidKey} key @returns {Promise<any>} undefined if absent */
export async function read(store, key) {
  return done((await open()).transaction(store).objectStore(store).get(key));
}

/** Everything in a store, by key. @param {string} store @returns {Promise<any[]>} */
export async function all(store) {
  return done((await open()).transaction(store).objectStore(store).getAll());
}

/**
 * Change several stores at once, all or nothing. `work` must only wait for requests of this
 * transaction, else the browser ends it.
 * @template T
 * @param {string[]} stores
 * @param {(tx: Transaction) => Promise<T> | T} work
 * @returns {Promise<T>} once it is on the disk
 *
 * @typedef {object} Transaction
 * @property {(store: string, key: IDBValidKey) => Promise<any>} read
 * @property {(store: string) => Promise<any[]>} all
 * @property {(store: string, row: any) => void} put
 * @property {(store: string, key: IDBValidKey) => void} remove
 * @property {(store: string) => void} clear
 */
export async function write(stores, work) {
  const tx = (await open()).transaction(stores, "readwrite", { durability: "strict" });
  const finished = new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve(undefined);
    tx.onabort = () => reject(tx.error ?? new Error("the write was given up"));
  });
  const at = (store) => tx.objectStore(store);
  let result;
  try {
    result = await work({
      read: (store, key) => done(at(store).get(key)),
      all: (store) => done(at(store).getAll()),
      put: (store, row) => void at(store).put(row),
      remove: (store, key) => void at(store).delete(key),
      clear: (store) => void at(store).clear(),
    });
  } catch (error) {
    try { tx.abort(); } catch { /* the browser was faster */ }
    finished.catch(() => {});
    throw error;
  }
  await finished;
  return result;
}

/** Put one row. @param {string} store @param {any} row */
export const put = (store, row) => write([store], (tx) => tx.put(store, row));

/** Remember a value by name. @param {string} name @param {any} value */
export const keep = (name, value) => put("kept", { name, value });

/** @param {string} name @returns {Promise<any>} undefined if never kept */
export const kept = async (name) => (await read("kept", name))?.value;
