// Work that a browser does before more is let through from a network that has sent much: ALTCHA's challenge with PBKDF2, solved
// by trying numbers one after the other. The server made it, checks it, and takes each solution once.
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexed = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export async function solve(part) {
  const line = part.querySelector("[role=status]");
  const challenge = JSON.parse(part.dataset.puzzle);
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  if (!window.crypto?.subtle) { // only there over https, or on one's own machine
    line.textContent = part.dataset.cannot;
    return;
  }
  line.textContent = part.dataset.working;
  const password = new Uint8Array(20);
  password.set(bytes(nonce));
  for (let counter = 0; ; counter += 1) {
    new DataView(password.buffer).setUint32(16, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
    const derivedKey = hexed(await crypto.subtle.deriveBits(how, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) {
      part.querySelector("input").value = btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
      line.textContent = part.dataset.solved;
      return;
    }
  }
}
