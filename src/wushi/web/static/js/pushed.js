// The service worker's part for web push: show what came, and open what it is about. It holds no names: title, sentence, link.
self.addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch { /* nothing readable: something has happened all the same */ }
  const more = { body: told.text ?? "", tag: told.key ?? "wushi", icon: "/static/favicon.svg", lang: "zh-CN", data: { link: told.link ?? "/work/inbox/" } };
  event.waitUntil(self.registration.showNotification(told.title ?? "无事", more));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.link ?? "/", self.location.origin);
  if (wanted.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((open) => {
      const there = open.find((one) => new URL(one.url).pathname === wanted.pathname);
      return there ? there.focus() : self.clients.openWindow(wanted.href);
    }),
  );
});
