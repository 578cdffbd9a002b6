// Whose draft it is: "draft:<who>:<form>". Drafts are readable on the device, so those of somebody else go at once.
const OWN = "draft:";
// '' for nobody: what was begun before signing in goes on afterwards
const who = () => document.body?.dataset.who ?? "";

export const names = (form) => [...new Set([`${OWN}${who()}:${form}`, `${OWN}:${form}`])];

function dropWhere(goes) {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(OWN) && goes(name)) localStorage.removeItem(name);
  } catch { /* storage may be switched off */ }
}

// Sent, or thrown away. Whose it was is not asked: a copy of a page that is everybody's does not know it.
export const dropDraft = (form) => dropWhere((name) => name.endsWith(`:${form}`));

export const dropAll = () => dropWhere(() => true);

// Signed out, signed in as another, session over: the page of whoever is here now takes the others' drafts away.
export function dropOthers() {
  const mine = [`${OWN}${who()}:`, `${OWN}:`];
  dropWhere((name) => !mine.some((start) => name.startsWith(start)));
}
