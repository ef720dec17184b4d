// sumOf gives the SHA-256 as an integrity attribute has it.
export async function sumOf(bytes) {
  return "sha256-" + btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))));
}
