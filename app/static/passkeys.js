// Passkeys: <form data-passkey="address"> asks the browser for one and sends what it answers in the field `answer`.
// The address tells what to ask: to make a passkey (it names a user) or to show one.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

function asked(options) {
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) {
    made.user = { ...options.user, id: bytes(options.user.id) };
    made.excludeCredentials = keys(options.excludeCredentials);
  } else {
    made.allowCredentials = keys(options.allowCredentials);
  }
  return made;
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function ask(form) {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" };
  const page = await fetch(form.dataset.passkey, { method: "POST", headers });
  if (page.redirected) {
    location.assign(page.url);
    return;
  }
  if (!page.ok) throw new Error(page.statusText);
  const publicKey = asked(await page.json());
  const keeper = navigator.credentials;
  form.elements.answer.value = answered(await (publicKey.user ? keeper.create({ publicKey }) : keeper.get({ publicKey })));
  form.submit();
}

if (window.PublicKeyCredential) {
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.dataset.again = "";
    const fault = form.querySelector("[data-passkey-fault]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      fault.hidden = true;
      ask(form).catch(() => {
        fault.hidden = false;
      });
    });
  }
}
