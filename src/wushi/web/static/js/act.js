// Without signal: the form for the deed in the address, sent to that address later.
const found = /^\/work\/cases\/[0-9a-f-]{36}\/(\w+)\//.exec(location.pathname);
for (const form of document.querySelectorAll("form[data-act]")) {
  form.hidden = form.dataset.act !== found?.[1];
  if (found) form.action = location.pathname;
}
