// Copying, filtering and unfolding of a report. Runs in the browser; without it everything is still readable.
(() => {
  document.documentElement.dataset.scripted = "";
  const sections = [...document.querySelectorAll(".scenario")];

  async function copy(button) {
    const code = button.parentElement.querySelector("code");
    getSelection().selectAllChildren(code);
    const isCopied = await navigator.clipboard?.writeText(code.textContent).then(
      () => true,
      () => false,
    );
    // Where the clipboard is not granted, the selection is copied the old way, or is left for the reader's keys.
    const label = isCopied || document.execCommand("copy") ? "Copied" : "Selected";
    button.textContent = label;
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1_600);
  }

  function filter(query) {
    const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
    let matches = 0;
    for (const row of document.querySelectorAll(".scenarios tbody tr")) {
      const text = row.textContent.toLowerCase();
      const isMatch = words.every((word) => text.includes(word));
      row.hidden = !isMatch;
      sections[Number(row.dataset.scenario)].hidden = !isMatch;
      if (isMatch) matches += 1;
    }
    document.getElementById("no-match").hidden = matches > 0;
  }

  function filterOrders(input) {
    const section = input.closest(".orders");
    const query = input.value.toLowerCase().trim();
    let matches = 0;
    for (const order of section.querySelectorAll(".order")) {
      order.hidden = !order.textContent.toLowerCase().includes(query);
      if (!order.hidden) matches += 1;
    }
    // Found orders are not left in a folded group.
    for (const group of section.querySelectorAll(".order-group")) {
      group.hidden = group.querySelector(".order:not([hidden])") === null;
      if (query !== "") group.open = true;
    }
    section.querySelector(".empty").hidden = matches > 0;
  }

  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.matches(".scenario, .order")) return;
    for (let folded = target; folded !== null; folded = folded.parentElement?.closest("details") ?? null) {
      folded.open = true;
    }
    target.scrollIntoView();
  }

  const setOpen = (isOpen) => () => {
    for (const section of sections) section.open = isOpen;
  };
  for (const button of document.querySelectorAll(".copy")) button.addEventListener("click", () => copy(button));
  document.getElementById("filter")?.addEventListener("input", (event) => filter(event.target.value));
  for (const input of document.querySelectorAll(".order-filter"))
    input.addEventListener("input", () => filterOrders(input));
  document.getElementById("open-all")?.addEventListener("click", setOpen(true));
  document.getElementById("close-all")?.addEventListener("click", setOpen(false));
  // Whoever captures a page as a whole does not scroll: what is open and not too much is drawn when there is time.
  const DRAWN_WHEN_IDLE = 12;
  const undrawn = [...document.querySelectorAll(".scenario[open] .timeline")];
  const whenIdle = window.requestIdleCallback ?? ((callback) => setTimeout(callback, 50));
  function drawNext() {
    const next = undrawn.find(({ dataset }) => dataset.drawn === undefined);
    if (next === undefined) return;
    next.dispatchEvent(new CustomEvent("draw-timeline", { bubbles: true }));
    whenIdle(drawNext);
  }
  if (undrawn.length <= DRAWN_WHEN_IDLE) whenIdle(drawNext);
  addEventListener("hashchange", openTarget);
  openTarget();
})();
