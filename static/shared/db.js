/**
 * The phone's memory: plain IndexedDB, one database, a versioned schema.
 *
 * Writing is durable ("strict": on the disk, not only in a cache) and a `write` is one transaction:
 * all of it or none. Where the browser offers no IndexedDB (some private modes), memory takes its
 * place, and `lasting` says so.
 */

/** Store → key path, on the officer's page. `drafts` being written, `outbox` sealed and unsent, `sent` with receipts,
 *  `photos` bytes by hash, `views` what the bureau's feed said last, `answers` to warnings, `kv` single values. */
export const STORES = { drafts: "id", outbox: "id", sent: "id", photos: "hash", views: "key", answers: "id", kv: "key" };
const FIELD = { name: "zaiqing-field", version: 2, stores: STORES };

let chosen = FIELD;

/** @type {Promise<IDBDatabase | null> | null} */
let opened = null;
/** @type {Map<string, Map<string, any>>} */
let memory = emptied(STORES);

function emptied(stores) {
  return new Map(Object.keys(stores).map((store) => [store, new Map()]));
}

/** Another page keeps its own: called before anything is read. @param {{name: string, version: number, stores: Record<string, string>}} base */
export function useBase(base) {
  chosen = base;
  memory = emptied(base.stores);
}

/** @returns {Promise<IDBDatabase | null>} null where there is none */
function database() {
  opened ??= new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open(chosen.name, chosen.version);
    } catch {
      return resolve(null);
    }
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(chosen.stores)) {
        if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store, { keyPath });
      }
    };
    request.onerror = () => resolve(null);
    request.onsuccess = () => {
      const base = request.result;
      // A newer page in another tab must be able to upgrade; a closed base is opened anew when asked for.
      base.onversionchange = () => (base.close(), (opened = null));
      base.onclose = () => (opened = null);
      resolve(base);
    };
  });
  return opened;
}

/** Whether what is written outlives the page. */
export const lasting = async () => (await database()) !== null;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @param {string} store @param {string} key @returns {Promise<any>} undefined when absent */
export async function one(store, key) {
  const base = await database();
  if (!base) return structuredClone(memory.get(store).get(key));
  return answered(base.transaction(store).objectStore(store).get(key));
}

/** @param {string} store @returns {Promise<any[]>} */
export async function all(store) {
  const base = await database();
  if (!base) return structuredClone([...memory.get(store).values()]);
  return answered(base.transaction(store).objectStore(store).getAll());
}

/**
 * Several stores as they stand at one moment: a row on its way from one to another is seen exactly once.
 * @param {string[]} stores @returns {Promise<any[][]>}
 */
export async function allOf(stores) {
  const base = await database();
  if (!base) return stores.map((store) => structuredClone([...memory.get(store).values()]));
  const transaction = base.transaction(stores);
  return Promise.all(stores.map((store) => answered(transaction.objectStore(store).getAll())));
}

/** @param {string} store @returns {Promise<string[]>} */
export async function keys(store) {
  const base = await database();
  if (!base) return [...memory.get(store).keys()];
  return /** @type {any} */ (answered(base.transaction(store).objectStore(store).getAllKeys()));
}

/**
 * Change several stores at once, durably.
 * @param {Record<string, {put?: any[], remove?: string[]}>} changes by store
 * @returns {Promise<void>} resolves when it is on the disk
 */
export async function write(changes) {
  const base = await database();
  if (!base) return remember(changes);
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(Object.keys(changes), "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
    for (const [store, { put = [], remove = [] }] of Object.entries(changes)) {
      const target = transaction.objectStore(store);
      for (const key of remove) target.delete(key);
      for (const value of put) target.put(value);
    }
  });
}

function remember(changes) {
  for (const [store, { put = [], remove = [] }] of Object.entries(changes)) {
    for (const key of remove) memory.get(store).delete(key);
    for (const value of put) memory.get(store).set(value[chosen.stores[store]], structuredClone(value));
  }
}

/** One single value. @param {string} key */
export const recall = async (key) => (await one("kv", key))?.value;

/** @param {string} key @param {any} value */
export const keep = (key, value) => write({ kv: { put: [{ key, value }] } });
