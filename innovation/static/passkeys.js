// Passkeys: asks the browser for an answer and sends it with the form. Without passkeys the form stays out of sight.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

async function asked(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST", headers: { "X-CSRFToken": form.elements.csrf_token.value }, credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(answer.statusText);
  const options = await answer.json();
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  if (options.excludeCredentials) options.excludeCredentials = described(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = described(options.allowCredentials);
  return options;
}

function written(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

function fit(form) {
  const told = form.querySelector("[data-told]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.textContent = "";
    try {
      const credential = await navigator.credentials[form.dataset.passkey]({ publicKey: await asked(form) });
      form.elements.passkey_token.value = written(credential);
      form.submit();
    } catch {
      told.textContent = form.dataset.failed;
    }
  });
  form.hidden = false;
}

if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(fit);
