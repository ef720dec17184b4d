// A link as a QR code. Fetched when somebody asks for one.
import { correction, generate } from "lean-qr";
import { toSvg } from "lean-qr/extras/svg";

// The most modules on a side that a phone reads off a screen with ease: version 25 of ISO/IEC 18004 has 117, and holds
// 1,273 bytes with the least correction of errors.
const largest = 25;
const tooMuch = 4; // the library's number for an error: too much data

// code gives the drawing, dark on light for readers that know no other, with the four modules of quiet around it that the standard asks for, or undefined if the text is too long.
export function code(text) {
  let bitmap;
  try {
    bitmap = generate(text, { minCorrectionLevel: correction.L, maxVersion: largest });
  } catch (error) {
    if (error.code !== tooMuch) throw error;
    return undefined;
  }
  const drawing = toSvg(bitmap, document, { on: "#15181B", off: "#FFFFFF", pad: 4 });
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", "QR code of the link");
  return drawing;
}
