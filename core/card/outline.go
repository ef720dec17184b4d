package card

import "math"

// circle is a polygon whose sides leave a true circle by less than a twentieth of a pixel.
func circle(at point, radius float64) []point {
	const far = 0.05
	sides := max(8, int(math.Ceil(math.Pi/math.Acos(1-math.Min(far/radius, 0.5)))))
	out := make([]point, sides)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(sides))
		out[i] = point{at.x + radius*cos, at.y + radius*sin}
	}
	return out
}

// strokes are the polygons of a line: one for each dash, or one for all of it. Corners are mitred,
// which suits the gentle ones that curves have.
func strokes(points []point, width, dash float64) [][]point {
	var out [][]point
	for _, piece := range dashes(points, dash) {
		if outline := thickened(piece, width/2); outline != nil {
			out = append(out, outline)
		}
	}
	return out
}

// thickened goes along one side of a line and back along the other.
func thickened(line []point, half float64) []point {
	var at, along []point // places, and the unit direction that follows each
	for _, p := range line {
		if n := len(at); n > 0 {
			dx, dy := p.x-at[n-1].x, p.y-at[n-1].y
			length := math.Hypot(dx, dy)
			if length < 1e-6 {
				continue
			}
			along = append(along, point{dx / length, dy / length})
		}
		at = append(at, p)
	}
	n := len(at)
	if n < 2 {
		return nil
	}
	outline := make([]point, 2*n)
	for i, p := range at {
		before, after := along[max(i-1, 0)], along[min(i, n-2)]
		// The mitre lies along the sum of the normals, as long as the angle makes it, but no more than twice the half.
		nx, ny := before.y+after.y, -before.x-after.x
		square := nx*nx + ny*ny
		reach := half * math.Min(2/math.Max(square, 1e-9), 2/math.Sqrt(math.Max(square, 1e-9)))
		outline[i] = point{p.x + nx*reach, p.y + ny*reach}
		outline[2*n-1-i] = point{p.x - nx*reach, p.y - ny*reach}
	}
	return outline
}

// dashes cuts a line into pieces of a length, with as much left out after each.
func dashes(points []point, dash float64) [][]point {
	if dash <= 0 {
		return [][]point{points}
	}
	var out [][]point
	var piece []point
	drawing, left := true, dash
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		for done := 0.0; done < length; {
			step := math.Min(left, length-done)
			at := func(d float64) point { return point{a.x + (b.x-a.x)*d/length, a.y + (b.y-a.y)*d/length} }
			if drawing {
				if piece == nil {
					piece = []point{at(done)}
				}
				piece = append(piece, at(done+step))
			}
			done += step
			left -= step
			if left <= 1e-9 {
				if drawing {
					out = append(out, piece)
				}
				piece, drawing, left = nil, !drawing, dash
			}
		}
	}
	if drawing && piece != nil {
		out = append(out, piece)
	}
	return out
}
