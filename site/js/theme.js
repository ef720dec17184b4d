// The reader's choice of colours, applied before the first paint. Storage may be forbidden: then the system's choice holds.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch {}
