package chart

// Advance widths of Figure Sans (a subset of Source Sans 3) in thousandths of
// the font size for the characters from space to tilde, read from the font file
// that the site ships. Charts place labels with them, so that the build, the
// browser and an exported picture agree on what fits.
var (
	regularWidths = [95]uint16{
		200, 289, 426, 497, 497, 824, 609, 249, 303, 303, 418, 497, 249, 311, 249, 350,
		497, 497, 497, 497, 497, 497, 497, 497, 497, 497, 249, 249, 497, 497, 497, 425,
		847, 543, 588, 571, 615, 527, 494, 617, 652, 263, 479, 579, 486, 727, 647, 664,
		566, 664, 569, 534, 536, 645, 515, 786, 513, 476, 539, 303, 350, 303, 497, 500,
		542, 504, 553, 456, 555, 496, 292, 504, 544, 246, 247, 495, 255, 829, 547, 542,
		555, 555, 347, 419, 338, 544, 467, 719, 446, 467, 425, 303, 241, 303, 497,
	}
	semiboldWidths = [95]uint16{
		200, 315, 482, 513, 513, 841, 639, 275, 324, 324, 438, 513, 275, 322, 275, 344,
		513, 513, 513, 513, 513, 513, 513, 513, 513, 513, 275, 275, 513, 513, 513, 444,
		875, 558, 597, 576, 625, 538, 509, 628, 663, 282, 494, 597, 502, 745, 657, 674,
		581, 674, 591, 545, 546, 655, 536, 800, 540, 501, 540, 324, 344, 324, 513, 500,
		549, 516, 563, 462, 564, 507, 317, 519, 558, 261, 263, 522, 271, 843, 560, 549,
		564, 564, 373, 431, 361, 556, 495, 748, 480, 494, 443, 324, 254, 324, 513,
	}
)

// otherWidth stands for characters outside the table: the width of a digit,
// which the times sign, the en dash and the minus sign have too.
const otherWidth = 500

// textWidth is the width of a line of text in pixels at the given size.
func textWidth(text string, size float64, semibold bool) float64 {
	widths := &regularWidths
	if semibold {
		widths = &semiboldWidths
	}
	sum := 0
	for _, r := range text {
		switch {
		case r >= ' ' && r <= '~':
			sum += int(widths[r-' '])
		case r == '\u00a0' || r == '\u202f': // no-break spaces
			sum += int(widths[0])
		default:
			sum += otherWidth
		}
	}
	return float64(sum) * size / 1000
}
