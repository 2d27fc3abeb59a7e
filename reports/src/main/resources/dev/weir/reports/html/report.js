"use strict";
(() => {
  const root = document.documentElement;
  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.getElementById("theme").addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
  });

  const tip = document.getElementById("tip");
  const show = (element, x, y) => {
    tip.textContent = element.dataset.tip;
    tip.hidden = false;
    const left = Math.min(x + 14, window.innerWidth - tip.offsetWidth - 8);
    const below = y + 18 + tip.offsetHeight < window.innerHeight;
    tip.style.left = Math.max(8, left) + "px";
    tip.style.top = (below ? y + 18 : y - tip.offsetHeight - 10) + "px";
  };
  document.addEventListener("mousemove", (event) => {
    const element = event.target.closest("[data-tip]");
    if (element) show(element, event.clientX, event.clientY);
    else tip.hidden = true;
  });
  document.addEventListener("focusin", (event) => {
    const element = event.target.closest("[data-tip]");
    if (!element) return;
    const box = element.getBoundingClientRect();
    show(element, box.left, box.bottom - 12);
  });
  document.addEventListener("focusout", () => { tip.hidden = true; });

  // One tile of a pipeline in all epochs.
  for (const mark of document.querySelectorAll(".mark")) {
    const all = mark.closest("table").querySelectorAll(`[data-tile="${mark.dataset.tile}"]`);
    const highlight = (on) => all.forEach((other) => other.classList.toggle("same", on));
    mark.addEventListener("mouseenter", () => highlight(true));
    mark.addEventListener("mouseleave", () => highlight(false));
  }

  // What goes on beyond an edge fades out there.
  const markMore = (element) => {
    const hidden = element.scrollWidth - element.clientWidth;
    element.classList.toggle("more-left", element.scrollLeft > 1);
    element.classList.toggle("more-right", hidden - element.scrollLeft > 1);
  };
  const scrolled = document.querySelectorAll(".scroll, nav");
  const markAll = () => scrolled.forEach(markMore);
  scrolled.forEach((element) => element.addEventListener("scroll", () => markMore(element)));
  window.addEventListener("resize", markAll);
  markAll();

  for (const button of document.querySelectorAll("button.copy")) {
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      const code = button.closest("details").querySelector("code");
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "copied";
      } catch {
        const range = document.createRange();
        button.closest("details").open = true;
        range.selectNodeContents(code);
        window.getSelection().removeAllRanges();
        window.getSelection().addRange(range);
        button.textContent = document.execCommand("copy") ? "copied" : "selected: press Ctrl+C";
      }
      window.setTimeout(() => { button.textContent = "copy"; }, 2000);
    });
  }
})();
