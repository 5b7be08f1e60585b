// Keeps a page for when there is no signal. GIVEN stands before this: its name, its parts and their release.
// What people write is not here but in the page's own store, which outlives every release.

const CACHE = `${GIVEN.name}-${GIVEN.release}-${GIVEN.language}`;

// What has its release in its address never changes: the page has just loaded it, and it is not asked for again.
const isFixed = (address) => address.includes(`/${GIVEN.release}/`);

self.addEventListener("install", (event) => {
  const cache = (address) => (isFixed(address) ? "default" : "reload");
  const parts = GIVEN.shell.map((address) => new Request(address, { cache: cache(address), credentials: "omit" }));
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(parts))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const drop = (names) => names.filter((name) => name.startsWith(`${GIVEN.name}-`) && name !== CACHE);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(drop(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const isPage = request.mode === "navigate" && address.pathname === GIVEN.page;
  if (!isPage && !GIVEN.shell.includes(address.pathname)) return;
  const key = isPage ? GIVEN.kept : address.pathname;
  const keep = () => caches.open(CACHE).then((cache) => cache.match(key, { ignoreVary: true })); // the key says all that it depends on
  const isAsked = isPage && address.searchParams.has("language"); // another language, if there is a signal
  event.respondWith(isAsked ? fetch(request).catch(keep) : keep().then((kept) => kept || fetch(request)));
});
