// What pages can do beyond HTML, and only that: everything also works without this script.
"use strict";

// "/" goes to the search field, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  }
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (search) {
    event.preventDefault();
    search.focus();
  }
});

// On a phone the menu is a strip that scrolls: the entry of this page stands in sight.
const here = document.querySelector(".site-nav [aria-current]");
if (here) {
  const strip = here.closest("ul");
  const [entry, seen] = [here.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += entry.left + entry.width / 2 - (seen.left + seen.width / 2);
}

// A click elsewhere closes a menu.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// A form is sent once: its buttons rest after the first click, until somebody comes back to the page. Not those of what
// opens beside the page, or is downloaded (<form data-again>): there nobody leaves it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const opensBeside = event.submitter?.formTarget === "_blank";
  if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset || opensBeside) return;
  // After the browser has collected what is sent: a disabled button would be left out.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true;
  });
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[method=post] button:disabled")) button.disabled = false;
});

// The first thing to do after a form that was refused is to read why.
const summary = document.querySelector("[role=alert][tabindex]");
if (summary) summary.focus();

// Questions that belong to some choices only: <fieldset data-for-choice="#block" data-choices="a b"> shows, and is sent,
// while one of them is chosen.
function followChoice(select) {
  function show() {
    for (const part of document.querySelectorAll(`[data-for-choice="#${select.id}"]`)) {
      const fits = select.value !== "" && part.dataset.choices.split(" ").includes(select.value);
      part.hidden = part.disabled = !fits;
    }
  }
  select.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}

const choices = [...document.querySelectorAll("[data-for-choice]")].map((part) => part.dataset.forChoice);
for (const choice of new Set(choices)) followChoice(document.querySelector(choice));

// What only works with this script shows only with it: <... hidden data-copy="#field" / data-colour-of="#field" /
// data-empties="#field">. A copied link, a colour that is picked rather than typed, a field that is emptied.
function offerCopies(part) {
  for (const button of part.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).value);
      button.textContent = button.dataset.copied;
    });
  }
}
offerCopies(document);
for (const picker of document.querySelectorAll("[data-colour-of]")) {
  const field = document.querySelector(picker.dataset.colourOf);
  picker.hidden = false;
  picker.addEventListener("input", () => { field.value = picker.value; });
  field.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(field.value.trim())) picker.value = field.value.trim().toLowerCase();
  });
}
for (const button of document.querySelectorAll("[data-empties]")) {
  button.hidden = false;
  button.addEventListener("click", () => { document.querySelector(button.dataset.empties).value = ""; });
}

// A live preview: <form data-preview-url="/..." data-preview-target="#..."> is sent whenever something changes, and the
// answer, a piece of our own HTML, takes the place of what the target holds. A form that is sent with GET says it all in
// its address: then the address of the page follows.
const PAUSE = 250;

function preview(form) {
  const target = document.querySelector(form.dataset.previewTarget);
  let timer;
  let running;
  async function refresh() {
    if (running) running.abort();
    running = new AbortController();
    target.setAttribute("aria-busy", "true");
    try {
      const said = new FormData(form);
      const asked = form.method === "get" ? `${form.dataset.previewUrl}?${new URLSearchParams(said)}` : null;
      const answer = await fetch(asked ?? form.dataset.previewUrl, {
        method: form.method,
        body: asked ? null : said,
        headers: { "X-Requested-With": "preview" },
        signal: running.signal,
      });
      if (answer.ok || answer.status === 422) {
        target.innerHTML = await answer.text();
        offerCopies(target);
        if (asked) history.replaceState(history.state, "", asked);
      }
      target.removeAttribute("aria-busy");
    } catch (error) {
      if (error.name !== "AbortError") target.removeAttribute("aria-busy");
    }
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  }
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
}

for (const form of document.querySelectorAll("form[data-preview-url][data-preview-target]")) preview(form);

// What runs in the background: <... data-poll="/..."> asks again for what it holds as long as that says <... data-runs>.
// Only the pieces in it (<... data-piece="name">) that differ take a new place, so that the focus stays where it is and a
// screen reader says what is new and no more; of a piece that held the focus, what has the same id gets it again.
const LOOK_AGAIN = 1500;

function follow(part) {
  if (!part.querySelector("[data-runs]")) return;
  function put(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    for (const piece of part.querySelectorAll("[data-piece]")) {
      const next = fresh.content.querySelector(`[data-piece="${piece.dataset.piece}"]`);
      if (!next || next.innerHTML === piece.innerHTML) continue;
      const held = piece.contains(document.activeElement) ? document.activeElement : null;
      piece.innerHTML = next.innerHTML;
      if (!held) continue;
      part.tabIndex = -1; // what was there is over: whoever was on it goes on from here
      ((held.id && document.getElementById(held.id)) || part).focus({ preventScroll: true });
    }
  }
  setTimeout(async () => {
    try {
      const answer = await fetch(part.dataset.poll, { headers: { "X-Requested-With": "poll" } });
      if (answer.ok && !answer.redirected) put(await answer.text());
    } catch { /* the server restarts: look again later */ }
    follow(part);
  }, LOOK_AGAIN);
}

for (const part of document.querySelectorAll("[data-poll]")) follow(part);
