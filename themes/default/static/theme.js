// Runs before the first paint, so that a chosen colour scheme never flashes the other one.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const tint = localStorage.getItem("tint");
    if (tint === "light" || tint === "dark") root.dataset.tint = tint;
    if (localStorage.getItem("density") === "dense") root.dataset.density = "dense";
  } catch {
    // Storage may be forbidden; the system's colours are right then.
  }
})();
