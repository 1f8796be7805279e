// What moves on every page: light and dark, keyboard shortcuts, copy buttons. Pages are complete without it.
import { copyButtons } from "./copy.js";
import { shortcuts } from "./keys.js";
import { tintButton } from "./tint.js";

tintButton(document);
copyButtons(document);
shortcuts(document);
