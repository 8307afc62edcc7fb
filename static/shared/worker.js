/**
 * The service worker of a page that works without a network: the page and its files come from the
 * phone, whole releases at a time. Data never comes from here: what the server said is in IndexedDB.
 * The server writes the first line: const KEPT = {name, version, page, files, later}.
 */

const CACHE = `${KEPT.name}-${KEPT.version}`;
const OURS = new Set([...KEPT.files, ...KEPT.later]);

/** Ask the server again, so that no half-old file of the HTTP cache gets into a release. */
const fresh = (path) => new Request(path, { cache: "no-cache", credentials: "same-origin" });

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([KEPT.page, ...KEPT.files].map(fresh))));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(tidy());
});

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(`${KEPT.name}-`) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("message", ({ data }) => {
  if (data === "renew") self.skipWaiting();
  if (data === "later") keepLater();
});

async function keepLater() {
  const cache = await caches.open(CACHE);
  for (const path of KEPT.later) if (!(await cache.match(path))) await cache.add(fresh(path)).catch(() => {});
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname === KEPT.page) event.respondWith(kept(KEPT.page, request));
  else if (OURS.has(pathname)) event.respondWith(kept(pathname, request));
});

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}
