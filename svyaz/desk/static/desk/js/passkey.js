// Passkeys: a form [data-passkey=create|get] asks the device before it is sent, and sends the answer as [data-credential].
// What is asked for stands in data-options, or comes from the address in data-options-from.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form || form.dataset.answered) return;
  event.preventDefault();
  say(form, "");
  if (!window.PublicKeyCredential) return say(form, "missing");
  try {
    const publicKey = readable(await wanted(form));
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.querySelector("[data-credential]").value = JSON.stringify(sendable(credential));
  } catch {
    return say(form, "refused");
  }
  form.dataset.answered = "yes";
  form.submit();
});

async function wanted(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options.publicKey;
}

// The server writes bytes as base64url; the device wants them as bytes.
function readable(options) {
  const listed = (keys) => keys?.map((key) => ({ ...key, id: toBytes(key.id) }));
  return {
    ...options,
    challenge: toBytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: toBytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: listed(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: listed(options.allowCredentials) }),
  };
}

function sendable(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function say(form, what) {
  for (const words of ["refused", "missing"]) form.querySelector(`[data-passkey-${words}]`).hidden = words !== what;
}
