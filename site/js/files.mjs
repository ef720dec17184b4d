// What the scripts fetch, by plain name: address, size in bytes, and SHA-256 in the form that browsers check. The build writes it in.
export const files = FILES;
