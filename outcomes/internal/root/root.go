// Package root finds a zero of a function of one variable between two given points.
package root

import "math"

// Brent returns a zero of f between a and b, where f takes the values fa and fb of opposite sign (or
// zero). It stops when the bracket is narrower than tol plus four units in the last place, and reports
// false when it has not got there in maxIter evaluations or f is not a number.
//
// The algorithm is Brent's zeroin (Algorithms for Minimization without Derivatives, 1973, chapter 4) with
// the stopping rule that R's uniroot uses, so that an answer that depends on where the search stops (the
// root of a step function) is the answer that R gives.
func Brent(f func(float64) float64, a, b, fa, fb, tol float64, maxIter int) (float64, bool) {
	c, fc := a, fa
	if fa == 0 {
		return a, true
	}
	if fb == 0 {
		return b, true
	}
	const epsilon = 0x1p-52
	for range maxIter {
		prev := b - a
		if math.Abs(fc) < math.Abs(fb) {
			a, b, c = b, c, b
			fa, fb, fc = fb, fc, fb
		}
		tolAct := 2*epsilon*math.Abs(b) + tol/2
		step := (c - b) / 2
		if math.Abs(step) <= tolAct || fb == 0 {
			return b, true
		}
		if math.Abs(prev) >= tolAct && math.Abs(fa) > math.Abs(fb) {
			var p, q float64
			cb := c - b
			if a == c {
				t1 := fb / fa
				p = cb * t1
				q = 1 - t1
			} else {
				q = fa / fc
				t1 := fb / fc
				t2 := fb / fa
				p = t2 * (cb*q*(q-t1) - (b-a)*(t1-1))
				q = (q - 1) * (t1 - 1) * (t2 - 1)
			}
			if p > 0 {
				q = -q
			} else {
				p = -p
			}
			if p < 0.75*cb*q-math.Abs(tolAct*q)/2 && p < math.Abs(prev*q/2) {
				step = p / q
			}
		}
		if math.Abs(step) < tolAct {
			step = math.Copysign(tolAct, step)
		}
		a, fa = b, fb
		b += step
		fb = f(b)
		if math.IsNaN(fb) {
			return b, false
		}
		if (fb > 0 && fc > 0) || (fb < 0 && fc < 0) {
			c, fc = a, fa
		}
	}
	return b, false
}

// Solve returns a zero of f between a and b to full precision. It reports false when f does not change
// sign between them.
func Solve(f func(float64) float64, a, b float64) (float64, bool) {
	fa, fb := f(a), f(b)
	if math.IsNaN(fa) || math.IsNaN(fb) || (fa > 0 && fb > 0) || (fa < 0 && fb < 0) {
		return 0, false
	}
	return Brent(f, a, b, fa, fb, 0, 400)
}
