// Buttons that copy the text of another element: <button data-copy="ID" data-done="Copied" hidden>.

const SHOWN_FOR = 2000;

/**
 * Show the copy buttons of a page and make them work.
 * @param {Document} document
 */
export function copyButtons(document) {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    const label = button.textContent ?? "";
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy ?? "");
      if (!source) return;
      if (!(await copyText(source.textContent ?? ""))) {
        select(source);
        return;
      }
      button.textContent = button.dataset.done ?? label;
      setTimeout(() => {
        button.textContent = label;
      }, SHOWN_FOR);
    });
  }
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether the text is in the clipboard
 */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Select an element's text, for the reader to copy by hand where the browser forbids it to us.
 * @param {Element} element
 */
function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}
