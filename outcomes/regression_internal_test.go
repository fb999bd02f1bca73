package outcomes

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestReducedByBlocks: the triangle that large designs are reduced to, block by block, is that of their QR
// decomposition: R'R is Z'WZ, and R'Q'y is Z'Wy, whatever the signs.
func TestReducedByBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for _, n := range []int{block + 1, 3 * block, 3*block + 517} {
		rows, y, w := make([][]float64, n), make([]float64, n), make([]float64, n)
		for i := range rows {
			rows[i] = []float64{r.NormFloat64(), 1e6 + r.NormFloat64(), 0}
			if i == n-1 { // only the last row varies in it, so that it is 0 in a scaled block but for its mean
				rows[i][2] = 1
			}
			y[i], w[i] = r.NormFloat64(), r.Float64()
		}
		w[0], w[n/2] = 0, 1e-12
		d, err := newDesign("test", []string{"a", "b", "c"}, rows, n)
		if err != nil {
			t.Fatal(err)
		}
		for _, weights := range [][]float64{nil, w} {
			tri, qy := d.triangle(y, weights)
			for i := range 4 {
				for j := range 5 {
					var got float64
					var want total
					size := 0.0
					for k := range 4 {
						if j < 4 {
							got += tri.At(k, i) * tri.At(k, j)
						} else {
							got += tri.At(k, i) * qy[k]
						}
					}
					for k := range n {
						z := d.z.RawRowView(k)
						v := z[i] * y[k]
						if j < 4 {
							v = z[i] * z[j]
						}
						if weights != nil {
							v *= w[k]
						}
						want.add(v)
						size += math.Abs(v)
					}
					if math.Abs(got-want.value()) > 1e-13*size {
						t.Errorf("%d rows, column %d by %d: %v, not %v", n, i, j, got, want.value())
					}
				}
			}
		}
	}
}
